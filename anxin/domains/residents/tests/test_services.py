"""Archives, consents, guardians."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from anxin.domains.accounts import api as accounts
from anxin.domains.audit.models import AuditEvent
from anxin.domains.network.tests.factories import SmallCity, a_small_city
from anxin.domains.residents import api
from anxin.domains.residents.contracts import (
    ConsentTextUnknown,
    GuardianConsentNeeded,
    MobileInvalid,
    Purpose,
    ResidentKnown,
)
from anxin.domains.residents.models import Consent, Resident
from anxin.domains.residents.policies import can_view_resident, visible_residents
from anxin.domains.residents.tests.factories import SYSTEM, a_resident
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
CHILD = date(2013, 1, 1)
VERSION = api.consent_text(purpose=Purpose.SELF_TEST_NAMED).version


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> Iterator[SmallCity]:
    with unit_of_work(SYSTEM):
        yield a_small_city()


def _staff(path: str, *permissions: str) -> Actor:
    grant = NodeGrant(path, "counsellor", frozenset(permissions), sees_identified=True)
    return Actor(kind=ActorKind.STAFF, uid="u", label="赵宁", grants=(grant,), staff_id=1)


def _as(resident: Resident) -> Actor:
    return Actor(
        kind=ActorKind.RESIDENT,
        uid="r",
        label=resident.number,
        resident_id=resident.id,
        resident_uid=resident.uid,
    )


def _agree(resident: Resident, purpose: Purpose = Purpose.SELF_TEST_NAMED, **more: Any) -> Consent:
    version = api.consent_text(purpose=purpose).version
    return api.give_consent(
        actor=_as(resident), resident_id=resident.id, purpose=purpose, text_version=version, **more
    )


def test_name_and_phone_lie_sealed_in_the_database(city: SmallCity) -> None:
    made = a_resident(city.station, name="李晴", phone="+86 138 0001 2345")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, phone_index FROM residents_resident")
        stored = str(cursor.fetchall())
    assert "李晴" not in stored
    assert "13800012345" not in stored
    found = Resident.objects.get(id=made.id)
    assert (found.name, found.phone) == ("李晴", "13800012345")
    assert found.phone_index == accounts.login_for_phone("13800012345")


def test_every_archive_has_its_own_number(city: SmallCity) -> None:
    first, second = a_resident(city.station), a_resident(city.station)
    assert first.number != second.number
    assert first.number.startswith("R")


def test_somebody_from_an_area_is_seen_where_the_area_is_served(city: SmallCity) -> None:
    made = a_resident(city.village)
    assert made.home_unit == city.village
    assert made.scope_path == city.station.path


def test_one_phone_one_archive(city: SmallCity) -> None:
    a_resident(city.station, phone="13800012345")
    with pytest.raises(ResidentKnown) as caught:
        a_resident(city.station, phone="138 0001 2345")
    assert caught.value.field == "phone"
    assert Resident.objects.count() == 1


def test_a_number_that_is_none_makes_no_archive(city: SmallCity) -> None:
    with pytest.raises(MobileInvalid):
        a_resident(city.station, phone="12356")
    assert not Resident.objects.exists()


def test_registering_needs_the_right_at_the_place(city: SmallCity) -> None:
    options: dict[str, Any] = {"account": None, "phone": "13800012345", "home_unit": city.station}
    for actor in (
        Actor.anonymous(),
        _staff(city.hotline.path, "residents.register"),
        _staff(city.county.path, "residents.view"),
    ):
        with pytest.raises(NotPermitted):
            api.register_resident(actor=actor, **options)
    assert not Resident.objects.exists()
    assert api.register_resident(actor=_staff(city.county.path, "residents.register"), **options)


def test_below_fourteen_a_guardians_token_for_this_phone_is_needed(city: SmallCity, at: Any) -> None:
    registrar = _staff(city.county.path, "residents.register")
    phone = "13800012345"
    token = api.issue_guardian_token(actor=registrar, phone=phone, reason="mother came along")
    other = api.issue_guardian_token(actor=registrar, phone="13900000000", reason="mother came along")
    for wrong in ("", "made up", other):
        with pytest.raises(GuardianConsentNeeded):
            a_resident(city.station, phone=phone, born_on=CHILD, guardian_token=wrong)
    assert not Resident.objects.exists()
    assert a_resident(city.station, phone=phone, born_on=CHILD, guardian_token=token)
    at.shift(timedelta(days=7, seconds=1))
    with pytest.raises(GuardianConsentNeeded):
        a_resident(city.station, phone="13900000000", born_on=CHILD, guardian_token=other)


def test_a_guardians_token_is_issued_by_staff_only(city: SmallCity) -> None:
    with pytest.raises(NotPermitted):
        api.issue_guardian_token(actor=Actor.anonymous(), phone="13800012345", reason="")
    with pytest.raises(NotPermitted):
        api.issue_guardian_token(actor=_staff("/1/", "residents.view"), phone="13800012345", reason="")


def test_agreeing_leaves_one_dated_row_however_often(city: SmallCity) -> None:
    resident = a_resident(city.station, born_on=date(1990, 5, 8))
    first, again = _agree(resident), _agree(resident)
    assert first.id == again.id
    assert (first.given_at, first.given_by) == (NOW, "self")
    assert api.has_consent(resident_id=resident.id, purpose=Purpose.SELF_TEST_NAMED, text_version=VERSION)
    assert not api.has_consent(
        resident_id=resident.id, purpose=Purpose.SELF_TEST_NAMED, text_version="2020-01"
    )
    assert not api.has_consent(resident_id=resident.id, purpose=Purpose.CONTACT_BACK)


def test_taking_back_dates_the_row_and_erases_nothing(city: SmallCity, at: Any) -> None:
    resident = a_resident(city.station, born_on=date(1990, 5, 8))
    _agree(resident)
    at.shift(timedelta(days=1))
    taken = api.withdraw_consent(
        actor=_as(resident), resident_id=resident.id, purpose=Purpose.SELF_TEST_NAMED
    )
    assert len(taken) == 1
    assert not api.has_consent(resident_id=resident.id, purpose=Purpose.SELF_TEST_NAMED)
    assert _agree(resident).given_at == NOW + timedelta(days=1)
    ledger = api.consents_of(actor=_as(resident), resident_uid=resident.uid)
    assert [consent.withdrawn_at is None for consent in ledger] == [True, False]
    events = set(AuditEvent.objects.filter(person_uid=resident.uid).values_list("event", flat=True))
    assert {"residents:consent:given", "residents:consent:withdrawn"} <= events


def test_nobody_agrees_for_somebody_else_or_takes_it_back(city: SmallCity) -> None:
    mine, other = a_resident(city.station), a_resident(city.station)
    _agree(other)
    for actor in (_as(mine), _staff(city.city.path, "residents.view"), Actor.anonymous()):
        with pytest.raises(NotPermitted):
            api.give_consent(
                actor=actor, resident_id=other.id, purpose=Purpose.SHARE_WITH_SCHOOL, text_version=VERSION
            )
        with pytest.raises(NotPermitted):
            api.withdraw_consent(actor=actor, resident_id=other.id, purpose=Purpose.SELF_TEST_NAMED)
    assert Consent.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("purpose", "version"), [("self_test_named", "2020-01"), ("self_test_named", ""), ("selling", "2026-11")]
)
def test_nobody_agrees_to_a_text_that_is_not_the_current_one(
    city: SmallCity, purpose: str, version: str
) -> None:
    resident = a_resident(city.station)
    with pytest.raises(ConsentTextUnknown):
        api.give_consent(actor=_as(resident), resident_id=resident.id, purpose=purpose, text_version=version)
    assert not Consent.objects.exists()


def test_a_child_agrees_with_a_guardian_except_to_help_in_a_crisis(city: SmallCity) -> None:
    phone = "13800012345"
    registrar = _staff(city.county.path, "residents.register")
    token = api.issue_guardian_token(actor=registrar, phone=phone, reason="mother came along")
    child = a_resident(city.station, phone=phone, born_on=CHILD, guardian_token=token)
    with pytest.raises(GuardianConsentNeeded):
        _agree(child)
    assert not Consent.objects.exists()
    assert _agree(child, guardian_token=token).given_by == "guardian"
    assert _agree(child, Purpose.CONTACT_BACK).given_by == "self"
    assert _agree(child, Purpose.EMERGENCY_CONTACT).given_by == "self"


def test_looking_at_a_person_is_recorded_with_who_and_whom(city: SmallCity) -> None:
    resident = a_resident(city.station)
    counsellor = replace(_staff(city.station.path, "residents.view"), request_uid="q")
    assert api.access_resident(actor=counsellor, uid=resident.uid) == resident
    event = AuditEvent.objects.get(event="residents:resident:viewed")
    assert (event.actor_label, event.person_uid, event.request_uid) == ("赵宁", resident.uid, "q")


def test_a_person_who_is_not_theirs_looks_like_nobody_and_leaves_no_line(city: SmallCity) -> None:
    resident = a_resident(city.station)
    for actor in (
        _staff(city.hotline.path, "residents.view"),
        _staff(city.station.path, "risk.view"),
        Actor.anonymous(),
        _as(a_resident(city.station)),
    ):
        with pytest.raises(NotFound):
            api.access_resident(actor=actor, uid=resident.uid)
    with pytest.raises(NotFound):
        api.access_resident(actor=SYSTEM, uid="no-such-uid")
    assert not AuditEvent.objects.filter(event="residents:resident:viewed").exists()


def test_the_predicate_for_one_and_the_filter_for_many_agree(city: SmallCity) -> None:
    people = [a_resident(unit) for unit in (city.station, city.county_centre, city.hotline, city.village)]
    actors = [
        SYSTEM,
        Actor.anonymous(),
        *(_as(person) for person in people),
        *(
            _staff(unit.path, *permissions)
            for unit in (city.city, city.county, city.station, city.hotline)
            for permissions in (("residents.view",), ("risk.view",), ())
        ),
    ]
    for actor in actors:
        many = set(visible_residents(actor, Resident.objects.all()).values_list("id", flat=True))
        assert many == {person.id for person in people if can_view_resident(actor, person)}, actor


def test_the_archive_behind_an_account_is_found_and_a_phone_only_by_the_house(city: SmallCity) -> None:
    resident = a_resident(city.station, with_account=True, phone="13800012345")
    assert resident.account is not None
    assert api.resident_of(account=resident.account) == resident
    assert api.phone_of(actor=SYSTEM, resident_id=resident.id) == "13800012345"
    for actor in (_staff(city.city.path, "residents.view"), _as(resident), Actor.anonymous()):
        assert api.phone_of(actor=actor, resident_id=resident.id) == ""
