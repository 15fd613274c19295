"""Tries, sessions and archives held back, in the database."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session

from anxin.domains.accounts import api
from anxin.domains.accounts.contracts import (
    AccountKind,
    Circle,
    LockedOut,
    LoginTaken,
    PasswordTooWeak,
    PasswordWrong,
    ReentryClosed,
    ReentryState,
    SecondThing,
    VisitEnding,
)
from anxin.domains.accounts.models import Account, Reentry, SignInTry, Visit
from anxin.domains.audit.models import AuditEvent
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.sessions import SessionStore, stored_name

SYSTEM, VISITOR = Actor.system("test"), Actor.anonymous()
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
PASSWORD = "tall-pine-on-the-hill"
pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account(at: Any) -> Account:
    return api.create_account(actor=SYSTEM, kind=AccountKind.STAFF, login="zhaoning", password=PASSWORD)


@pytest.fixture
def resident(at: Any) -> Account:
    login = api.login_for_phone("13800012345")
    return api.create_account(actor=SYSTEM, kind=AccountKind.RESIDENT, login=login)


def self_of(account: Account) -> Actor:
    return Actor(kind=ActorKind.STAFF, uid=account.uid, label="赵宁")


def knock(times: int, *, device: str = "", login: str = "zhaoning") -> None:
    for _ in range(times):
        api.begin_try(actor=VISITOR, login=login, device=device)


def visit(account: Account, *, device: str = "", circle: Circle = Circle.STAFF) -> str:
    store = SessionStore()
    store["who"] = account.uid
    store.create()
    name = stored_name(store.session_key)
    api.begin_visit(actor=self_of(account), account=account, session_name=name, circle=circle, device=device)
    return name


def test_a_session_that_begins_twice_is_one_session(account: Account) -> None:
    for _ in range(2):
        api.begin_visit(actor=self_of(account), account=account, session_name="one", circle=Circle.STAFF)
    assert Visit.objects.get().ended_at is None


def test_five_tries_lock_one_login_and_no_other(account: Account) -> None:
    knock(5)
    with pytest.raises(LockedOut) as caught:
        knock(1)
    assert caught.value.until == NOW + timedelta(minutes=15)
    assert SignInTry.objects.count() == 5, "a try during a lock does not count"
    knock(1, login="sunlan")


def test_a_try_holds_no_login_no_device_and_no_address() -> None:
    knock(1, device="device-one")
    row = str(SignInTry.objects.values().get())
    assert "zhaoning" not in row
    assert "device-one" not in row
    assert not [one.name for one in SignInTry._meta.get_fields() if "address" in one.name or one.name == "ip"]


def test_strangers_do_not_lock_out_the_owner_at_their_own_desk(account: Account) -> None:
    visit(account, device="own-desk")
    for place in range(5):
        knock(1, device=f"elsewhere-{place}")
    assert api.locked_out_until(login="zhaoning", device="elsewhere-9")
    assert api.locked_out_until(login="zhaoning", device="own-desk") is None
    knock(5, device="own-desk")
    assert api.locked_out_until(login="zhaoning", device="own-desk")


def test_a_device_that_tries_many_logins_is_locked_itself(at: Any) -> None:
    for place in range(20):
        knock(1, device="one-device", login=f"somebody-{place}")
    with pytest.raises(LockedOut):
        knock(1, device="one-device", login="somebody-else")
    knock(1, device="another-device", login="somebody-else")


def test_a_manager_of_accounts_unlocks_and_nobody_else(account: Account) -> None:
    knock(5)
    with pytest.raises(NotPermitted):
        api.unlock(actor=self_of(account), account=account, reason="mine")
    assert api.is_locked_somewhere(account=account)
    api.unlock(actor=SYSTEM, account=account, reason="asked in person")
    assert not api.is_locked_somewhere(account=account)
    knock(1)


def test_what_fitted_is_taken_back_and_a_whole_sign_in_forgets_the_rest(account: Account) -> None:
    knock(3)
    tried = api.begin_try(actor=VISITOR, login="zhaoning")
    api.take_back_try(actor=VISITOR, tried=tried)
    assert SignInTry.objects.count() == 3
    api.forget_tries(actor=self_of(account), account=account)
    assert not SignInTry.objects.exists()


def test_one_person_has_no_more_sessions_than_allowed(account: Account, at: Any) -> None:
    names = []
    for _ in range(3):
        names.append(visit(account, circle=Circle.OFFICE))
        at.shift(timedelta(minutes=1))
    ended = Visit.objects.get(session_name=names[0])
    assert (ended.ending, ended.ended_at) == ("too_many", NOW + timedelta(minutes=2))
    assert set(Session.objects.values_list("session_key", flat=True)) == set(names[1:])


def test_one_signs_out_ones_own_other_device_and_nobody_elses(account: Account, resident: Account) -> None:
    here, there, others = visit(account), visit(account), visit(resident)
    uid = Visit.objects.get(session_name=there).uid
    api.end_visit(actor=self_of(account), account=account, uid=uid)
    assert not Session.objects.filter(session_key=there).exists()
    strange = Visit.objects.get(session_name=others).uid
    with pytest.raises(NotFound):
        api.end_visit(actor=self_of(account), account=account, uid=strange)
    with pytest.raises(NotFound):
        api.end_visit(actor=self_of(account), account=resident, uid=strange)
    assert Session.objects.filter(session_key__in=[here, others]).count() == 2
    assert [one.session_name for one in api.visits_of(actor=self_of(account), account=account)] == [here]
    assert not api.visits_of(actor=self_of(account), account=resident).exists()


def test_a_new_password_needs_the_old_one_and_ends_every_other_session(account: Account) -> None:
    here, there = visit(account), visit(account)
    mine = self_of(account)
    with pytest.raises(PasswordWrong):
        api.change_password(actor=mine, account=account, old="wrong", new="a-new-sentence-here", here=here)
    with pytest.raises(PasswordTooWeak):
        api.change_password(actor=mine, account=account, old=PASSWORD, new="zhaoning-2026", here=here)
    assert Account.objects.get().check_password(PASSWORD)
    api.change_password(actor=mine, account=account, old=PASSWORD, new="a-new-sentence-here", here=here)
    assert Account.objects.get().check_password("a-new-sentence-here")
    assert list(Session.objects.values_list("session_key", flat=True)) == [here]
    assert Visit.objects.get(session_name=there).ending == "access_changed"
    with pytest.raises(NotPermitted):
        api.replace_password(actor=mine, account=account, new="another-sentence-here")


@pytest.mark.parametrize("weak", ["eleven-sign", "123456789012", "password1234", "zhaoning2026"])
def test_a_password_is_twelve_signs_not_common_and_not_the_login(weak: str) -> None:
    with pytest.raises(PasswordTooWeak):
        api.create_account(actor=SYSTEM, kind=AccountKind.STAFF, login="zhaoning", password=weak)
    assert not Account.objects.exists()


def test_a_closed_account_has_no_session(account: Account) -> None:
    visit(account)
    api.deactivate(actor=SYSTEM, account=account, reason="left")
    assert not Session.objects.exists()


def attempt(account: Account, fits: bool) -> Reentry:
    return api.try_second_thing(actor=SYSTEM, account=account, thing=SecondThing.PERSON, check=lambda: fits)


def test_an_archive_unseen_for_ninety_days_is_held_back_until_something_more_is_known(
    resident: Account, at: Any
) -> None:
    at.shift(timedelta(days=89, hours=23))
    assert not api.is_held_back(account=resident)
    at.shift(timedelta(hours=1))
    assert api.is_held_back(account=resident)
    api.ask_second_thing(actor=SYSTEM, account=resident)
    assert attempt(resident, fits=True).state == ReentryState.PROVED
    assert not api.is_held_back(account=resident)
    assert AuditEvent.objects.filter(event="accounts:reentry:tried", subject_uid=resident.uid).count() == 1


def test_wrong_things_add_up_over_all_visits_and_then_only_a_station_helps(
    resident: Account, at: Any
) -> None:
    at.shift(timedelta(days=100))
    first = api.ask_second_thing(actor=SYSTEM, account=resident)
    for _ in range(4):
        assert attempt(resident, fits=False).state == ReentryState.ASKED
        assert api.ask_second_thing(actor=SYSTEM, account=resident) == first
    assert attempt(resident, fits=False).state == ReentryState.CLOSED
    with pytest.raises(ReentryClosed):
        attempt(resident, fits=True)
    assert api.is_held_back(account=resident)
    api.rebind(actor=SYSTEM, account=resident, login=api.login_for_phone("13900000008"))
    assert not api.is_held_back(account=resident)
    assert Reentry.objects.get().state == ReentryState.REBOUND
    assert api.account_by_login(login="13800012345") is None
    assert api.account_by_login(login="13900000008") == resident


def test_nobody_but_the_house_compares_or_rebinds(resident: Account, account: Account) -> None:
    with pytest.raises(NotPermitted):
        api.try_second_thing(
            actor=self_of(account), account=resident, thing=SecondThing.PERSON, check=lambda: True
        )
    with pytest.raises(NotPermitted):
        api.rebind(actor=self_of(account), account=resident, login="x")
    with pytest.raises(LoginTaken):
        api.rebind(actor=SYSTEM, account=resident, login="zhaoning")
    assert Account.objects.get(id=resident.id).login == resident.login


def test_coming_in_counts_as_being_seen(resident: Account, at: Any) -> None:
    at.shift(timedelta(days=60))
    visit(resident, circle=Circle.RESIDENT)
    at.shift(timedelta(days=60))
    assert not api.is_held_back(account=resident)
    api.close_visit(
        actor=SYSTEM, session_name=Visit.objects.get().session_name, ending=VisitEnding.SIGNED_OUT
    )
    assert Visit.objects.get().ending == "signed_out"
