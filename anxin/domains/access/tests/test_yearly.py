"""Roles last a year unless somebody confirms them; the three watching offices are held apart three times over."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from anxin.domains.access import api
from anxin.domains.access.contracts import DutiesNotSeparate, OwnRights
from anxin.domains.access.library import load_grant_limits
from anxin.domains.access.models import RoleGrant
from anxin.domains.access.rules.yearly import (
    GrantLimitsUnreadable,
    last_day,
    oldest_in_force,
    read_grant_limits,
    warning_due,
)
from anxin.domains.access.tests import factories
from anxin.domains.network.contracts import UnitKind
from anxin.domains.network.tests import factories as network
from anxin.flows.remind_of_roles import remind_of_roles
from anxin.kernel import clock
from anxin.kernel.errors import NotPermitted

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=clock.LOCAL)
LIMITS = load_grant_limits()


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_the_rule_says_the_last_day_and_when_to_warn() -> None:
    given = date(2026, 3, 2)
    assert last_day(given, LIMITS) == date(2027, 3, 2)
    assert oldest_in_force(date(2027, 3, 2), LIMITS) == given
    due = {
        days: warning_due(given, date(2027, 3, 2) - timedelta(days=days), LIMITS)
        for days in (31, 30, 8, 7, 0, -1)
    }
    assert due == {31: None, 30: 30, 8: 30, 7: 7, 0: 7, -1: None}
    with pytest.raises(GrantLimitsUnreadable):
        read_grant_limits({})


def test_a_role_nobody_confirmed_stops_at_midnight(at: Any) -> None:
    small = network.a_small_city()
    actor = factories.a_member_of_staff(role="counsellor", node=small.station)
    account = factories.Account.objects.get(uid=actor.uid)
    at.move_to(datetime(2027, 3, 2, 23, 59, 59, tzinfo=clock.LOCAL))
    assert api.actor_for(account=account).may("risk.read", at=small.station.path)
    assert api.accounts_that_may(permission="risk.read", at=small.station.path) == [account.id]
    at.move_to(datetime(2027, 3, 3, 0, 0, tzinfo=clock.LOCAL))
    assert not api.actor_for(account=account).grants
    assert api.accounts_that_may(permission="risk.read", at=small.station.path) == []


def test_who_could_give_it_confirms_it_for_another_year_and_nobody_their_own(at: Any) -> None:
    small = network.a_small_city()
    boss = factories.a_member_of_staff(role="county_manager", node=small.county, unit=small.county_centre)
    peer = factories.a_member_of_staff(
        role="county_manager", node=network.a_unit(UnitKind.COUNTY, small.city)
    )
    worker = factories.a_member_of_staff(role="counsellor", node=small.station)
    held = {one.account.uid: one for one in RoleGrant.objects.select_related("account")}
    at.shift(timedelta(days=350))
    with pytest.raises(NotPermitted):
        api.confirm_grants(actor=peer, uids=[held[worker.uid].uid])
    with pytest.raises(OwnRights):
        api.confirm_grants(actor=boss, uids=[held[worker.uid].uid, held[boss.uid].uid])
    assert not RoleGrant.objects.filter(confirmed_at__isnull=False).exists()
    assert len(api.confirm_grants(actor=boss, uids=[held[worker.uid].uid])) == 1
    at.shift(timedelta(days=365))
    assert api.lasts_until(grant=RoleGrant.objects.get(id=held[worker.uid].id)) == clock.today()
    assert api.actor_for(account=factories.Account.objects.get(uid=worker.uid)).grants
    at.shift(timedelta(days=1))
    assert api.confirm_grants(actor=boss, uids=[held[worker.uid].uid]) == [], "what has stopped is given anew"


def test_holder_and_manager_are_told_twice_and_each_time_once(at: Any) -> None:
    small = network.a_small_city()
    factories.a_member_of_staff(role="counsellor", node=small.station)
    factories.a_member_of_staff(role="counsellor", node=small.county_centre)
    told = []
    for days in (334, 335, 336, 357, 358, 359, 365, 366):
        at.move_to(NOON + timedelta(days=days))
        told.append(remind_of_roles())
    assert told == [0, 2, 0, 0, 2, 0, 0, 0]


OFFICES = ("platform_admin", "security_officer", "auditor")


@pytest.mark.parametrize("second", ["security_officer", "auditor"])
def test_the_service_keeps_the_offices_apart_also_when_one_has_an_end(at: Any, second: str) -> None:
    small = network.a_small_city()
    account = factories.an_account()
    later = clock.now() + timedelta(days=30)
    api.grant(actor=network.SYSTEM, account=account, role="platform_admin", node=small.city, ends_at=later)
    with pytest.raises(DutiesNotSeparate):
        api.grant(actor=network.SYSTEM, account=account, role=second, node=small.city)
    assert RoleGrant.objects.count() == 1
    api.grant(actor=network.SYSTEM, account=account, role=second, node=small.city, starts_at=later)


@pytest.mark.parametrize("second", OFFICES)
def test_the_database_keeps_them_apart_whoever_writes(at: Any, second: str) -> None:
    small = network.a_small_city()
    account = factories.an_account()
    later = clock.now() + timedelta(days=30)
    common = {"account": account, "node": small.city}
    RoleGrant.objects.create(**common, role="auditor", starts_at=clock.now(), ends_at=later)
    for start, end in ((0, 31), (29, None), (10, 20)):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleGrant.objects.create(
                **common,
                role=second,
                starts_at=clock.now() + timedelta(days=start),
                ends_at=clock.now() + timedelta(days=end) if end else None,
            )
    RoleGrant.objects.create(**common, role=second, starts_at=later)
    assert RoleGrant.objects.count() == 2
