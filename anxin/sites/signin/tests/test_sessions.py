"""Sessions end: idle, in the end, from another device; and a stolen table opens nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from anxin.domains.accounts.models import SignInTry, Visit
from anxin.live import rights as live
from anxin.sites.signin.tests.conftest import PASSWORD

pytestmark = pytest.mark.urls("anxin.sites.tests.urls")
BACKEND = "anxin.domains.accounts.backends.LoginBackend"


@pytest.fixture
def signed_in(city: Any) -> Any:
    def browser(code: str) -> Client:
        client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537"})
        client.force_login(city.accounts[code], backend=BACKEND)
        client.get("/who/")
        return client

    return browser


def test_a_row_of_the_table_is_no_cookie(signed_in: Any) -> None:
    assert signed_in("zhao-ning").get("/staff/board/").status_code == 200
    thief = Client()
    for name in Session.objects.values_list("session_key", flat=True):
        thief.cookies["sessionid"] = name
        assert thief.get("/staff/board/").status_code == 302


@pytest.mark.parametrize(
    ("code", "idle", "longest"), [("zhao-ning", 120, 16), ("fang-zheng", 30, 8), ("li-qing", 60, 12)]
)
def test_a_session_ends_idle_and_in_the_end(
    signed_in: Any, at: Any, code: str, idle: int, longest: int
) -> None:
    page = "/mine/" if code == "li-qing" else "/who/"

    def is_in(browser: Client) -> bool:
        said = browser.get(page)
        return said.status_code == 200 and b"anonymous" not in said.content

    lazy, busy = signed_in(code), signed_in(code)
    start = idle - 1
    at.shift(timedelta(minutes=start))
    assert is_in(busy)
    at.shift(timedelta(minutes=1))
    assert not is_in(lazy)
    assert Visit.objects.filter(ending="timed_out").count() == 1
    passed, step = idle, idle - 2
    while passed + step < longest * 60:
        at.shift(timedelta(minutes=step))
        passed += step
        assert is_in(busy)
    at.shift(timedelta(minutes=longest * 60 - passed))
    assert not is_in(busy)
    assert not Session.objects.filter(
        session_key__in=Visit.objects.values_list("session_name", flat=True)
    ).exists()


def test_a_board_that_listens_is_not_idle_and_one_that_was_signed_out_hears_nothing(
    signed_in: Any, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "close_old_connections", lambda: None)
    browser = signed_in("zhao-ning")
    key = browser.session.session_key
    for _ in range(4):
        at.shift(timedelta(minutes=90))
        assert live._actor.func(key, is_use=True)
    assert browser.get("/staff/board/").status_code == 200
    at.shift(timedelta(minutes=121))
    assert live._actor.func(key, is_use=True) is None


def test_a_bell_on_a_page_that_was_left_open_keeps_nobody_signed_in(
    signed_in: Any, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "close_old_connections", lambda: None)
    key = signed_in("zhao-ning").session.session_key
    at.shift(timedelta(minutes=90))
    assert live._actor.func(key, is_use=False)
    at.shift(timedelta(minutes=30))
    assert live._actor.func(key, is_use=False) is None


def test_the_list_names_the_device_roughly_and_signing_out_closes_the_line(signed_in: Any) -> None:
    browser = signed_in("zhao-ning")
    assert Visit.objects.get().browser == "Chrome · Windows"
    browser.post("/sign-in/out/")
    assert Visit.objects.get().ending == "signed_out"


def test_signing_in_as_another_closes_the_first_session(signed_in: Any, city: Any) -> None:
    browser = signed_in("zhao-ning")
    browser.post("/sign-in/as/li-qing/")
    assert Visit.objects.get(account=city.accounts["zhao-ning"]).ending == "signed_out"
    assert Visit.objects.get(account=city.accounts["li-qing"]).ended_at is None


def test_beginning_to_sign_in_as_another_keeps_the_session_in_the_list(signed_in: Any, city: Any) -> None:
    browser = signed_in("zhao-ning")
    browser.post("/sign-in/staff/", {"username": "chen-mo", "password": PASSWORD})
    kept = Visit.objects.get(account=city.accounts["zhao-ning"])
    assert Session.objects.filter(session_key=kept.session_name).exists()
    assert browser.get("/staff/board/").status_code == 200


def test_the_lock_is_not_by_address(city: Any) -> None:
    """A whole station behind one address, and one stranger with many."""
    for _ in range(5):
        Client(REMOTE_ADDR="10.0.0.1").post(
            "/sign-in/staff/", {"username": "zhao-ning", "password": "wrong-password"}
        )
    right = {"username": "zhao-ning", "password": PASSWORD}
    assert Client(REMOTE_ADDR="10.9.9.9").post("/sign-in/staff/", right).status_code == 429
    other = {"username": "chen-mo", "password": PASSWORD}
    assert Client(REMOTE_ADDR="10.0.0.1").post("/sign-in/staff/", other).status_code == 303
    assert "10.0.0.1" not in str(list(SignInTry.objects.values()))
