"""A participant answers on a phone: with a network, and in a room that has none."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from anxin.domains.campaigns.models import CriticalSignal, Submission
from anxin.domains.risk.models import Warning
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_campaign
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM
from tests.system.conftest import House
from tests.system.stack import eventually
from tests.system.windows import PHONE, accessible

pytestmark = pytest.mark.browser
LIMIT = 100 * 1024
SEALED = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("anxin-questionnaire"); asked.onsuccess = () => done(asked.result); });
  return await new Promise((done) => {
    const asked = base.transaction("sheets").objectStore("sheets").getAll();
    asked.onsuccess = () => done(asked.result); });
}"""


@pytest.fixture
def campaign(house: House) -> small_campaign.SmallCampaign:
    return small_campaign.build(house.city)


def rows(model: Any) -> list[Any]:
    with unit_of_work(SYSTEM):
        return list(model.objects.order_by("id"))


def begin(page: Page, campaign: small_campaign.SmallCampaign, place: int) -> None:
    page.goto(f"/q/#{campaign.campaign.uid}.{campaign.token(place)}")
    page.get_by_role("button", name="开始").click()


def pick(page: Page, code: int) -> None:
    page.locator(f'label:has(input[name="answer"][value="{code}"])').click()
    page.get_by_role("button", name="下一题").click()


@requirement("R-070")
def test_a_student_answers_both_forms_on_a_phone(visit: Any, house: House, campaign: Any) -> None:
    page = visit(size=PHONE)
    begin(page, campaign, 0)
    assert page.url.endswith("/q/"), "the slip is taken out of the address"
    accessible(page)
    page.get_by_role("button", name="下一题").click()
    expect(page.get_by_role("alert")).to_be_visible()
    for code in [0, 1, 2, 3, 0, 0, 0, 0, 0, *[1] * 7]:
        pick(page, code)
    expect(page.get_by_role("heading", name="已交卷，谢谢您")).to_be_visible()
    accessible(page)
    first, second = rows(Submission)
    assert (first.answers, second.answers) == ([0, 1, 2, 3, 0, 0, 0, 0, 0], [1] * 7)
    assert {first.channel, second.channel} == {"online"}
    assert page.evaluate(SEALED) == [], "what has arrived stays nowhere on the device"
    assert page.evaluate("sessionStorage.length") == 0


@requirement("R-068", "R-073")
def test_without_a_network_help_is_honest_and_the_sheet_is_sealed_and_arrives_once(
    visit: Any, house: House, campaign: Any
) -> None:
    page = visit(size=PHONE)
    begin(page, campaign, 1)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.reload()
    page.get_by_role("button", name="开始").wait_for()
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="开始").click()
    for code in [0] * 8:
        pick(page, code)
    pick(page, 2)
    expect(page.get_by_text("我需要和人谈谈")).to_be_visible()
    expect(page.locator('[data-screen="help"] a[href="tel:12356"]')).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="继续答题").click()
    for code in [0] * 7:
        pick(page, code)
    expect(page.get_by_role("heading", name="答完了，已封存在这台设备上")).to_be_visible()
    accessible(page)
    kept = page.evaluate(SEALED)
    assert len(kept) == 3
    assert all("answers" not in json.dumps(one) and set(one) == {"c", "k", "n", "d"} for one in kept)
    assert rows(Submission) == rows(CriticalSignal) == []
    page.context.set_offline(False)
    eventually(
        "both forms and the signal arrive", lambda: len(rows(Submission)) == 2 and rows(CriticalSignal)
    )
    page.wait_for_function(f"({SEALED})().then((kept) => kept.length === 0)")
    assert [one.channel for one in rows(Submission)] == ["offline", "offline"]
    assert [one.is_late for one in rows(CriticalSignal)] == [True]
    (warning,) = eventually("the warning is raised", lambda: rows(Warning))
    assert any("late" in json.dumps(reason) for reason in warning.reasons)


def test_a_second_sheet_of_the_same_person_never_replaces_the_first(
    visit: Any, house: House, campaign: Any
) -> None:
    for first_code in (0, 1):
        page = visit(size=PHONE)
        begin(page, campaign, 2)
        for code in [first_code, *[0] * 8, *[0] * 7]:
            pick(page, code)
        expect(page.get_by_role("heading", name="已交卷，谢谢您")).to_be_visible()
    assert [one.answers[0] for one in rows(Submission) if one.step == 1] == [0]


def test_the_page_is_light_and_says_what_is_wrong_with_a_slip(
    visit: Any, house: House, campaign: Any
) -> None:
    page = visit(size=PHONE)
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(f"/q/#{campaign.campaign.uid}.{campaign.token(0)}")
    page.get_by_role("button", name="开始").wait_for()
    assert sum(sizes) < LIMIT, sizes
    page.goto("/q/")
    other = visit(size=PHONE)
    other.goto("/q/")
    expect(other.get_by_text("请扫答题条上的二维码")).to_be_visible()
    accessible(other)
    other.goto("/q/#no-such.thing")
    expect(other.get_by_text("这次测评现在没有开放")).to_be_visible()
