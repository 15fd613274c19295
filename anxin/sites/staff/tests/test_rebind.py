"""Another phone opens an archive once staff saw the identity card."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from anxin.domains.accounts import api as accounts
from anxin.domains.audit.models import AuditEvent
from anxin.domains.residents.models import Resident
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

Browsers = Callable[[str], Client]
CARD = {"name": "李晴", "born_on": "1996-05-04", "phone": "139 0000 0077", "saw": "on"}


def send(one: Client, address: str, **changes: str) -> Any:
    return one.post(address, {**CARD, "send": "1", **changes})


def code_of(page: Any) -> str:
    found = re.search(r'<b class="ax-num">(\d{6})</b>', page.content.decode())
    assert found, page.content.decode()
    return found[1]


@pytest.fixture
def address(city: Any) -> str:
    return f"/staff/rebind/{city.residents['li-qing'].uid}/"


def phone_now() -> str:
    with unit_of_work(Actor.system("test")):
        return str(
            Resident.objects.get(name__isnull=False, account__isnull=False, born_on="1996-05-04").phone
        )


def test_card_and_code_connect_the_new_phone_and_close_the_old_way(
    browser: Browsers, city: Any, address: str
) -> None:
    at_home = browser("li-qing")
    assert at_home.get("/me/").status_code == 200
    one = browser("zhao-ning")
    code = code_of(send(one, address))
    assert one.post(address, {**CARD, "code": code}).status_code == 303
    account = city.accounts["li-qing"]
    assert accounts.account_by_login(login="13900000077") == account
    assert accounts.account_by_login(login="13800000001") is None
    assert phone_now() == "13900000077"
    assert at_home.get("/me/").status_code == 302
    line = AuditEvent.objects.get(event="accounts:phone:rebound")
    assert line.actor_uid == city.accounts["zhao-ning"].uid


@pytest.mark.parametrize(
    "changes",
    [{"name": "晴"}, {"name": "李青"}, {"born_on": "1996-05-05"}, {"saw": ""}, {"phone": "123"}],
)
def test_a_card_that_does_not_fit_sends_no_code(
    browser: Browsers, address: str, changes: dict[str, str]
) -> None:
    answer = send(browser("zhao-ning"), address, **changes)
    assert answer.status_code == 422
    assert not re.search(r'<b class="ax-num">(\d{6})</b>', answer.content.decode())
    assert phone_now() == "13800000001"


def test_a_wrong_code_or_a_number_of_somebody_else_changes_nothing(browser: Browsers, address: str) -> None:
    one = browser("zhao-ning")
    code = code_of(send(one, address))
    wrong = "000000" if code != "000000" else "111111"
    assert one.post(address, {**CARD, "code": wrong}).status_code == 422
    taken = {"phone": "13800000002"}
    code = code_of(send(one, address, **taken))
    assert one.post(address, {**CARD, **taken, "code": code}).status_code in {409, 422}
    assert phone_now() == "13800000001"
    assert accounts.account_by_login(login="13800000001") is not None


@pytest.mark.parametrize(("code", "status"), [("chen-mo", 404), ("sun-lan", 403), ("zhou-xing", 403)])
def test_who_may_not_register_people_there_connects_nobody(
    browser: Browsers, address: str, code: str, status: int
) -> None:
    one = browser(code)
    assert one.get(address).status_code in {403, 404}
    assert send(one, address).status_code in {403, 404}
    assert phone_now() == "13800000001"
