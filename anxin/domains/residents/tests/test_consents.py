"""The ledger: by recipient, on paper, by a guardian, taken back at once; and what is done without asking."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from anxin.domains.audit.models import AuditEvent
from anxin.domains.network.tests.factories import SmallCity, a_small_city
from anxin.domains.residents import api
from anxin.domains.residents.contracts import (
    ActReasonMissing,
    ChildAssentNeeded,
    ConsentMissing,
    ConsentTextUnknown,
    GivenBy,
    GuardianConsentNeeded,
    LegalBasis,
    Purpose,
    RecipientWrong,
)
from anxin.domains.residents.models import ActWithoutConsent, Consent, Resident
from anxin.domains.residents.tests.factories import SYSTEM, a_resident
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
VERSION = api.consent_text(purpose=Purpose.SELF_TEST_NAMED).version
ADULT, CHILD, INFANT = date(1990, 5, 8), date(2014, 1, 1), date(2020, 1, 1)


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


def _as(person: Resident) -> Actor:
    return Actor(
        kind=ActorKind.RESIDENT,
        uid="r",
        label=person.number,
        resident_id=person.id,
        resident_uid=person.uid,
    )


def _child(city: SmallCity, born_on: date) -> Resident:
    phone = "13800012345"
    token = api.issue_guardian_token(
        actor=_staff(city.county.path, "residents.register"), phone=phone, reason="mother came along"
    )
    return a_resident(city.station, phone=phone, born_on=born_on, guardian_token=token)


def _paper(actor: Actor, person: Resident, **changes: Any) -> Consent:
    facts: dict[str, Any] = {
        "purpose": Purpose.SELF_TEST_NAMED,
        "text_version": VERSION,
        "signed_on": NOW.date(),
    }
    return api.record_paper_consent(actor=actor, resident_uid=person.uid, **facts | changes)


def test_an_agreement_says_what_data_it_is_about_and_who_receives_them(city: SmallCity) -> None:
    person = a_resident(city.station, born_on=ADULT)
    given = [
        api.give_consent(
            actor=_as(person),
            resident_id=person.id,
            purpose=Purpose.SHARE_WITH_SCHOOL,
            text_version=VERSION,
            recipient=school,
        )
        for school in ("第一中学", "第二中学")
    ]
    assert [(one.recipient, one.data_kinds) for one in given] == [
        ("第一中学", ["support_plan"]),
        ("第二中学", ["support_plan"]),
    ]
    api.withdraw_consent(
        actor=_as(person),
        resident_id=person.id,
        purpose=Purpose.SHARE_WITH_SCHOOL,
        recipient="第一中学",
    )
    question = {"actor": SYSTEM, "resident_id": person.id, "purpose": Purpose.SHARE_WITH_SCHOOL}
    assert not api.consent_in_force(**question, recipient="第一中学")
    assert api.consent_in_force(**question, recipient="第二中学")
    assert not api.consent_in_force(**question)


@pytest.mark.parametrize(
    ("purpose", "recipient"),
    [
        (Purpose.SHARE_WITH_SCHOOL, ""),
        (Purpose.SHARE_WITH_SCHOOL, "  "),
        (Purpose.SELF_TEST_NAMED, "第一中学"),
    ],
)
def test_a_recipient_is_named_exactly_where_something_is_passed_on(
    city: SmallCity, purpose: Purpose, recipient: str
) -> None:
    person = a_resident(city.station, born_on=ADULT)
    with pytest.raises(RecipientWrong):
        api.give_consent(
            actor=_as(person),
            resident_id=person.id,
            purpose=purpose,
            text_version=VERSION,
            recipient=recipient,
        )
    assert not Consent.objects.exists()


def test_a_newer_text_takes_the_place_of_the_older_one(city: SmallCity) -> None:
    person = a_resident(city.station, born_on=ADULT)
    old = Consent.objects.create(
        resident=person, purpose="self_test_named", text_version="2020-01", given_at=NOW - timedelta(days=1)
    )
    new = api.give_consent(
        actor=_as(person), resident_id=person.id, purpose=Purpose.SELF_TEST_NAMED, text_version=VERSION
    )
    old.refresh_from_db()
    assert (old.withdrawn_at, old.withdrawn_by) == (NOW, GivenBy.NEWER_TEXT)
    assert (new.text_version, new.withdrawn_at) == (VERSION, None)


@requirement("R-037")
def test_staff_write_down_what_was_signed_on_paper(city: SmallCity) -> None:
    person = a_resident(city.station, born_on=ADULT)
    kept = _paper(_staff(city.station.path, "residents.register", "residents.view"), person)
    assert (kept.signed_on, kept.recorded_by, kept.given_by) == (NOW.date(), "赵宁", "self")
    event = AuditEvent.objects.get(event="residents:consent:recorded")
    assert (event.actor_label, event.person_uid) == ("赵宁", person.uid)


def test_a_paper_is_refused_from_others_from_tomorrow_and_for_an_old_text(city: SmallCity) -> None:
    person = a_resident(city.station, born_on=ADULT)
    with pytest.raises(NotPermitted):
        _paper(_staff(city.station.path, "residents.view"), person)
    with pytest.raises(NotFound):
        _paper(_staff(city.hotline.path, "residents.register", "residents.view"), person)
    registrar = _staff(city.station.path, "residents.register", "residents.view")
    with pytest.raises(ConsentTextUnknown):
        _paper(registrar, person, signed_on=NOW.date() + timedelta(days=1))
    with pytest.raises(ConsentTextUnknown):
        _paper(registrar, person, text_version="2020-01")
    assert not Consent.objects.exists()


def test_below_fourteen_the_guardian_signs_and_from_eight_the_child_is_asked_too(city: SmallCity) -> None:
    registrar = _staff(city.county.path, "residents.register", "residents.view")
    child = _child(city, CHILD)
    with pytest.raises(GuardianConsentNeeded):
        _paper(registrar, child)
    for answer in (None, False):
        with pytest.raises(ChildAssentNeeded):
            _paper(registrar, child, given_by=GivenBy.GUARDIAN, child_assents=answer)
    assert not Consent.objects.exists()
    kept = _paper(registrar, child, given_by=GivenBy.GUARDIAN, child_assents=True)
    assert (kept.given_by, kept.child_assented) == ("guardian", True)


def test_below_eight_the_guardian_signs_alone(city: SmallCity) -> None:
    infant = _child(city, INFANT)
    registrar = _staff(city.county.path, "residents.register", "residents.view")
    kept = _paper(registrar, infant, given_by=GivenBy.GUARDIAN)
    assert (kept.given_by, kept.child_assented) == ("guardian", None)


@requirement("R-037")
def test_what_was_taken_back_is_not_in_force_in_the_same_moment(city: SmallCity) -> None:
    person = a_resident(city.station, born_on=ADULT)
    api.give_consent(
        actor=_as(person), resident_id=person.id, purpose=Purpose.SELF_TEST_NAMED, text_version=VERSION
    )
    question = {"actor": _as(person), "resident_id": person.id, "purpose": Purpose.SELF_TEST_NAMED}
    api.demand_consent(**question)
    api.withdraw_consent(actor=_as(person), resident_id=person.id, purpose=Purpose.SELF_TEST_NAMED)
    with pytest.raises(ConsentMissing):
        api.demand_consent(**question)


def test_whether_somebody_agreed_is_told_to_nobody_else(city: SmallCity) -> None:
    person, other = a_resident(city.station), a_resident(city.station)
    for actor in (_as(other), Actor.anonymous(), _staff(city.city.path, "residents.view")):
        with pytest.raises(NotPermitted):
            api.consent_in_force(actor=actor, resident_id=person.id, purpose=Purpose.ACCOUNT)


@pytest.mark.parametrize(
    "facts",
    [
        {"withdrawn_at": NOW - timedelta(days=1), "withdrawn_by": "self"},
        {"withdrawn_at": NOW},
        {"withdrawn_by": "self"},
        {"signed_on": NOW.date()},
        {"recorded_by": "赵宁"},
        {"child_assented": True},
    ],
)
def test_the_database_refuses_a_ledger_that_contradicts_itself(
    city: SmallCity, facts: dict[str, Any]
) -> None:
    person = a_resident(city.station)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(
            resident=person, purpose="account", text_version=VERSION, given_at=NOW, **facts
        )


def test_the_database_refuses_a_second_open_agreement(city: SmallCity) -> None:
    person = a_resident(city.station)
    Consent.objects.create(resident=person, purpose="account", text_version="2020-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(resident=person, purpose="account", text_version=VERSION)


def _act(
    actor: Actor, person: Resident, basis: LegalBasis, reason: str = "她说今晚要走"
) -> ActWithoutConsent:
    return api.act_without_consent(
        actor=actor,
        resident_uid=person.uid,
        basis=basis,
        purpose=Purpose.EMERGENCY_CONTACT,
        recipient="母亲",
        reason=reason,
    )


def test_when_a_life_is_in_danger_nobody_asks_first_but_it_is_written_down_and_told(city: SmallCity) -> None:
    person = a_resident(city.station)
    act = _act(_staff(city.station.path, "residents.view"), person, LegalBasis.LIFE_IN_DANGER)
    assert (act.acted_by, act.tell_by, act.told_at) == ("赵宁", NOW + timedelta(hours=24), None)
    api.mark_told(actor=SYSTEM, act_uid=act.uid)
    assert api.acts_without_consent(actor=_as(person), resident_uid=person.uid)[0].told_at == NOW


@pytest.mark.parametrize("basis", [basis for basis in LegalBasis if basis.is_protective])
def test_a_report_the_law_demands_needs_no_agreement_and_is_told_only_after_a_release(
    city: SmallCity, basis: LegalBasis
) -> None:
    person = a_resident(city.station)
    assert _act(SYSTEM, person, basis).tell_by is None


def test_an_act_without_consent_needs_a_reason_and_somebody_who_may_see_the_person(city: SmallCity) -> None:
    person = a_resident(city.station)
    staff = _staff(city.station.path, "residents.view")
    with pytest.raises(ActReasonMissing):
        _act(staff, person, LegalBasis.LIFE_IN_DANGER, reason="  ")
    with pytest.raises(NotFound):
        _act(_staff(city.hotline.path, "residents.view"), person, LegalBasis.LIFE_IN_DANGER)
    with pytest.raises(NotPermitted):
        _act(_as(person), person, LegalBasis.LIFE_IN_DANGER)
    with pytest.raises(NotPermitted):
        api.mark_told(actor=staff, act_uid=_act(staff, person, LegalBasis.LIFE_IN_DANGER).uid)
    assert ActWithoutConsent.objects.count() == 1
