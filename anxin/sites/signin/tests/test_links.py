"""Links that let one person in once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.domains.access import api as access
from anxin.domains.access.contracts import Invitee, SecondPersonNeeded
from anxin.domains.access.models import EntryLink, RoleGrant
from anxin.domains.accounts.models import Account
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.signin.tests.conftest import PASSWORD
from anxin.sites.staff.tests.officers import hire

pytestmark = pytest.mark.urls("anxin.sites.tests.urls")
NEW = {"login": "wen-yu", "password": "seven-stones-in-a-row", "again": "seven-stones-in-a-row"}


@pytest.fixture
def managers(city: Any) -> tuple[str, str]:
    """Two managers of 清禾区, neither of them anything else."""
    for code, name in (("boss", "郑远"), ("deputy", "程立")):
        hire(city, code, name=name, role="county_manager", unit="QC", node="Q")
    return "boss", "deputy"


def invitation(city: Any, by: str, *, role: str = "counsellor", unit: str = "LIUAN") -> str:
    actor = city.actor(by)
    with unit_of_work(actor):
        _link, token = access.invite(
            actor=actor,
            account=city.accounts[by],
            invitee=Invitee("文宇", "心理咨询师", "counsellor", role),
            unit=city.units[unit],
            node=city.units[unit],
        )
    return f"/sign-in/invited/{token}/"


def test_the_invited_choose_login_and_password_and_get_what_was_offered(
    city: Any, managers: tuple[str, str]
) -> None:
    address = invitation(city, "boss")
    assert Client().get(address).status_code == 200
    assert Client().post(address, NEW)["Location"] == "/sign-in/staff/"
    made = Account.objects.get(login="wen-yu")
    actor = access.actor_for(account=made)
    assert (actor.label, [grant.role for grant in actor.grants]) == ("文宇", ["counsellor"])
    assert actor.may("risk.read", at=city.units["LIUAN"].path)
    assert not actor.may("risk.read", at=city.units["BEIMEN"].path)
    password = {"username": "wen-yu", "password": NEW["password"]}
    assert Client().post("/sign-in/staff/", password)["Location"] == "/sign-in/staff/enrol/"


def test_a_link_works_once_and_seven_days(city: Any, managers: tuple[str, str], at: Any) -> None:
    used, late = invitation(city, "boss"), invitation(city, "boss")
    assert Client().post(used, NEW).status_code == 303
    again = Client().post(used, NEW | {"login": "wen-yu-2"})
    assert again.status_code == 422
    at.shift(timedelta(days=7))
    assert Client().post(late, NEW | {"login": "wen-yu-3"}).status_code == 422
    assert not Account.objects.filter(login__startswith="wen-yu-").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"login": "zhao-ning"},
        {"login": "Wen Yu"},
        {"password": "short", "again": "short"},
        {"again": "another-one-here"},
        {"password": "password1234", "again": "password1234"},
    ],
)
def test_what_cannot_be_leaves_the_link_open_and_makes_nothing(
    city: Any, managers: tuple[str, str], changes: dict[str, str]
) -> None:
    address, before = invitation(city, "boss"), Account.objects.count()
    assert Client().post(address, NEW | changes).status_code == 422
    assert Account.objects.count() == before
    assert Client().post(address, NEW).status_code == 303


def test_what_the_inviter_lost_meanwhile_is_not_given_on(city: Any, managers: tuple[str, str]) -> None:
    address = invitation(city, "boss")
    RoleGrant.objects.filter(account=city.accounts["boss"]).update(ends_at=EntryLink.objects.get().asked_at)
    assert Client().post(address, NEW).status_code == 422
    assert not Account.objects.filter(login="wen-yu").exists()


@pytest.mark.parametrize(
    ("role", "unit"), [("counsellor", "WANGQIAO"), ("auditor", "C"), ("county_clinician", "S")]
)
def test_nobody_invites_beyond_their_own_right(
    city: Any, managers: tuple[str, str], role: str, unit: str
) -> None:
    with pytest.raises(NotPermitted):
        invitation(city, "boss", role=role, unit=unit)
    assert not EntryLink.objects.exists()


def test_a_stranger_learns_nothing_from_a_wrong_link(city: Any) -> None:
    wrong = Client().post("/sign-in/invited/no-such-token/", NEW)
    assert wrong.status_code == 422
    assert not Account.objects.filter(login="wen-yu").exists()


def test_two_managers_let_a_colleague_back_in_and_the_old_ways_are_closed(
    city: Any, managers: tuple[str, str]
) -> None:
    lost = city.accounts["zhao-ning"]
    at_work = Client()
    at_work.force_login(lost, backend="anxin.domains.accounts.backends.LoginBackend")
    at_work.get("/who/")
    boss, deputy = city.actor("boss"), city.actor("deputy")
    with unit_of_work(boss):
        link = access.ask_recovery(
            actor=boss,
            account=city.accounts["boss"],
            person=lost,
            unit=city.units["LIUAN"],
            reason="手机丢了",
        )
        with pytest.raises(SecondPersonNeeded):
            access.approve_recovery(actor=boss, account=city.accounts["boss"], uid=link.uid)
    mine = city.actor("zhao-ning")
    with unit_of_work(mine), pytest.raises(Exception, match="Nothing was found"):
        access.approve_recovery(actor=mine, account=lost, uid=link.uid)
    with unit_of_work(deputy):
        _link, token = access.approve_recovery(actor=deputy, account=city.accounts["deputy"], uid=link.uid)
    new = {"password": "eight-clouds-over-here", "again": "eight-clouds-over-here"}
    assert Client().post(f"/sign-in/back-in/{token}/", new)["Location"] == "/sign-in/staff/"
    assert Client().post(f"/sign-in/back-in/{token}/", new).status_code == 422
    assert at_work.get("/staff/board/").status_code == 302
    old = {"username": "zhao-ning", "password": PASSWORD}
    assert Client().post("/sign-in/staff/", old).status_code == 422
    right = {"username": "zhao-ning", "password": new["password"]}
    assert Client().post("/sign-in/staff/", right)["Location"] == "/sign-in/staff/enrol/"


def test_nobody_is_let_back_in_to_more_than_the_manager_could_give(
    city: Any, managers: tuple[str, str]
) -> None:
    hire(city, "admin", name="何川", role="platform_admin", unit="QC", node="C")
    boss = city.actor("boss")
    for code in ("admin", "chen-mo", "shao-ming"):
        with unit_of_work(boss), pytest.raises(NotPermitted):
            access.ask_recovery(
                actor=boss,
                account=city.accounts["boss"],
                person=city.accounts[code],
                unit=city.units["QC"],
                reason="x",
            )
    assert not EntryLink.objects.exists()
