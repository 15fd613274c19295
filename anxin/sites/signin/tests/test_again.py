"""A phone code alone opens no archive that nobody has opened for ninety days."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.models import Reentry
from anxin.domains.audit.models import AuditEvent
from anxin.domains.residents.models import Resident
from anxin.kernel.actor import Actor, ActorKind
from anxin.kernel.unit_of_work import unit_of_work

pytestmark = pytest.mark.urls("anxin.sites.tests.urls")
PHONE = "13800000001"  # of 李晴, born 1996-05-04
PERSON = {"thing": "person", "year": "1996", "month": "5", "day": "4", "name": "晴"}


def _code(browser: Client) -> str:
    page = browser.post("/sign-in/", {"phone": PHONE, "step": "send"}).content.decode()
    found = re.search(r'<b class="ax-num">(\d{6})</b>', page)
    assert found
    return found[1]


def _knock(browser: Client, at: Any, *, days: int = 0) -> Any:
    at.shift(timedelta(days=days))
    return browser.post("/sign-in/", {"phone": PHONE, "code": _code(browser), "next": "/me/"})


def test_on_the_eighty_ninth_day_the_code_is_enough(browser: Client, at: Any) -> None:
    assert _knock(browser, at, days=89)["Location"] == "/me/"


def test_from_the_ninetieth_day_the_code_opens_nothing_and_the_page_says_why(
    browser: Client, at: Any, city: Any
) -> None:
    answer = _knock(browser, at, days=90)
    assert answer["Location"] == "/sign-in/again/"
    page = browser.get("/sign-in/again/").content.decode()
    assert "换给别人" in page
    assert "12356" in page
    assert 'href="/"' in page
    assert "李" not in page.replace("心理", "")
    assert browser.get("/mine/").status_code == 302
    assert browser.get("/sign-in/first/")["Location"] == "/sign-in/"
    account = city.accounts["li-qing"]
    assert not AuditEvent.objects.filter(event="accounts:account:signed-in", actor_uid=account.uid).exists()


def test_birth_date_and_name_open_it_and_then_the_code_is_enough_again(browser: Client, at: Any) -> None:
    _knock(browser, at, days=200)
    answer = browser.post("/sign-in/again/", PERSON)
    assert (answer.status_code, answer["Location"]) == (303, "/me/")
    assert browser.get("/mine/").status_code == 200
    browser.post("/sign-in/out/")
    assert _knock(browser, at, days=10)["Location"] == "/me/"


@pytest.mark.parametrize(
    "changes", [{"name": "宁"}, {"name": "李"}, {"day": "5"}, {"name": ""}, {"year": "abc"}]
)
def test_a_wrong_thing_opens_nothing(browser: Client, at: Any, changes: dict[str, str]) -> None:
    _knock(browser, at, days=90)
    answer = browser.post("/sign-in/again/", PERSON | changes)
    assert answer.status_code == 422
    assert "对不上" in answer.content.decode() or "请" in answer.content.decode()
    assert browser.get("/mine/").status_code == 302


def test_after_five_wrong_ones_even_the_right_one_is_refused_also_with_a_new_code(
    browser: Client, at: Any
) -> None:
    _knock(browser, at, days=90)
    for left in (4, 3, 2, 1):
        said = browser.post("/sign-in/again/", PERSON | {"name": "宁"}).content.decode()
        assert f"{left} 次" in said
    assert "站点" in browser.post("/sign-in/again/", PERSON | {"name": "宁"}).content.decode()
    closed = browser.post("/sign-in/again/", PERSON)
    assert closed.status_code == 422
    assert 'name="thing"' not in closed.content.decode()
    assert Client().get("/").status_code in {200, 404}
    assert _knock(Client(), at, days=1)["Location"] == "/sign-in/again/"
    assert Reentry.objects.get().attempts == 5
    assert browser.get("/mine/").status_code == 302


def test_a_recovery_code_opens_it_once(browser: Client, at: Any, city: Any) -> None:
    account = city.accounts["li-qing"]
    mine = Actor(kind=ActorKind.RESIDENT, uid=account.uid, label="resident")
    with unit_of_work(mine):
        codes = accounts.renew_recovery_codes(actor=mine, account=account)
    _knock(browser, at, days=90)
    used = {"thing": "recovery_code", "code": codes[0]}
    assert browser.post("/sign-in/again/", used).status_code == 303
    browser.post("/sign-in/out/")
    _knock(browser, at, days=91)
    assert browser.post("/sign-in/again/", used).status_code == 422
    assert browser.get("/mine/").status_code == 302


def test_without_a_name_in_the_archive_knowledge_is_not_asked(browser: Client, at: Any, city: Any) -> None:
    with unit_of_work(Actor.system("test")):
        Resident.objects.filter(account=city.accounts["li-qing"]).update(name="")
    _knock(browser, at, days=90)
    page = browser.get("/sign-in/again/").content.decode()
    assert 'name="thing"' not in page
    assert "身份证" in page
    assert browser.post("/sign-in/again/", PERSON | {"name": ""}).status_code == 422
    assert browser.get("/mine/").status_code == 302


def test_nobody_comes_to_the_page_without_a_right_code(browser: Client, at: Any) -> None:
    at.shift(timedelta(days=90))
    assert browser.get("/sign-in/again/")["Location"] == "/sign-in/"
    assert browser.post("/sign-in/again/", PERSON)["Location"] == "/sign-in/"
    wrong = "000000" if _code(browser) != "000000" else "111111"
    assert browser.post("/sign-in/", {"phone": PHONE, "code": wrong}).status_code == 422
    assert browser.post("/sign-in/again/", PERSON)["Location"] == "/sign-in/"
    assert not Reentry.objects.exists()
