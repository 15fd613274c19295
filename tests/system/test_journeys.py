"""The journeys that matter, in Debian's Chromium against the running house; axe on every page they pass."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from anxin.domains.risk.models import Warning
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM
from tests.system.conftest import House
from tests.system.stack import eventually
from tests.system.windows import PHONE, accessible

pytestmark = pytest.mark.browser


def consent_and_begin(page: Page) -> None:
    page.goto("/self-tests/phq-9/consent/")
    page.get_by_role("checkbox").check()
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/self-tests/phq-9/1/"))


def choose(page: Page, name: str, value: object) -> None:
    """Press the row of one answer, as a thumb would."""
    identity = page.locator(f'input[name="{name}"][value="{value}"]').get_attribute("id")
    page.locator(f'label[for="{identity}"]').click()


def answer(page: Page, value: int) -> None:
    """Choose, press next, and arrive."""
    choose(page, "value", value)
    with page.expect_navigation():
        page.locator('button[name="step"][value="next"]').click()


def open_warning() -> Warning:
    def found() -> Warning | None:
        with unit_of_work(SYSTEM):
            return Warning.objects.exclude(state="closed").select_related("deadline").first()

    warning: Warning = eventually("a warning is raised", found)
    return warning


@requirement("R-059", "R-064", "R-066", "R-071")
def test_the_chain_in_two_windows(visit, house: House) -> None:
    board = visit("zhao-ning")
    board.goto("/staff/duty/")
    accessible(board)
    phone = visit("li-qing", size=PHONE)
    consent_and_begin(phone)
    for _ in range(8):
        answer(phone, 0)
    answer(phone, 1)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("先和一个人说说话")
    accessible(phone)
    expect(phone.locator("main")).to_contain_text("柳岸社区心灵驿站")
    warning = open_warning()
    expect(board.locator("#board")).to_contain_text(warning.number, timeout=5000)
    expect(board.locator("#board")).not_to_contain_text("李晴")
    # Untouched, it climbs on time.
    county = visit("sun-lan")
    county.goto("/staff/duty/")
    expect(county.locator("#board")).not_to_contain_text(warning.number)
    house.stack.set_time(warning.raised_at + timedelta(minutes=30, seconds=1))
    expect(county.locator("#board")).to_contain_text(warning.number, timeout=10000)
    # Taken over, assessed, and ended by two.
    county.goto(f"/staff/warnings/{warning.uid}/")
    accessible(county)
    expect(county.locator("main")).to_contain_text("自测中有一题触发安全提醒")
    stranger = visit("chen-mo")
    assert stranger.goto(f"/staff/warnings/{warning.uid}/").status == 404
    leader = visit("zhou-xing")
    assert leader.goto(f"/staff/warnings/{warning.uid}/").status in (403, 404)
    leader.goto("/oversight/")
    expect(leader.locator("body")).not_to_contain_text("李晴")
    accessible(leader)


@requirement("R-020")
def test_at_three_in_the_night_the_county_gets_it(visit, house: House) -> None:
    house.stack.set_time(datetime(2026, 11, 25, 3, 0, tzinfo=clock.LOCAL))
    board = visit("sun-lan")
    board.goto("/staff/duty/")
    phone = visit("li-qing", size=PHONE)
    consent_and_begin(phone)
    phone.goto("/self-tests/phq-9/all/")
    for item in range(1, 10):
        choose(phone, f"q{item}", 1 if item == 9 else 0)
    phone.locator('button[name="step"][value="next"]').click()
    expect(phone.locator("main")).to_contain_text("清禾区心理健康中心")
    expect(board.locator("#board")).to_contain_text(open_warning().number, timeout=5000)


@requirement("R-071", "R-077")
def test_without_javascript_and_without_a_name(visit, house: House) -> None:
    page = visit(size=PHONE, java_script_enabled=False)
    page.goto("/self-tests/phq-9/")
    choose(page, "age_band", "adult")
    choose(page, "how", "anonymous")
    page.locator("main form button[type=submit]").first.click()
    for number in range(1, 9):
        answer(page, 1 if number % 2 else 0)
    expect(page).to_have_url(re.compile("/phq-9/9/"))
    page.go_back()
    expect(page).to_have_url(re.compile("/phq-9/8/"))
    page.go_forward()
    expect(page).to_have_url(re.compile("/phq-9/9/"))
    answer(page, 1)
    expect(page.locator("main")).to_contain_text("12356")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/results/here/"))
    expect(page.locator("main")).to_contain_text("匿名")
    with unit_of_work(SYSTEM):
        assert Warning.objects.count() == 0


def test_a_dead_worker_is_shown_and_does_not_stop_the_climb(visit, house: House) -> None:
    phone = visit("li-qing", size=PHONE)
    consent_and_begin(phone)
    phone.goto("/self-tests/phq-9/9/")
    answer(phone, 2)
    warning = open_warning()
    house.stack.kill("worker")
    with unit_of_work(SYSTEM):
        from anxin.kernel.models import Heartbeat

        Heartbeat.objects.update(real_beat_at=datetime(2026, 1, 1, tzinfo=clock.LOCAL))
    house.stack.set_time(warning.raised_at + timedelta(minutes=31))

    def climbed() -> bool:
        with unit_of_work(SYSTEM):
            return Warning.objects.get(uid=warning.uid).climbed

    eventually("the web process climbs in the worker's place", climbed)
    board = visit("sun-lan")
    board.goto("/staff/duty/")
    expect(board.locator("#board")).to_contain_text(warning.number)
    expect(board.locator('#board [role="alert"]')).to_be_visible()
