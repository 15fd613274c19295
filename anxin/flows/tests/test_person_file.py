"""The person's own file: complete, read back the same, valid FHIR, and without what is withheld."""

import json
from datetime import date

import pytest
from django.test import Client
from fhir.resources.R4B.bundle import Bundle

from anxin.domains.accounts.models import Account
from anxin.domains.assessments.models import Sitting
from anxin.domains.audit.models import AuditEvent
from anxin.domains.notices.models import Notice
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import ConsentMissing, LegalBasis, Purpose
from anxin.domains.residents.models import ActWithoutConsent, Consent, Resident
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Decision, Proof, RequestKind
from anxin.exchange.person import shape
from anxin.exchange.person.fhir import to_bundle
from anxin.flows import (
    act_without_consent,
    answer_subject_request,
    collect_person_file,
    leave_platform,
    save_answer,
)
from anxin.flows.tests.conftest import begin
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
REASON = "孩子说父亲打她"


def _agree(city: small_city.SmallCity) -> Actor:
    actor = city.actor("li-qing")
    version = residents.consent_text(purpose=Purpose.SELF_TEST_NAMED).version
    with unit_of_work(actor):
        residents.give_consent(
            actor=actor,
            resident_id=actor.resident_id,
            purpose=Purpose.SELF_TEST_NAMED,
            text_version=version,
        )
    return actor


def _officer(city: small_city.SmallCity) -> Actor:
    grant = NodeGrant(city.units["C"].path, "security_officer", frozenset({"rights.decide"}))
    return Actor(kind=ActorKind.STAFF, uid="o", label="隐私负责人", grants=(grant,), staff_id=9)


def _act(city: small_city.SmallCity, basis: LegalBasis, who: str = "zhao-ning") -> ActWithoutConsent:
    return act_without_consent.act_without_consent(
        actor=city.actor(who),
        resident_uid=city.residents["li-qing"].uid,
        basis=basis,
        purpose=Purpose.CONTACT_BACK,
        reason=REASON,
        recipient="派出所",
    )


def _make_a_minor(city: small_city.SmallCity) -> None:
    with unit_of_work(SYSTEM):
        Resident.objects.filter(id=city.residents["li-qing"].id).update(born_on=date(2011, 1, 1))


@requirement("R-037", "R-067")
def test_the_copy_reads_back_to_the_same_file_and_is_valid_fhir(city: small_city.SmallCity) -> None:
    actor = _agree(city)
    journey = begin(city)
    journey.answer([1] * 9)
    journey.submit()
    file = collect_person_file.take_copy(actor=actor)
    assert shape.read_json(shape.write_json(file)) == file
    assert (file.person.name, file.person.phone) == ("李晴", "13800000001")
    assert [(one.instrument, one.answers) for one in file.sittings] == [("phq-9", [1] * 9)]
    assert [one.purpose for one in file.consents] == ["self_test_named"]
    assert file.calls
    bundle = json.loads(json.dumps(to_bundle(file, collect_person_file.forms_of(file))))
    Bundle.model_validate(bundle)
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds[:3] == ["Patient", "Consent", "QuestionnaireResponse"]
    assert "Observation" in kinds
    with unit_of_work(SYSTEM):
        assert (
            AuditEvent.objects.filter(event="rights:copy:taken", person_uid=actor.resident_uid).count() == 1
        )


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"format": "anxin-person-file", "extra": 1}']
)
def test_a_file_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(shape.NotAPersonFile):
        shape.read_json(content)


def test_nobody_but_a_person_takes_a_file(city: small_city.SmallCity) -> None:
    for actor in (city.actor("zhao-ning"), Actor.anonymous(), SYSTEM):
        with pytest.raises(NotPermitted):
            collect_person_file.take_copy(actor=actor)


@requirement("R-037")
def test_a_mandatory_report_stays_out_of_a_minors_file_until_the_officer_releases_it(
    city: small_city.SmallCity,
) -> None:
    _make_a_minor(city)
    act = _act(city, LegalBasis.MANDATORY_REPORT)
    child = city.actor("li-qing")
    before = collect_person_file.collect(actor=child)
    assert before.acts_without_consent == []
    assert not [one for one in before.trail if one.event.startswith(("rights:", "residents:act-"))]
    with unit_of_work(SYSTEM):
        assert not Notice.objects.exists()
    officer = rights.officer(_officer(city))
    with unit_of_work(officer):
        (entry,) = rights.protected_entries(actor=officer)
        rights.release(actor=officer, entry_uid=entry.uid, reason="已立案")
    after = collect_person_file.collect(actor=child)
    assert [one.uid for one in after.acts_without_consent] == [act.uid]


def test_when_a_life_was_in_danger_the_person_is_told_afterwards(city: small_city.SmallCity) -> None:
    act = _act(city, LegalBasis.LIFE_IN_DANGER)
    assert act.told_at is not None
    with unit_of_work(SYSTEM):
        assert [one.template for one in Notice.objects.all()] == ["told_afterwards"]
    assert [
        one.uid for one in collect_person_file.collect(actor=city.actor("li-qing")).acts_without_consent
    ] == [act.uid]


def test_who_may_not_see_the_person_acts_on_nothing(city: small_city.SmallCity) -> None:
    with pytest.raises(NotFound):
        _act(city, LegalBasis.MANDATORY_REPORT, who="chen-mo")
    with unit_of_work(SYSTEM):
        assert not ActWithoutConsent.objects.exists()


@requirement("R-037")
def test_what_was_taken_back_stops_the_next_answer(city: small_city.SmallCity) -> None:
    actor = _agree(city)
    journey = begin(city)
    under = {"actor": actor, "sitting_uid": journey.uid, "value": 0, "under": Purpose.SELF_TEST_NAMED}
    save_answer.save(item=1, **under)
    with unit_of_work(actor):
        residents.withdraw_consent(
            actor=actor, resident_id=actor.resident_id, purpose=Purpose.SELF_TEST_NAMED
        )
    with pytest.raises(ConsentMissing):
        save_answer.save(item=2, **under)
    with unit_of_work(SYSTEM):
        assert Sitting.objects.get(uid=journey.uid).answers[:2] == [0, None]


def _ask(city: small_city.SmallCity, kind: RequestKind, **more: object) -> str:
    actor = city.actor("li-qing")
    with unit_of_work(actor):
        return rights.ask(
            actor=actor, resident_id=actor.resident_id, kind=kind, proof=Proof.PHONE_CODE, **more
        ).uid


def test_a_granted_correction_is_made_at_once(city: small_city.SmallCity) -> None:
    uid = _ask(city, RequestKind.CORRECT, changes={"born_on": "1996-04-05"})
    done = answer_subject_request.answer(actor=_officer(city), request_uid=uid, decision=Decision.GRANTED)
    assert done.state == "closed"
    with unit_of_work(SYSTEM):
        assert Resident.objects.get(id=city.residents["li-qing"].id).born_on == date(1996, 4, 5)


def test_a_refused_correction_changes_nothing(city: small_city.SmallCity) -> None:
    uid = _ask(city, RequestKind.CORRECT, changes={"born_on": "1996-04-05"})
    answer_subject_request.answer(
        actor=_officer(city), request_uid=uid, decision=Decision.REFUSED, reason="没有证明"
    )
    with unit_of_work(SYSTEM):
        assert Resident.objects.get(id=city.residents["li-qing"].id).born_on == date(1996, 5, 4)


def test_what_may_not_be_deleted_is_restricted_to_the_person_and_messages_are_deleted(
    city: small_city.SmallCity,
) -> None:
    journey = begin(city)
    journey.answer([0] * 9)
    journey.submit()
    _act(city, LegalBasis.LIFE_IN_DANGER)
    with unit_of_work(SYSTEM):
        Notice.objects.update(outcome="sent")
    uid = _ask(city, RequestKind.DELETE)
    answer_subject_request.answer(
        actor=_officer(city), request_uid=uid, decision=Decision.PARTLY, reason="服务记录须留存"
    )
    for who in ("zhao-ning", "sun-lan", "shao-ming"):
        with unit_of_work(city.actor(who)):
            assert not Sitting.objects.filter(uid=journey.uid).exists()
    with unit_of_work(city.actor("li-qing")):
        assert Sitting.objects.filter(uid=journey.uid).exists()
    with unit_of_work(SYSTEM):
        assert not Notice.objects.exists()


def test_leaving_closes_the_account_and_takes_everything_back_in_the_same_moment(
    city: small_city.SmallCity,
) -> None:
    actor = _agree(city)
    request = leave_platform.leave(actor=actor, account=city.accounts["li-qing"])
    with unit_of_work(SYSTEM):
        assert not Account.objects.get(id=city.accounts["li-qing"].id).is_active
        assert not Consent.objects.filter(withdrawn_at__isnull=True).exists()
    answer_subject_request.answer(
        actor=_officer(city), request_uid=request.uid, decision=Decision.PARTLY, reason="服务记录须留存"
    )
    with unit_of_work(SYSTEM):
        left = Resident.objects.get(id=city.residents["li-qing"].id)
    assert (left.phone, left.phone_index, left.name) == ("", None, "李晴")


def test_what_is_withheld_stands_on_no_line_of_who_looked(city: small_city.SmallCity) -> None:
    act = _act(city, LegalBasis.CHILD_PROTECTION)
    client = Client()
    client.force_login(city.accounts["li-qing"], backend="anxin.domains.accounts.backends.LoginBackend")

    def lines() -> int:
        return sum(len(group.looks) for group in client.get("/me/access/").context["view"].groups)

    to_an_adult = lines()
    _make_a_minor(city)
    with unit_of_work(SYSTEM):
        about = AuditEvent.objects.filter(subject_uid=act.uid).count()
    assert about >= 2
    assert lines() == to_an_adult - about
