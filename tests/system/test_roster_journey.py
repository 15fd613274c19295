"""Names come in, slips go out, a guardian decides on a phone: in Debian's Chromium, axe on every page."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from anxin.domains.campaigns.models import Group, Participant
from anxin.domains.campaigns.rules.codes import make_code
from anxin.domains.campaigns.services.consent import issue_guardian_token
from anxin.exchange.tests.rosters import HEADER, csv_bytes, person
from anxin.flows.tests.campaign_ground import open_campaign
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM
from tests.system.conftest import House
from tests.system.windows import DESK, PHONE, accessible

pytestmark = pytest.mark.browser


def table() -> bytes:
    rows = [person(serial) for serial in range(47)]
    number = rows[4][3]
    rows[4][3] = number[:6] + number[7] + number[6] + number[8:]
    rows[9][2], rows[20][5] = "", "?"
    return csv_bytes([HEADER, *rows], encoding="gbk")


@requirement("R-067")
def test_a_roster_is_sent_read_and_printed(visit: Any, house: House, tmp_path: Path) -> None:
    campaign = open_campaign(house.city, state="running", runs_from=clock.now() - timedelta(days=1))
    file = tmp_path / "七年级名单.csv"
    file.write_bytes(table())
    desk = visit("zhao-ning", size=DESK)
    desk.goto(f"/staff/campaigns/{campaign.uid}/roster/")
    accessible(desk)
    desk.locator('input[type="file"]').set_input_files(file)
    desk.get_by_role("button", name="上传文件").click()
    expect(desk.locator("#roster-file h2").first).to_have_text("已完成", timeout=60_000)
    accessible(desk)
    here = desk.url
    desk.get_by_role("link", name="下载标好的文件").click()
    desk.get_by_label("您需要这个文件做什么").fill("改正名册")
    accessible(desk)
    desk.get_by_role("button", name="申请这个文件").click()
    accessible(desk)
    with desk.expect_download() as fetched:
        desk.get_by_role("button", name="现在下载").click()
    assert fetched.value.suggested_filename.endswith(".xlsx")
    phone = visit("zhao-ning", size=PHONE)
    phone.goto(here)
    accessible(phone)
    for page in (desk, phone):
        page.goto(f"/staff/campaigns/{campaign.uid}/roster/")
        accessible(page)
        page.get_by_role("link", name="七年级 1 班", exact=True).click()
        accessible(page)
        page.goto(page.url + "slips/")
        accessible(page)
        page.goto(f"/staff/campaigns/{campaign.uid}/roster/consent/")
        page.get_by_role("button", name="按姓名查看还没答复的人").click()
        accessible(page)
    desk.goto(f"/staff/campaigns/{campaign.uid}/roster/")
    desk.get_by_role("link", name=re.compile("纸条.*1 班")).click()
    assert desk.pdf(format="A4").startswith(b"%PDF")


@pytest.fixture
def child(house: House) -> tuple[Participant, str]:
    campaign = open_campaign(house.city, state="running", runs_from=clock.now() - timedelta(days=1))
    with unit_of_work(SYSTEM):
        group = Group.objects.create(
            campaign=campaign, code=make_code([5, 6, 7, 0, 1, 9]), grade="三年级", name="2 班"
        )
        one = Participant.objects.create(
            campaign=campaign,
            group=group,
            scope_path=campaign.scope_path,
            name="赵安宁",
            identity_index="1" * 64,
            roster_number="7",
            born_on=clock.today().replace(year=clock.today().year - 9, month=3, day=5),
        )
        token = issue_guardian_token(one, clock.now() + timedelta(days=7))
    return one, f"/consent/{token}/"


@requirement("R-037")
@pytest.mark.parametrize("script", [True, False])
def test_a_guardian_decides_on_a_phone_with_and_without_script(
    browser: Browser, house: House, child: tuple[Participant, str], script: bool
) -> None:
    one, address = child
    context = browser.new_context(
        viewport=PHONE, locale="zh-CN", base_url=house.stack.base, java_script_enabled=script
    )
    page = context.new_page()
    page.goto(address)
    if script:
        accessible(page)
    page.get_by_role("button", name="同意孩子参加", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已记下：参加")
    if script:
        accessible(page)
        page.set_viewport_size(DESK)
        accessible(page)
        page.set_viewport_size(PHONE)
    page.get_by_role("button", name="不同意孩子参加").click()
    expect(page.get_by_role("status").first).to_contain_text("已记下：不参加")
    with unit_of_work(SYSTEM):
        one.refresh_from_db()
    assert one.consent == "withdrawn"
    if script:
        page.goto("/consent/gone/")
        accessible(page)
        page.goto("/class/")
        accessible(page)
        page.get_by_role("button", name="继续").click()
        accessible(page)
        page.set_viewport_size(DESK)
        page.goto("/class/")
        accessible(page)
    context.close()


@requirement("R-067")
def test_typing_oneself_in_leads_to_the_questions(
    visit: Any, house: House, child: tuple[Participant, str]
) -> None:
    one, _ = child
    with unit_of_work(SYSTEM):
        Participant.objects.filter(id=one.id).update(born_on="2000-03-05")
        code = Group.objects.get().code
    phone = visit(size=PHONE)
    phone.goto("/class/")
    for name, value in (("code", code), ("number", "7"), ("month", "3"), ("day", "5")):
        phone.locator(f'input[name="{name}"]').fill(value)
    phone.get_by_role("button", name="继续").click()
    expect(phone.locator("h1")).to_contain_text("请您自己决定")
    accessible(phone)
    phone.get_by_role("button", name="我参加", exact=True).click()
    accessible(phone)
    phone.get_by_role("link", name="去填问卷").click()
    expect(phone).to_have_url(re.compile(r"/q/"))
