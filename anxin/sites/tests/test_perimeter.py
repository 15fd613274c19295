"""The outermost ring: the same headers on everything, cookies that stay at home, and nothing with a NUL gets in."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as configured
from django.test import AsyncClient, Client

from anxin.sites.perimeter import HEADERS

NAMES = (*HEADERS, "Content-Security-Policy")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/help",
        "/nowhere/",
        "/staff/",
        "/healthz",
        "/q/sw.js",
        "/static/ui/anxin.js",
        "/?q=%00",
        "/leave/",
    ],
)
def test_every_answer_carries_every_header(address: str) -> None:
    answer = Client(raise_request_exception=False).get(address)
    answer.close()
    assert [name for name in NAMES if name not in answer.headers] == [], answer.status_code


@pytest.mark.parametrize("address", ["/", "/nowhere/", "/?q=%00"])
def test_under_asgi_as_well(address: str) -> None:
    answer = async_to_sync(AsyncClient(raise_request_exception=False).get)(address)
    assert [name for name in NAMES if name not in answer.headers] == []


def test_the_policy_allows_nothing_inline_and_nobody_to_frame_us() -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy


def test_what_is_nobodys_may_be_cached_and_everything_else_may_not() -> None:
    client = Client(raise_request_exception=False)
    assert client.get("/")["Cache-Control"] == "no-store"
    assert client.get("/nowhere/")["Cache-Control"] == "no-store"
    assert "max-age" in client.get("/q/")["Cache-Control"]


def test_cookies_are_secure_where_pages_are(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    for address in ("/settings/?language=en&text=large&contrast=more", "/class/"):
        answer = Client().get(address)
        assert answer.cookies
        for name, cookie in answer.cookies.items():
            assert cookie["secure"], name
            assert cookie["samesite"] in ("Lax", "Strict"), name


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/?a=%00", {}),
        ("/?%00=a", {}),
        ("/", {"cookie": 'ax_area="\\000"'}),
        ("/", {"cookie": 'sessionid="\\000"'}),
    ],
)
def test_a_nul_before_the_body_is_refused(address: str, sent: dict[str, str]) -> None:
    answer = Client(raise_request_exception=False).get(address, headers=sent)
    assert answer.status_code == 400
    assert configured.ANXIN_HELP_NUMBERS[0]["number"] in answer.content.decode()


def test_a_nul_in_a_form_is_refused_and_a_plain_one_is_not() -> None:
    client = Client(raise_request_exception=False)
    assert client.post("/help/call-me/", {"call_name": "小\x00周"}).status_code == 400
    assert client.post("/help/call-me/", {"call\x00": "x"}).status_code == 400
    assert client.post("/help/call-me/", {"call_name": "小周"}).status_code == 422
