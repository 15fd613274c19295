"""An archive in Debian's Chromium: begun, read, merged, printed; axe on every page, at a desk and on a phone."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from anxin.domains.archives import api as archives
from anxin.domains.archives.tests.factories import a_draft, an_id_number
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.system.conftest import House
from tests.system.windows import DESK, PHONE, accessible

pytestmark = pytest.mark.browser


@requirement("R-037", "R-061", "R-069")
def test_an_archive_is_opened_read_and_merged(visit: Any, house: House) -> None:
    chen = house.city.actor("chen-mo")
    with unit_of_work(chen):
        archives.open_archive(
            actor=chen,
            unit_uid=house.city.units["WANGQIAO"].uid,
            draft=a_draft(name="林夏", phone="13911113333", id_number="", born_on=date(1990, 5, 8), sex="f"),
        )
    desk, phone = visit("zhao-ning", size=DESK), visit("zhao-ning", size=PHONE)
    for page in (desk, phone):
        page.goto("/staff/archives/")
        accessible(page)
        page.goto("/staff/archives/new/")
        accessible(page)
    desk.locator("#id_name").fill("林夏")
    desk.locator("#id_id_number").fill(an_id_number(date(1990, 5, 8)))
    desk.locator("#id_phone").fill("139 1111 3333")
    desk.get_by_label("说明已经读过").check()
    desk.locator("#id_signed_on").fill("2026-11-24")
    desk.locator("#id_born_on").fill("1991-05-08")
    desk.get_by_role("button", name="建立档案").click()
    accessible(desk)
    expect(desk.get_by_text("出生日期和身份证号对不上").first).to_be_visible()
    desk.locator("#id_born_on").fill("")
    desk.get_by_role("button", name="建立档案").click()
    expect(desk.get_by_role("heading", name="时间线")).to_be_visible()
    expect(desk.get_by_text("林*").first).to_be_visible()
    accessible(desk)
    phone.goto(desk.url)
    accessible(phone)
    desk.get_by_text("和另一份记录合并").click()
    number = desk.get_by_text("望桥社区心灵驿站·电话").locator("xpath=..").inner_text().split()[0]
    desk.get_by_label("另一份记录的编号").fill(number)
    desk.locator("#merge").get_by_label("为什么是同一个人").fill("同一手机号和生日")
    desk.get_by_role("button", name="提出", exact=True).last.click()
    for page in (desk, phone):
        page.goto("/staff/archives/decisions/")
        accessible(page)
        page.goto("/staff/archives/guidance/")
        accessible(page)
        page.goto("/staff/archives/ask/")
        accessible(page)
    other = visit("chen-mo", size=PHONE)
    other.goto("/staff/archives/decisions/")
    accessible(other)
    other.get_by_role("button", name="是同一个人").click()
    expect(other.get_by_text("已合并")).to_be_visible()
    accessible(other)
