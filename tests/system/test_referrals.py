"""A person is referred, turned away, passed on, accepted, fed back and taken back: windows of all sides at once."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anxin.domains.referrals.tests.factories import a_case_in, more_people
from anxin.kernel import clock
from tests.requirements_marker import requirement
from tests.system.conftest import House
from tests.system.windows import DESK, PHONE, accessible

pytestmark = pytest.mark.browser
SECRET = "面谈评估，有过念头"


def take(page: Page, step: str, **fields: str) -> None:
    """One step of the page: open its panel, fill it, send it."""
    panel = page.locator(f"#{step}")
    if panel.get_attribute("open") is None:
        panel.locator("summary").click()
    for name, value in fields.items():
        field = panel.locator(f"[name={name}]")
        if field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        elif field.first.get_attribute("type") == "radio":
            panel.locator(f'[name={name}][value="{value}"]').check(force=True)
        elif field.first.get_attribute("type") == "checkbox":
            if field.first.is_checked() is not (value == "yes"):
                field.first.evaluate("one => one.click()")
        else:
            field.fill(value)
    panel.locator("form button[type=submit]").click()


@requirement("R-082", "R-061")
def test_a_referral_goes_round_and_each_side_sees_what_it_may(visit: Any, house: House) -> None:
    more_people(house.city)
    case = a_case_in(house.city)
    station, centre = visit("zhao-ning", size=DESK), visit("jiang-tong", size=DESK)
    hospital, stranger = visit("luo-yi", size=PHONE), visit("chen-mo", size=PHONE)

    station.goto(f"/staff/referrals/new/?case={case.uid}")
    accessible(station)
    station.locator("#id_to_unit").select_option(label="清禾区心理健康中心")
    for name, value in (("tier", "3"), ("urgency", "routine"), ("legal_basis", "consent")):
        station.locator(f'[name={name}][value="{value}"]').check(force=True)
    station.locator("#id_reason").fill("两周来睡不好，希望进一步帮助。")
    station.locator("#id_basis").fill(f"{SECRET}，没有计划。")
    station.locator("#id_measures").fill("每周见面，家人陪伴。")
    station.get_by_role("button", name="保存草稿并预览").click()
    expect(station.get_by_role("heading", name="对方看到的内容")).to_be_visible()
    accessible(station)
    address = station.url
    shown_to_sender = station.locator("dl", has=station.get_by_text(SECRET)).first.inner_text()
    for page in (centre, hospital, stranger):
        assert page.goto(address).status == 404
    take(station, "consent", how="当面同意，本人签字。", allows_onward="")
    take(station, "send")

    centre.goto("/staff/referrals/")
    accessible(centre)
    centre.get_by_role("link", name="T-1001").click()
    expect(centre.get_by_text("李*")).to_be_visible()
    assert centre.get_by_text("李晴").count() == 0
    assert centre.get_by_role("heading", name="随同材料").count() == 0
    accessible(centre)
    preview = centre.locator("dl", has=centre.get_by_text(SECRET)).first.inner_text()
    for line in ("两周来睡不好，希望进一步帮助。", "每周见面，家人陪伴。", f"{SECRET}，没有计划。"):
        assert line in preview
        assert line in shown_to_sender
    take(centre, "reject", to_unit="云澄市康宁医院", reason="需要医院评估。")
    assert centre.goto(address).status == 404

    station.goto(address)
    expect(station.get_by_text("对方建议转给云澄市康宁医院")).to_be_visible()
    take(station, "widen", how="电话里同意再转。")
    take(station, "send-on", to_unit="石桥县心理健康中心", reason="本人希望就近。")
    other = visit("ye-qiu", size=PHONE)
    other.goto(address)
    accessible(other)
    take(other, "redirect", to_unit="云澄市康宁医院", reason="需要医院评估。")
    assert other.goto(address).status == 404

    hospital.goto(address)
    accessible(hospital)
    take(hospital, "receive")
    take(hospital, "accept")
    expect(hospital.get_by_text("李晴").first).to_be_visible()
    expect(hospital.get_by_role("heading", name="随同材料")).to_be_visible()
    accessible(hospital)
    day = f"{clock.local(clock.now()):%Y}-12-28T09:30"
    take(hospital, "appointment", at=day)
    take(hospital, "attended")
    take(hospital, "note", note="院内记录，只给本方看。")
    assert hospital.locator("[name=diagnosis]").count() == 0  # the person did not agree to it
    take(hospital, "feedback", disposition="back_to_station", advice="规律作息，两周后复评。", returns="yes")

    station.goto(address)
    expect(station.get_by_text("规律作息，两周后复评。").first).to_be_visible()
    assert station.get_by_text("院内记录，只给本方看。").count() == 0
    accessible(station)
    take(station, "take-back")
    take(station, "follow-up", note="已见面，睡眠好转。")
    expect(station.get_by_text("已结束").first).to_be_visible()
    assert stranger.goto(address).status == 404
    stranger.goto("/staff/referrals/?show=ended")
    assert stranger.get_by_text("T-1001").count() == 0
