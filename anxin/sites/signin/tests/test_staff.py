"""Staff sign in with password and second factor; only both together make a session."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from anxin.domains.audit.models import AuditEvent
from anxin.sites.signin.tests.conftest import PASSWORD

pytestmark = pytest.mark.urls("anxin.sites.tests.urls")


def _first_step(browser: Client, login: str = "zhao-ning", password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/sign-in/staff/", {"username": login, "password": password, **more})


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def _wrong(secret: str) -> str:
    return f"{(int(_code(secret)) + 1) % 1_000_000:06d}"


def _secret_on(browser: Client) -> str:
    page = browser.get("/sign-in/staff/enrol/").content.decode()
    found = re.search(r'<b class="ax-num">([A-Z2-7 ]+)</b>', page)
    assert found
    assert "<svg" in page
    return found[1].replace(" ", "")


def _enrol(browser: Client, login: str = "zhao-ning", **more: str) -> str:
    _first_step(browser, login, **more)
    secret = _secret_on(browser)
    answer = browser.post("/sign-in/staff/enrol/", {"code": _code(secret)})
    assert answer["Location"] == "/sign-in/staff/recovery/"
    return secret


@pytest.fixture
def enrolled(browser: Client, at: Any) -> str:
    """赵宁 has linked an app and signed out again; half a minute later. The app's secret."""
    secret = _enrol(browser)
    browser.post("/sign-in/out/")
    at.shift(timedelta(seconds=30))
    return secret


def test_a_password_alone_opens_nothing(browser: Client) -> None:
    answer = _first_step(browser)
    assert answer["Location"] == "/sign-in/staff/enrol/"
    assert browser.get("/staff/board/").status_code == 302
    assert not AuditEvent.objects.filter(event="accounts:account:signed-in").exists()


def test_the_first_sign_in_links_an_app_shows_recovery_codes_once_and_leads_on(browser: Client) -> None:
    _enrol(browser, next="/staff/cases/")
    page = browser.get("/sign-in/staff/recovery/").content.decode()
    assert len(re.findall(r'<li class="ax-num">\d{8}</li>', page)) == 10
    assert 'href="/staff/cases/"' in page
    assert browser.get("/sign-in/staff/recovery/")["Location"] == "/staff/duty/"
    assert browser.get("/staff/board/").status_code == 200


def test_a_wrong_first_code_links_nothing_and_the_secret_stays_the_same(browser: Client) -> None:
    _first_step(browser)
    secret = _secret_on(browser)
    answer = browser.post("/sign-in/staff/enrol/", {"code": _wrong(secret)})
    assert answer.status_code == 422
    assert not Authenticator.objects.exists()
    assert _secret_on(browser) == secret


def test_a_secret_never_lies_readable_in_the_database(browser: Client) -> None:
    secret = _enrol(browser)
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)
    assert kept.data["secret"].startswith("v")
    assert kept.wrap().validate_code("000000") in {True, False}
    seed = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).data["seed"]
    assert seed.startswith("v")


def test_password_and_code_together_open_the_house(browser: Client, enrolled: str) -> None:
    assert _first_step(browser, next="/staff/cases/")["Location"] == "/sign-in/staff/code/"
    answer = browser.post("/sign-in/staff/code/", {"code": _code(enrolled)})
    assert (answer.status_code, answer["Location"]) == (303, "/staff/cases/")
    assert browser.get("/staff/board/").status_code == 200


def test_a_code_works_once(browser: Client, enrolled: str) -> None:
    code = _code(enrolled)
    _first_step(browser)
    assert browser.post("/sign-in/staff/code/", {"code": code}).status_code == 303
    browser.post("/sign-in/out/")
    _first_step(browser)
    assert browser.post("/sign-in/staff/code/", {"code": code}).status_code == 422
    assert browser.get("/staff/board/").status_code == 302


def test_a_recovery_code_works_once(browser: Client, enrolled: str) -> None:
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    for status in (303, 422):
        _first_step(browser)
        assert browser.post("/sign-in/staff/code/", {"code": codes[3]}).status_code == status
        browser.post("/sign-in/out/")


def test_an_enrolled_person_cannot_link_a_second_app_with_the_password_alone(
    browser: Client, enrolled: str
) -> None:
    _first_step(browser)
    assert browser.get("/sign-in/staff/enrol/")["Location"] == "/sign-in/staff/code/"
    assert browser.post("/sign-in/staff/enrol/", {"code": "000000"})["Location"] == "/sign-in/staff/code/"
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1


@pytest.mark.parametrize("address", ["/sign-in/staff/code/", "/sign-in/staff/enrol/"])
def test_the_second_half_cannot_be_reached_without_the_first(browser: Client, address: str) -> None:
    assert browser.get(address)["Location"] == "/sign-in/staff/"
    assert browser.post(address, {"code": "000000"})["Location"] == "/sign-in/staff/"


@pytest.mark.parametrize(("login", "password"), [("zhao-ning", "wrong-password"), ("nobody-here", PASSWORD)])
def test_a_wrong_login_and_a_wrong_password_get_the_same_answer(
    browser: Client, login: str, password: str
) -> None:
    answer = _first_step(browser, login, password)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "登录名和密码" in body
    assert f'value="{login}"' in body
    assert password not in body


def test_a_resident_cannot_use_the_staff_door(browser: Client, city: Any) -> None:
    account = city.accounts["li-qing"]
    account.set_password(PASSWORD)
    account.save()
    assert _first_step(browser, account.login).status_code == 422


def test_after_five_failures_the_door_says_when_it_opens_again_and_what_happens_meanwhile(
    browser: Client, at: Any
) -> None:
    for _ in range(4):
        assert _first_step(browser, password="wrong-password").status_code == 422
    locked = _first_step(browser, password="wrong-password")
    assert locked.status_code == 429
    assert "15 分钟" in locked.content.decode()
    assert "值班" in locked.content.decode()
    at.shift(timedelta(minutes=14))
    still = _first_step(browser)
    assert still.status_code == 429
    assert "1 分钟" in still.content.decode()
    at.shift(timedelta(minutes=1, seconds=1))
    assert _first_step(browser).status_code == 303


def test_the_lock_is_on_one_login_and_not_on_the_station(browser: Client) -> None:
    for _ in range(5):
        _first_step(browser, password="wrong-password")
    assert _first_step(browser, "chen-mo").status_code == 303


def test_wrong_codes_of_the_app_lock_too(browser: Client, enrolled: str) -> None:
    _first_step(browser)
    for _ in range(4):
        assert browser.post("/sign-in/staff/code/", {"code": _wrong(enrolled)}).status_code == 422
    assert browser.post("/sign-in/staff/code/", {"code": _wrong(enrolled)}).status_code == 429
    assert browser.post("/sign-in/staff/code/", {"code": _code(enrolled)})["Location"] == "/sign-in/staff/"
    assert _first_step(browser).status_code == 429


@pytest.mark.parametrize(
    ("login", "place"),
    [("zhao-ning", "/staff/duty/"), ("zhou-xing", "/oversight/"), ("fang-zheng", "/staff/audit/")],
)
def test_everybody_begins_where_their_work_is(browser: Client, login: str, place: str) -> None:
    _enrol(browser, login)
    assert f'href="{place}"' in browser.get("/sign-in/staff/recovery/").content.decode()


def test_the_locked_page_comes_under_an_async_server_too(city: Any) -> None:
    @async_to_sync
    async def fail_five_times() -> tuple[int, str]:
        client = AsyncClient()
        for _ in range(5):
            answer = await client.post(
                "/sign-in/staff/", {"username": "zhao-ning", "password": "wrong-password"}
            )
        return answer.status_code, answer.content.decode()

    status, body = fail_five_times()
    assert status == 429
    assert "15 分钟" in body
