"""A battery on a phone, branches with and without script, an interview at a desk: in Chromium, axe on every page."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import CredentialDraft, CredentialKind
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM
from tests.system.conftest import House
from tests.system.test_journeys import answer, choose
from tests.system.windows import DESK, PHONE, accessible

pytestmark = pytest.mark.browser


def looked_at(page: Page, name: str) -> None:
    """axe, and a picture when somebody wants to look."""
    accessible(page)
    folder = os.environ.get("ANXIN_SHOTS", "")
    if folder:
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            accessible(page)
            page.screenshot(path=str(Path(folder) / f"{name}-{size['width']}.png"), full_page=True)


def _only_open(page: Page, name: str) -> None:
    expect(page.locator("h1")).to_have_count(1)


def begin(page: Page, path: str, *, named: bool = False) -> None:
    """Past the start page."""
    page.goto(path)
    if page.locator('input[name="age_band"][value="adult"]').count():
        choose(page, "age_band", "adult")
    choose(page, "how", "named" if named else "anonymous")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    if "/consent/" in page.url:
        page.get_by_role("checkbox").check()
        with page.expect_navigation():
            page.locator("main form button[type=submit]").first.click()


@requirement("R-084")
@pytest.mark.parametrize("script", [True, False])
def test_a_battery_on_a_phone_from_choosing_to_the_end(visit, script: bool) -> None:
    phone = visit("li-qing", size=PHONE, java_script_enabled=script)
    # axe is a script itself; the pages are the same, and it has looked at them in the other edition
    look = looked_at if script else _only_open
    phone.goto("/self-tests/")
    look(phone, "list")
    phone.get_by_role("link", name=re.compile("选适合您的一组")).click()
    look(phone, "choose")
    phone.goto("/self-tests/for/pregnant/")
    look(phone, "battery-pregnant")
    phone.goto("/self-tests/for/elder/")
    look(phone, "battery-elder-too-young")
    phone.goto("/self-tests/for/worker/")
    look(phone, "battery-worker")
    begin(phone, phone.get_by_role("link", name="开始").get_attribute("href"), named=True)
    answer(phone, 2)
    answer(phone, 2)
    expect(phone).to_have_url(re.compile("/self-tests/next/"))
    look(phone, "next-part")
    phone.get_by_role("link", name="继续").first.click()
    look(phone, "start-in-battery")
    begin(phone, phone.url, named=True)
    look(phone, "question-in-battery")
    for _ in range(9):
        answer(phone, 0)
    phone.goto("/self-tests/")
    phone.get_by_role("link", name="继续").first.click()
    expect(phone.locator("main")).to_contain_text("共 4 份，已完成 2 份")
    look(phone, "battery-run")
    begin(phone, "/self-tests/phq-9/", named=True)
    expect(phone).to_have_url(re.compile("/again/"))
    look(phone, "again")
    phone.goto("/self-tests/gds-15/not-for-age/")
    look(phone, "not-for-age")


@requirement("R-071")
def test_two_steps_without_a_name(visit) -> None:
    phone = visit(size=PHONE)
    begin(phone, "/self-tests/phq-2/")
    answer(phone, 3)
    answer(phone, 3)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("再细看一下")
    looked_at(phone, "next-closer-look")


@requirement("R-071")
def test_the_long_page_folds_what_is_ruled_out_and_needs_no_script_for_it(
    visit, browser, house: House
) -> None:
    desk = visit(size=DESK)
    desk.context.add_cookies([{"name": "ax_language", "value": "en", "url": house.stack.base}])
    begin(desk, "/self-tests/k10/")
    desk.goto("/self-tests/k10/all/")
    third = desk.locator("#q3")
    expect(third).to_be_visible()
    looked_at(desk, "all-open")
    choose(desk, "q2", 1)
    expect(third).to_be_hidden()
    choose(desk, "q2", 4)
    expect(third).to_be_visible()
    plain = visit(size=PHONE, java_script_enabled=False)
    plain.context.add_cookies([{"name": "ax_language", "value": "en", "url": house.stack.base}])
    begin(plain, "/self-tests/k10/")
    plain.goto("/self-tests/k10/all/")
    for place in range(1, 11):
        choose(plain, f"q{place}", 1 if place == 2 else 2)
    with plain.expect_navigation():
        plain.locator('button[name="step"][value="next"]').click()
    expect(plain).to_have_url(re.compile("/results/here/"))


@requirement("R-071")
def test_an_interview_at_a_desk(visit, house: House) -> None:
    with unit_of_work(SYSTEM):
        workforce.record_credential(
            actor=SYSTEM,
            draft=CredentialDraft(
                staff_id=house.city.staff["zhao-ning"].id,
                kind=CredentialKind.INSTRUMENT_TRAINING,
                valid_from=date(2026, 1, 1),
                verified_on=date(2026, 1, 1),
                subject="asq",
            ),
        )
    person = house.city.residents["li-qing"]
    desk = visit("zhao-ning")
    desk.goto(f"/staff/interviews/?q={person.number}")
    looked_at(desk, "interviews")
    desk.goto(f"/staff/interviews/new/{person.uid}/")
    looked_at(desk, "interview-new")
    desk.locator("select[name=form]").select_option("asq|en")
    for name, value in (("conduct", "interview"), ("consent", "agreed")):
        choose(desk, name, value)
    with desk.expect_navigation():
        desk.locator("main form button[type=submit]").first.click()
    looked_at(desk, "interview-question")
    for value in (0, 0, "declined", 0, 1):
        choose(desk, "value", value)
        with desk.expect_navigation():
            desk.locator("main form button[type=submit]").first.click()
    looked_at(desk, "interview-check")
    with desk.expect_navigation():
        desk.locator("main form button[type=submit]").first.click()
    expect(desk.locator("main")).to_contain_text("已呼叫值班负责人")
    looked_at(desk, "interview-result")
    desk.goto("/staff/duty/")
    expect(desk.locator("#board, main").first).to_contain_text("L4")


def test_a_paper_is_entered_twice_and_doubtful_answers_are_looked_at_again(visit, house: House) -> None:
    person = house.city.residents["li-qing"]
    desk = visit("zhao-ning")
    desk.goto(f"/staff/interviews/new/{person.uid}/")
    desk.locator("select[name=form]").select_option("phq-9|zh-Hans")
    for name, value in (("conduct", "paper"), ("consent", "agreed")):
        choose(desk, name, value)
    desk.locator("input[name=paper_on]").fill("2026-11-23")
    with desk.expect_navigation():
        desk.locator("main form button[type=submit]").first.click()
    looked_at(desk, "paper-first")

    def enter(last: str) -> None:
        for place in range(1, 9):
            desk.locator(f"select[name=q{place}]").select_option("2")
        desk.locator("select[name=q9]").select_option(last)
        with desk.expect_navigation():
            desk.locator("main form button[type=submit]").first.click()

    enter("2")
    enter("0")
    looked_at(desk, "paper-differs")
    desk.locator("select[name=q9]").select_option("2")
    with desk.expect_navigation():
        desk.locator("main form button[type=submit]").first.click()
    looked_at(desk, "paper-result")
    desk.goto("/staff/interviews/")
    looked_at(desk, "interviews-second-look")
    desk.get_by_role("link", name="再看一次").or_(desk.locator('a[href*="second-look"]')).first.click()
    looked_at(desk, "second-look")
