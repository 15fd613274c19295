"""Residents sign in with their phone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.models import Account, PhoneCode
from anxin.domains.audit.models import AuditEvent
from anxin.domains.notices.contracts import Delivery, Letter
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.domains.residents.models import Consent, Resident
from anxin.kernel.actor import Actor
from anxin.kernel.sessions import content_of, stored_name
from anxin.kernel.unit_of_work import unit_of_work

pytestmark = pytest.mark.urls("anxin.sites.tests.urls")
NEW, KNOWN = "139 0000 0009", "13800000001"
ADULT = {"year": "1990", "month": "5", "day": "8"}
SYSTEM = Actor.system("test")


class BrokenSms:
    name = "broken"

    def send(self, letter: Letter) -> Delivery:
        raise ConnectionError


def _code(browser: Client, phone: str) -> str:
    page = browser.post("/sign-in/", {"phone": phone, "step": "send"})
    found = re.search(r'<b class="ax-num">(\d{6})</b>', page.content.decode())
    assert found, page.content.decode()
    return found[1]


def _first_visit(browser: Client, **changes: str) -> Any:
    version = residents.consent_text(purpose=Purpose.ACCOUNT).version
    typed = {**ADULT, "home": "", "agrees": "on", "version": version, **changes}
    return browser.post("/sign-in/first/", {key: value for key, value in typed.items() if value})


def _people() -> int:
    with unit_of_work(SYSTEM):
        return Resident.objects.count()


def test_the_first_line_says_that_help_needs_no_sign_in(browser: Client) -> None:
    page = browser.get("/sign-in/").content.decode()
    assert page.index('href="/"') < page.index('name="phone"')
    assert "12356" in page


def test_somebody_known_comes_in_with_a_code_and_goes_back_to_where_they_were(
    browser: Client, city: Any
) -> None:
    code = _code(browser, KNOWN)
    answer = browser.post("/sign-in/", {"phone": KNOWN, "code": code, "next": "/me/?part=looks"})
    assert (answer.status_code, answer["Location"]) == (303, "/me/?part=looks")
    assert browser.get("/mine/").status_code == 200
    assert browser.session.get_expire_at_browser_close()
    account = city.accounts["li-qing"]
    assert AuditEvent.objects.filter(event="accounts:account:signed-in", actor_uid=account.uid).count() == 1


def test_a_code_typed_in_full_width_with_a_space_is_understood(browser: Client) -> None:
    code = _code(browser, KNOWN)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert browser.post("/sign-in/", {"phone": KNOWN, "code": f"{wide[:3]} {wide[3:]}"}).status_code == 303


def test_the_first_visit_asks_for_a_date_of_birth_and_makes_account_archive_and_consent(
    browser: Client,
) -> None:
    code = _code(browser, NEW)
    answer = browser.post("/sign-in/", {"phone": NEW, "code": code, "next": "/self-tests/"})
    assert answer["Location"] == "/sign-in/first/"
    assert browser.get("/mine/").status_code == 302
    answer = _first_visit(browser)
    assert (answer.status_code, answer["Location"]) == (303, "/self-tests/")
    assert browser.get("/mine/").status_code == 200
    with unit_of_work(SYSTEM):
        made = Resident.objects.get(account__login=accounts.login_for_phone(NEW))
        assert (made.phone, str(made.born_on), made.home_unit.kind) == (
            "13900000009",
            "1990-05-08",
            "city",
        )
        assert Consent.objects.get(resident=made).purpose == "account"


def test_a_chosen_district_becomes_the_home(browser: Client, city: Any) -> None:
    browser.post("/sign-in/", {"phone": NEW, "code": _code(browser, NEW)})
    page = browser.get("/sign-in/first/").content.decode()
    assert "清禾区" in page
    _first_visit(browser, home=city.units["Q"].uid)
    with unit_of_work(SYSTEM):
        made = Resident.objects.get(account__login=accounts.login_for_phone(NEW))
        assert made.home_unit == city.units["Q"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"year": ""}, "1990"),
        ({"month": "13"}, "不存在"),
        ({"year": "2031"}, "出生日期"),
        ({"year": "1850"}, "出生日期"),
        ({"year": "90000000000"}, ""),
        ({"agrees": ""}, "同意"),
        ({"version": "2020-01"}, ""),
        ({"home": "not-a-place"}, ""),
    ],
)
def test_a_wrong_first_visit_is_refused_with_everything_kept_and_nothing_made(
    browser: Client, changes: dict[str, str], said: str
) -> None:
    browser.post("/sign-in/", {"phone": NEW, "code": _code(browser, NEW)})
    before = _people(), Account.objects.count()
    answer = _first_visit(browser, **changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="8"' in answer.content.decode()
    assert (_people(), Account.objects.count()) == before
    assert browser.get("/mine/").status_code == 302


def test_below_fourteen_a_guardian_comes_along_and_help_stays_open(browser: Client) -> None:
    browser.post("/sign-in/", {"phone": NEW, "code": _code(browser, NEW)})
    before = _people(), Account.objects.count()
    answer = _first_visit(browser, year="2012", month="11", day="25")
    assert answer.status_code == 422
    assert "家长" in answer.content.decode()
    assert "12356" in answer.content.decode()
    assert (_people(), Account.objects.count()) == before
    assert _first_visit(browser, year="2012", month="11", day="24").status_code == 303


def test_the_second_half_cannot_be_reached_without_the_first(browser: Client) -> None:
    assert browser.get("/sign-in/first/")["Location"] == "/sign-in/"
    assert _first_visit(browser)["Location"] == "/sign-in/"


def test_half_a_sign_in_is_forgotten_after_ten_minutes_and_never_lies_readable(
    browser: Client, at: Any
) -> None:
    browser.post("/sign-in/", {"phone": NEW, "code": _code(browser, NEW)})
    stored = content_of(Session.objects.get(session_key=stored_name(browser.session.session_key)))
    assert stored
    assert "13900000009" not in str(stored)
    at.shift(timedelta(minutes=10, seconds=1))
    assert browser.get("/sign-in/first/")["Location"] == "/sign-in/"


@pytest.mark.parametrize("code", ["000000", "", "abcdef"])
def test_a_wrong_code_says_so_keeps_the_phone_and_opens_nothing(browser: Client, code: str) -> None:
    right = _code(browser, KNOWN)
    typed = code if code != right else "111111"
    answer = browser.post("/sign-in/", {"phone": KNOWN, "code": typed or " "})
    assert answer.status_code == 422
    assert f'value="{KNOWN}"' in answer.content.decode()
    assert browser.get("/mine/").status_code == 302


def test_after_five_wrong_tries_even_the_right_code_is_dead(browser: Client) -> None:
    code = _code(browser, KNOWN)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        browser.post("/sign-in/", {"phone": KNOWN, "code": wrong})
    answer = browser.post("/sign-in/", {"phone": KNOWN, "code": code})
    assert answer.status_code == 422
    assert "太多次" in answer.content.decode()
    assert browser.get("/mine/").status_code == 302


def test_a_code_dies_after_five_minutes(browser: Client, at: Any) -> None:
    code = _code(browser, KNOWN)
    at.shift(timedelta(minutes=5))
    assert browser.post("/sign-in/", {"phone": KNOWN, "code": code}).status_code == 422


def test_a_second_code_within_a_minute_is_refused_with_the_seconds(browser: Client, at: Any) -> None:
    _code(browser, KNOWN)
    at.shift(timedelta(seconds=20))
    answer = browser.post("/sign-in/", {"phone": KNOWN, "step": "send"})
    assert answer.status_code == 422
    assert "40 秒" in answer.content.decode()
    assert PhoneCode.objects.count() == 1


def test_a_number_that_is_none_is_refused_kindly(browser: Client) -> None:
    answer = browser.post("/sign-in/", {"phone": "1380000", "step": "send"})
    assert answer.status_code == 422
    assert "11 位" in answer.content.decode()
    assert not PhoneCode.objects.exists()


def test_outside_a_demo_the_null_gateway_shows_no_code_and_does_not_pretend(
    browser: Client, settings: Any
) -> None:
    settings.ANXIN_DEMO = False
    page = browser.post("/sign-in/", {"phone": KNOWN, "step": "send"}).content.decode()
    assert not re.search(r"\d{6}</b>", page)
    assert "暂时发不出短信" in page


def test_a_gateway_that_fails_is_told_to_the_person(browser: Client, settings: Any, caplog: Any) -> None:
    settings.ANXIN_SMS_GATEWAY = "anxin.sites.signin.tests.test_resident.BrokenSms"
    assert "暂时发不出短信" in browser.post("/sign-in/", {"phone": KNOWN, "step": "send"}).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/sign-in/out/",
        "javascript:alert(1)",
        "/staff/duty/",
    ],
)
def test_nobody_is_led_away_or_onto_the_other_side(browser: Client, address: str) -> None:
    answer = browser.post("/sign-in/", {"phone": KNOWN, "code": _code(browser, KNOWN), "next": address})
    assert answer["Location"] == "/"


def test_a_staff_page_leads_to_the_staff_door(browser: Client) -> None:
    assert browser.get("/sign-in/?next=/staff/duty/")["Location"] == "/sign-in/staff/?next=%2Fstaff%2Fduty%2F"


def test_leaving_ends_the_session_and_works_twice(browser: Client, city: Any) -> None:
    browser.force_login(city.accounts["li-qing"])
    assert browser.get("/sign-in/out/").status_code == 200
    assert browser.get("/mine/").status_code == 200
    for _ in range(2):
        assert browser.post("/sign-in/out/")["Location"] == "/"
        assert browser.get("/mine/").status_code == 302
    assert AuditEvent.objects.filter(event="accounts:account:signed-out").count() == 1
