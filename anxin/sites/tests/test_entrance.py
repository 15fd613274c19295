"""Who is let in, where the others are sent, and what every answer carries."""

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import AsyncClient, Client

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.kernel.actor import Actor

pytestmark = pytest.mark.urls("anxin.sites.tests.urls")
HELP = ("12356", "120", "110")
Visitor = Callable[..., Client]


def test_a_visitor_is_anonymous_and_every_request_has_its_own_name(visitor: Visitor) -> None:
    first, second = (visitor().get("/who/").content.decode() for _ in range(2))
    assert first.startswith("anonymous")
    assert first.split()[-1] != second.split()[-1]
    assert len(first.split()[-1]) == 36


def test_staff_and_residents_come_with_their_actor(visitor: Visitor, city: Any) -> None:
    assert visitor("zhao-ning").get("/who/").content.decode().startswith("staff 赵宁")
    number = city.residents["li-qing"].number
    assert visitor("li-qing").get("/who/").content.decode().startswith(f"resident {number}")


def test_a_closed_account_is_nobody_from_the_next_request_on(visitor: Visitor, city: Any) -> None:
    client = visitor("zhao-ning")
    assert client.get("/staff/board/").status_code == 200
    accounts.deactivate(actor=Actor.system("test"), account=city.accounts["zhao-ning"], reason="left")
    assert client.get("/staff/board/").status_code == 302


def test_staff_with_the_right_are_let_in(visitor: Visitor) -> None:
    assert visitor("zhao-ning").get("/staff/board/").content == b"board"


def test_signed_out_people_are_sent_to_sign_in_and_back(visitor: Visitor) -> None:
    answer = visitor().get("/staff/board/?level=L4")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/staff/board/%3Flevel%3DL4"


def test_a_form_sent_after_signing_out_comes_back_to_its_page(visitor: Visitor) -> None:
    answer = visitor().post("/staff/board/", headers={"referer": "http://testserver/staff/cases/?page=2"})
    assert answer["Location"] == "/sign-in/?next=/staff/cases/%3Fpage%3D2"
    elsewhere = visitor().post("/staff/board/", headers={"referer": "http://elsewhere.example/x"})
    assert elsewhere["Location"] == "/sign-in/"


def test_a_piece_of_a_page_never_becomes_a_sign_in_page(visitor: Visitor) -> None:
    answer = visitor().get(
        "/staff/board/", headers={"HX-Request": "true", "referer": "http://testserver/staff/board/"}
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/sign-in/?next=/staff/board/"
    assert answer.content == b""


@pytest.mark.parametrize(
    ("who", "where"), [("zhou-xing", "/staff/board/"), ("li-qing", "/staff/board/"), ("zhao-ning", "/mine/")]
)
def test_people_without_the_right_get_403_with_the_help_numbers(
    visitor: Visitor, who: str, where: str
) -> None:
    answer = visitor(who).get(where)
    assert answer.status_code == 403
    assert all(number in answer.content.decode() for number in HELP)


def test_a_view_that_declares_nothing_is_refused_with_500_and_shows_nothing(visitor: Visitor) -> None:
    with pytest.raises(ImproperlyConfigured, match="undeclared"):
        visitor("zhao-ning").get("/undeclared/")
    client = visitor("zhao-ning")
    client.raise_request_exception = False
    answer = client.get("/undeclared/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "who", "status"),
    [
        ("missing", "", 404),
        ("missing", "zhao-ning", 404),
        ("not-permitted", "zhao-ning", 403),
        ("not-permitted", "li-qing", 404),
        ("not-permitted", "", 404),
        ("conflict", "zhao-ning", 409),
        ("refused", "li-qing", 422),
        ("database", "li-qing", 503),
    ],
)
def test_an_error_of_the_house_becomes_its_page(visitor: Visitor, error: str, who: str, status: int) -> None:
    answer = visitor(who).get(f"/broken/{error}/")
    assert answer.status_code == status
    body = answer.content.decode()
    assert all(number in body for number in HELP)
    assert "<!doctype html>" in body


def test_a_conflict_says_who_was_faster_and_a_refusal_says_why(visitor: Visitor) -> None:
    assert "赵宁 was faster." in visitor().get("/broken/conflict/").content.decode()
    assert "The station is closed." in visitor().get("/broken/refused/").content.decode()


@pytest.mark.parametrize("address", ["/nowhere/", "/broken/fault/"])
def test_pages_for_what_is_missing_or_broken_carry_the_help_numbers(visitor: Visitor, address: str) -> None:
    client = visitor()
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code in {404, 500}
    assert all(number in answer.content.decode() for number in HELP)


def test_nothing_is_kept_by_a_cache_unless_the_page_says_otherwise(visitor: Visitor) -> None:
    for address in ("/who/", "/nowhere/", "/staff/board/", "/broken/missing/", "/healthz"):
        assert visitor().get(address)["Cache-Control"] == "no-store", address
    assert visitor().get("/cached/")["Cache-Control"] == "max-age=60"


def test_a_database_that_does_not_answer_is_503_and_pages_that_need_none_still_come(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(**_: object) -> Actor:
        raise OperationalError("gone")

    client = visitor("li-qing")
    monkeypatch.setattr(access, "actor_for", gone)
    answer = client.get("/who/")
    assert answer.status_code == 503
    assert all(number in answer.content.decode() for number in HELP)
    assert client.get("/blind/").content == b"anonymous"


def test_the_same_door_under_an_async_server(visitor: Visitor, city: Any) -> None:
    @async_to_sync
    async def visit() -> tuple[int, str, int, int]:
        client = AsyncClient()
        who = await client.get("/who/")
        board = await client.get("/staff/board/")
        refused = await client.get("/broken/refused/")
        return who.status_code, who["Cache-Control"], board.status_code, refused.status_code

    assert visit() == (200, "no-store", 302, 422)
