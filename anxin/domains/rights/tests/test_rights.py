"""Requests and their clocks, the officer's narrow scope, what is withheld from whom."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from anxin.domains.network.tests.factories import SmallCity, a_small_city
from anxin.domains.residents.contracts import LegalBasis
from anxin.domains.residents.models import Resident
from anxin.domains.residents.tests.factories import SYSTEM, a_resident
from anxin.domains.rights import api
from anxin.domains.rights.contracts import (
    AlreadyReleased,
    Decision,
    NothingToCorrect,
    Proof,
    ReasonMissing,
    RequestKind,
    RequestOpen,
    RequestState,
    Viewer,
    WordsMissing,
)
from anxin.domains.rights.models import ProtectedEntry, Release, RequestEntry, SubjectRequest
from anxin.domains.rights.policies import (
    can_view_protected,
    can_view_request,
    visible_protected,
    visible_requests,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

# A Tuesday; the three working days after it end on Friday.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
WHY = "法律要求保留服务记录"


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> Iterator[SmallCity]:
    with unit_of_work(SYSTEM):
        yield a_small_city()


def _officer(path: str, *permissions: str) -> Actor:
    """The privacy officer of a node: meets nobody by name."""
    grant = NodeGrant(path, "security_officer", frozenset(permissions or ("rights.decide",)))
    return Actor(kind=ActorKind.STAFF, uid="o", label="隐私负责人", grants=(grant,), staff_id=9)


def _staff(path: str, *permissions: str) -> Actor:
    grant = NodeGrant(path, "counsellor", frozenset(permissions), sees_identified=True)
    return Actor(kind=ActorKind.STAFF, uid="u", label="赵宁", grants=(grant,), staff_id=1)


def _as(person: Resident) -> Actor:
    return Actor(kind=ActorKind.RESIDENT, uid="r", label="R", resident_id=person.id, resident_uid=person.uid)


def _ask(person: Resident, kind: RequestKind = RequestKind.DELETE, **more: Any) -> SubjectRequest:
    return api.ask(actor=_as(person), resident_id=person.id, kind=kind, **more)


def _states(request: SubjectRequest) -> list[str]:
    return list(RequestEntry.objects.filter(request=request).order_by("id").values_list("state", flat=True))


@requirement("R-037")
def test_a_request_starts_both_clocks_and_a_fresh_code_proves_who_asks(city: SmallCity) -> None:
    request = _ask(a_resident(city.station), proof=Proof.PHONE_CODE)
    assert request.acknowledge_due_at == datetime(2026, 11, 27, 10, 0, tzinfo=clock.LOCAL)
    assert request.decide_due_at == NOW + timedelta(days=15)
    assert (request.state, request.verified_at) == (RequestState.IDENTITY_VERIFIED, NOW)
    assert _states(request) == ["requested", "identity_verified"]


def test_the_way_of_a_request_is_requested_proved_decided_fulfilled_closed(city: SmallCity) -> None:
    officer, request = _officer(city.city.path), _ask(a_resident(city.station))
    api.verify_identity(actor=officer, request_uid=request.uid, proof=Proof.IN_PERSON)
    api.decide(actor=officer, request_uid=request.uid, decision=Decision.PARTLY, reason=WHY)
    done = api.mark_fulfilled(actor=SYSTEM, request_uid=request.uid)
    assert _states(request) == ["requested", "identity_verified", "decided", "fulfilled", "closed"]
    assert (done.decided_by, done.reason, done.decision) == ("隐私负责人", WHY, "partly")


def test_a_refusal_ends_a_request_and_says_why(city: SmallCity) -> None:
    officer, request = _officer(city.city.path), _ask(a_resident(city.station), proof=Proof.PHONE_CODE)
    for answer in (Decision.REFUSED, Decision.PARTLY):
        with pytest.raises(ReasonMissing):
            api.decide(actor=officer, request_uid=request.uid, decision=answer, reason=" ")
    assert _states(request) == ["requested", "identity_verified"]
    ended = api.decide(actor=officer, request_uid=request.uid, decision=Decision.REFUSED, reason=WHY)
    assert (ended.state, ended.closed_at) == ("closed", NOW)


def test_nothing_is_decided_before_it_is_sure_who_asks_nor_twice(city: SmallCity) -> None:
    officer, request = _officer(city.city.path), _ask(a_resident(city.station))
    with pytest.raises(MoveNotAllowed):
        api.decide(actor=officer, request_uid=request.uid, decision=Decision.GRANTED)
    api.verify_identity(actor=officer, request_uid=request.uid, proof=Proof.DOCUMENT)
    api.decide(actor=officer, request_uid=request.uid, decision=Decision.GRANTED)
    for again in (Decision.GRANTED, Decision.REFUSED):
        with pytest.raises(MoveNotAllowed):
            api.decide(actor=officer, request_uid=request.uid, decision=again, reason=WHY)
    assert SubjectRequest.objects.get().decision == "granted"


def test_one_request_of_a_kind_at_a_time(city: SmallCity) -> None:
    person = a_resident(city.station)
    first = _ask(person)
    with pytest.raises(RequestOpen):
        _ask(person)
    assert _ask(person, RequestKind.LEAVE)
    api.take_back(actor=_as(person), request_uid=first.uid)
    assert _ask(person).uid != first.uid


def test_taking_back_is_for_the_person_and_before_the_answer(city: SmallCity) -> None:
    officer, person = _officer(city.city.path), a_resident(city.station)
    request = _ask(person, proof=Proof.PHONE_CODE)
    for stranger in (_as(a_resident(city.station)), officer, Actor.anonymous()):
        with pytest.raises(NotFound):
            api.take_back(actor=stranger, request_uid=request.uid)
    api.decide(actor=officer, request_uid=request.uid, decision=Decision.GRANTED)
    with pytest.raises(MoveNotAllowed):
        api.take_back(actor=_as(person), request_uid=request.uid)


def test_a_request_says_what_it_is_about(city: SmallCity) -> None:
    person = a_resident(city.station)
    with pytest.raises(WordsMissing):
        _ask(person, RequestKind.EXPLAIN, text="  ")
    for nothing in ({}, {"name": " "}, {"number": "R1"}):
        with pytest.raises(NothingToCorrect):
            _ask(person, RequestKind.CORRECT, changes=nothing)
    assert not SubjectRequest.objects.exists()


def test_nobody_asks_decides_or_fulfils_for_somebody_else(city: SmallCity) -> None:
    person, other = a_resident(city.station), a_resident(city.station)
    request = _ask(person, proof=Proof.PHONE_CODE)
    officer = _officer(city.city.path)
    for actor in (_as(other), officer, Actor.anonymous()):
        with pytest.raises(NotPermitted):
            api.ask(actor=actor, resident_id=person.id, kind=RequestKind.LEAVE)
    for actor in (
        _as(person),
        SYSTEM,
        _officer(city.hotline.path),
        _officer(city.city.path, "audit.read"),
        Actor.anonymous(),
    ):
        with pytest.raises(NotFound):
            api.decide(actor=actor, request_uid=request.uid, decision=Decision.GRANTED)
    for actor in (officer, _as(person)):
        with pytest.raises(NotPermitted):
            api.mark_fulfilled(actor=actor, request_uid=request.uid)
    assert SubjectRequest.objects.get().decision == ""


def test_what_was_asked_and_answered_lies_sealed(city: SmallCity) -> None:
    request = _ask(
        a_resident(city.station),
        RequestKind.CORRECT,
        text="名字写错了",
        changes={"name": "李晴"},
        proof=Proof.PHONE_CODE,
    )
    api.decide(actor=_officer(city.city.path), request_uid=request.uid, decision=Decision.REFUSED, reason=WHY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, changes, reason FROM rights_subjectrequest")
        stored = str(cursor.fetchall())
    assert not [plain for plain in ("名字写错了", "李晴", WHY) if plain in stored]


def test_the_officers_scope_shows_requests_below_the_node_and_not_one_person(city: SmallCity) -> None:
    person = a_resident(city.station)
    request = _ask(person)
    officer = api.officer(_officer(city.county.path))
    with unit_of_work(officer):
        assert list(api.requests_queryset(actor=officer)) == [request]
        assert not Resident.objects.exists()
    elsewhere = api.officer(_officer(city.hotline.path))
    with unit_of_work(elsewhere):
        assert not SubjectRequest.objects.exists()
    nobody = _officer(city.county.path)
    with unit_of_work(nobody):
        assert not SubjectRequest.objects.exists()
    counsellor = api.officer(_staff(city.county.path, "residents.view"))
    with unit_of_work(counsellor):
        assert not SubjectRequest.objects.exists()


def test_the_predicate_for_one_and_the_filter_for_many_agree(city: SmallCity) -> None:
    people = [a_resident(unit) for unit in (city.station, city.county_centre, city.hotline)]
    requests = [_ask(person) for person in people]
    entries = [
        api.protect(
            actor=SYSTEM, person=person, subject_uid=f"s{person.id}", why=LegalBasis.POLICE, reason=WHY
        )
        for person in people
    ]
    actors = [
        SYSTEM,
        Actor.anonymous(),
        *(_as(person) for person in people),
        *(_officer(unit.path) for unit in (city.city, city.county, city.station, city.hotline)),
        *(_officer(unit.path, "audit.read") for unit in (city.city, city.hotline)),
    ]
    for actor in actors:
        assert set(visible_requests(actor, SubjectRequest.objects.all())) == {
            one for one in requests if can_view_request(actor, one)
        }
        assert set(visible_protected(actor, ProtectedEntry.objects.all())) == {
            one for one in entries if can_view_protected(actor, one)
        }


def _protect(actor: Actor, person: Resident, **more: Any) -> ProtectedEntry:
    facts: dict[str, Any] = {
        "subject_uid": "some-uid",
        "why": LegalBasis.MANDATORY_REPORT,
        "reason": "父亲是加害人",
    }
    return api.protect(actor=actor, person=person, **facts | more)


@pytest.mark.parametrize(
    ("born_on", "from_guardian", "from_person"),
    [
        (date(2014, 1, 1), True, True),
        (date(2010, 1, 1), True, True),
        (date(1990, 1, 1), True, False),
        (None, True, False),
    ],
)
def test_protective_entries_are_withheld_from_guardians_and_from_minors_whose_phone_they_may_hold(
    city: SmallCity, born_on: date | None, from_guardian: bool, from_person: bool
) -> None:
    person = a_resident(city.station)
    Resident.objects.filter(id=person.id).update(born_on=born_on)
    _protect(_staff(city.station.path, "rights.protect"), person)
    for viewer, is_withheld in ((Viewer.GUARDIAN, from_guardian), (Viewer.PERSON, from_person)):
        found = api.withheld_uids(actor=SYSTEM, resident_id=person.id, viewer=viewer)
        assert found == (frozenset({"some-uid"}) if is_withheld else frozenset())


def test_the_officer_releases_once_with_a_reason(city: SmallCity) -> None:
    person, officer = a_resident(city.station), _officer(city.city.path)
    entry = _protect(SYSTEM, person)
    for stranger in (SYSTEM, _as(person), _officer(city.hotline.path), _staff("/", "rights.protect")):
        with pytest.raises(NotFound):
            api.release(actor=stranger, entry_uid=entry.uid, reason=WHY)
    with pytest.raises(ReasonMissing):
        api.release(actor=officer, entry_uid=entry.uid, reason="")
    assert not Release.objects.exists()
    assert api.protected_entries(actor=officer) == [entry]
    api.release(actor=officer, entry_uid=entry.uid, reason="已立案，可以告知")
    assert api.protected_entries(actor=officer) == []
    assert not api.withheld_uids(actor=SYSTEM, resident_id=person.id, viewer=Viewer.GUARDIAN)
    with pytest.raises(AlreadyReleased):
        api.release(actor=officer, entry_uid=entry.uid, reason=WHY)


def test_marking_needs_the_right_there_and_a_reason_that_protects(city: SmallCity) -> None:
    person = a_resident(city.station)
    for stranger in (
        _staff(city.hotline.path, "rights.protect"),
        _staff(city.city.path, "risk.act"),
        _as(person),
    ):
        with pytest.raises(NotPermitted):
            _protect(stranger, person)
    with pytest.raises(ReasonMissing):
        _protect(SYSTEM, person, reason=" ")
    with pytest.raises(ReasonMissing):
        _protect(SYSTEM, person, why=LegalBasis.LIFE_IN_DANGER)
    assert not ProtectedEntry.objects.exists()


def test_what_is_withheld_is_asked_by_the_house_alone(city: SmallCity) -> None:
    person = a_resident(city.station)
    for actor in (_as(person), _officer(city.city.path), Actor.anonymous()):
        with pytest.raises(NotPermitted):
            api.withheld_uids(actor=actor, resident_id=person.id, viewer=Viewer.GUARDIAN)


def test_neither_the_person_nor_staff_find_a_protective_entry_with_any_query(city: SmallCity) -> None:
    person = a_resident(city.station)
    _protect(SYSTEM, person)
    for actor in (_as(person), _staff(city.city.path, "residents.view", "rights.protect")):
        with unit_of_work(actor):
            assert not ProtectedEntry.objects.exists()
    with unit_of_work(api.officer(_officer(city.city.path))):
        assert ProtectedEntry.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"decision": "granted"},
        {"verified_at": NOW},
        {"state": "closed"},
        {"closed_at": NOW},
        {"state": "decided", "verified_at": NOW, "proof": "document", "decided_at": NOW, "decision": "refused",
         "decided_by": "x"},
        {"decide_due_at": NOW - timedelta(days=1)},
    ],
)  # fmt: skip
def test_the_database_refuses_a_request_that_contradicts_itself(
    city: SmallCity, facts: dict[str, Any]
) -> None:
    request = _ask(a_resident(city.station))
    with pytest.raises(IntegrityError), transaction.atomic():
        SubjectRequest.objects.filter(id=request.id).update(**facts)


def test_requests_follow_a_unit_that_moves(city: SmallCity) -> None:
    person = a_resident(city.station)
    _ask(person)
    _protect(SYSTEM, person)
    with pytest.raises(NotPermitted):
        api.follow_moved_node(actor=_as(person), old_path=city.station.path, new_path="/9/")
    api.follow_moved_node(actor=SYSTEM, old_path=city.station.path, new_path="/9/")
    assert SubjectRequest.objects.get().scope_path == "rights:/9/"
    assert ProtectedEntry.objects.get().scope_path == "rights:/9/"


def test_what_is_kept_is_said_in_both_languages() -> None:
    chinese, english = api.kinds_of_data(), api.kinds_of_data(language="en")
    assert [kind.key for kind in chinese] == [kind.key for kind in english]
    assert all(kind.title and kind.why and kind.basis and kind.keeper and kind.until for kind in chinese)
    assert {kind.key for kind in chinese if kind.can_delete} == {"drafts", "notices"}
