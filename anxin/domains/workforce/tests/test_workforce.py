"""Credentials count from the day they are verified to the midnight after their last day; never while suspended."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.domains.audit.models import AuditEvent
from anxin.domains.network.contracts import HostType, PeriodNotPossible, UnitKind
from anxin.domains.network.models import Unit
from anxin.domains.network.tests import factories as network
from anxin.domains.workforce import api
from anxin.domains.workforce.contracts import (
    Act,
    CredentialAlreadyRecorded,
    CredentialDraft,
    CredentialKind,
    OwnCredential,
    Permission,
    SubjectMissing,
)
from anxin.domains.workforce.models import Credential
from anxin.domains.workforce.policies import can_view_credentials, visible_credentials
from anxin.domains.workforce.tests import factories
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.errors import NotPermitted
from tests.house_eyes import reasons_of
from tests.requirements_marker import requirement

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def officer(path: str, *permissions: Permission, staff_id: int | None = None) -> Actor:
    """Somebody who looks after people at one node."""
    grants = (NodeGrant(path, "county_manager", frozenset(one.value for one in permissions)),)
    return Actor(kind=ActorKind.STAFF, uid="officer", label="干事", grants=grants, staff_id=staff_id)


def test_a_right_ends_at_the_midnight_after_the_last_day() -> None:
    person = network.a_person()
    factories.a_credential(person.id, valid_from=TODAY, valid_until=TODAY + DAY)

    may = [
        api.may_perform(staff_id=person.id, act=Act.COUNSELLING, on=TODAY + offset * DAY)
        for offset in (-1, 0, 1, 2)
    ]

    assert may == [False, True, True, False]


def test_an_unverified_credential_does_not_count_before_somebody_saw_it() -> None:
    person = network.a_person()
    credential = factories.a_credential(person.id, verified_on=None)
    assert not api.may_perform(staff_id=person.id, act=Act.COUNSELLING, on=clock.today())

    api.verify_credential(actor=network.SYSTEM, credential=credential)

    assert api.may_perform(staff_id=person.id, act=Act.COUNSELLING, on=clock.today())
    assert not api.may_perform(staff_id=person.id, act=Act.COUNSELLING, on=clock.today() - DAY)


def test_a_suspended_credential_does_not_count_from_that_day_on() -> None:
    person = network.a_person()
    credential = factories.a_credential(person.id)

    api.suspend_credential(actor=network.SYSTEM, credential=credential, reason="投诉调查")

    assert not api.may_perform(staff_id=person.id, act=Act.COUNSELLING, on=clock.today())
    assert api.may_perform(staff_id=person.id, act=Act.COUNSELLING, on=clock.today() - DAY)
    event = AuditEvent.objects.get(event="workforce:credential:suspended")
    assert reasons_of(event) == {event.uid: "投诉调查"}


def test_when_crisis_training_ends_the_right_over_high_risk_ends_and_counselling_stays() -> None:
    person = network.a_person()
    factories.a_credential(person.id)
    factories.a_credential(person.id, CredentialKind.CRISIS_TRAINING, valid_until=TODAY)

    assert api.may_perform(staff_id=person.id, act=Act.CONFIRM_HIGH_RISK, on=TODAY)
    assert not api.may_perform(staff_id=person.id, act=Act.CONFIRM_HIGH_RISK, on=TODAY + DAY)
    assert api.may_perform(staff_id=person.id, act=Act.COUNSELLING, on=TODAY + DAY)


def test_the_competent_of_many_are_found_in_one_query() -> None:
    people = [network.a_person() for _ in range(4)]
    for person in people[:2]:
        factories.a_credential(person.id)
        factories.a_credential(person.id, CredentialKind.CRISIS_TRAINING)
    factories.a_credential(people[2].id, CredentialKind.TUTOR)

    with CaptureQueriesContext(connection) as queries:
        found = api.competent_staff_ids(
            staff_ids=[person.id for person in people], act=Act.CONFIRM_HIGH_RISK, on=TODAY
        )

    assert len(queries) == 1
    assert found == {people[0].id, people[1].id}
    assert api.competent_staff_ids(staff_ids=[], act=Act.SUPPORT, on=TODAY) == frozenset()


@requirement("R-008")
def test_therapy_needs_the_person_and_the_medical_unit() -> None:
    city = network.a_unit(UnitKind.CITY)
    community = network.a_unit(UnitKind.STATION, city)
    medical = network.a_unit(UnitKind.STATION, city, host_type=HostType.MEDICAL, is_medical_institution=True)
    therapist, counsellor = network.a_person(), network.a_person()
    factories.a_credential(therapist.id, CredentialKind.THERAPIST)
    factories.a_credential(counsellor.id)

    def may(staff_id: int, unit: Unit | None) -> bool:
        return api.may_perform(staff_id=staff_id, act=Act.PSYCHOTHERAPY, on=TODAY, unit=unit)

    assert may(therapist.id, medical)
    assert not may(therapist.id, community)
    assert not may(therapist.id, None)
    assert not may(counsellor.id, medical)


def test_training_in_one_instrument_is_no_training_in_another() -> None:
    person = network.a_person()
    factories.a_credential(person.id, CredentialKind.INSTRUMENT_TRAINING, subject="c-ssrs")
    act = Act.ASSESS_WITH_INSTRUMENT

    assert api.may_perform(staff_id=person.id, act=act, on=TODAY, subject="c-ssrs")
    assert not api.may_perform(staff_id=person.id, act=act, on=TODAY, subject="asq")


def test_what_cannot_be_recorded_is_refused_and_nothing_changes() -> None:
    person = network.a_person()
    factories.a_credential(person.id)
    drafts = [
        (CredentialDraft(person.id, CredentialKind.TUTOR, TODAY, TODAY - DAY), PeriodNotPossible),
        (CredentialDraft(person.id, CredentialKind.INSTRUMENT_TRAINING, TODAY), SubjectMissing),
        (CredentialDraft(person.id, CredentialKind.TUTOR, TODAY, subject="phq-9"), SubjectMissing),
        (CredentialDraft(person.id, CredentialKind.COUNSELLOR, network.LONG_AGO), CredentialAlreadyRecorded),
    ]

    for draft, error in drafts:
        with pytest.raises(error):
            api.record_credential(actor=network.SYSTEM, draft=draft)
        with pytest.raises(error):
            api.record_credentials(actor=network.SYSTEM, drafts=[draft])

    assert Credential.objects.count() == 1


def test_credentials_are_kept_by_who_looks_after_the_persons_unit_and_never_by_the_person() -> None:
    small = network.a_small_city()
    lead = small.station_lead
    draft = CredentialDraft(lead.staff_id, CredentialKind.COUNSELLOR, TODAY, verified_on=TODAY)
    elsewhere = network.a_unit(UnitKind.COUNTY, small.city)

    for actor in (
        Actor.anonymous(),
        officer(small.county.path, Permission.VIEW),
        officer(elsewhere.path, Permission.MANAGE),
    ):
        with pytest.raises(NotPermitted):
            api.record_credential(actor=actor, draft=draft)
    own = officer(small.county.path, Permission.MANAGE, staff_id=lead.staff_id)
    with pytest.raises(OwnCredential):
        api.record_credential(actor=own, draft=draft)
    assert not Credential.objects.exists()

    kept = api.record_credential(
        actor=own, draft=CredentialDraft(lead.staff_id, CredentialKind.COUNSELLOR, TODAY)
    )
    with pytest.raises(OwnCredential):
        api.verify_credential(actor=own, credential=kept)
    api.verify_credential(actor=officer(small.county.path, Permission.MANAGE), credential=kept)


def test_a_person_posted_nowhere_is_looked_after_by_the_city() -> None:
    small = network.a_small_city()
    draft = CredentialDraft(network.a_person().id, CredentialKind.TUTOR, TODAY)

    with pytest.raises(NotPermitted):
        api.record_credential(actor=officer(small.county.path, Permission.MANAGE), draft=draft)
    assert api.record_credential(actor=officer(small.city.path, Permission.MANAGE), draft=draft)


def test_the_rule_for_one_person_and_the_rule_for_many_agree() -> None:
    small = network.a_small_city()
    factories.qualify(*small.postings)
    actors = [
        Actor.anonymous(),
        network.SYSTEM,
        officer(small.county.path, Permission.VIEW),
        officer(small.station.path, Permission.MANAGE),
        officer(small.hotline.path, Permission.VIEW, staff_id=small.station_lead.staff_id),
    ]

    for actor in actors:
        assert set(visible_credentials(actor, Credential.objects.all())) == {
            one for one in Credential.objects.all() if can_view_credentials(actor, one.staff_id)
        }
    assert api.credentials_queryset(actor=actors[4]).count() == 4
