"""A withdrawal counts from the moment it commits, for everything that stood on the agreement; an emergency does not."""

from datetime import timedelta
from typing import Any

import pytest

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import ArchiveClosed, ArchiveNotFound, OpenDraft, PersonDraft, Status
from anxin.domains.archives.models import Archive, Carer
from anxin.domains.assessments.models import Sitting
from anxin.domains.notices.models import Notice
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import ConsentMissing, LegalBasis, Purpose
from anxin.domains.residents.models import ActWithoutConsent
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Decision, Proof, RequestKind
from anxin.domains.risk.models import Evaluation, Warning
from anxin.flows import (
    act_without_consent,
    answer_subject_request,
    give_agreement,
    save_answer,
    submit_questionnaire,
    sweep_unevaluated,
    take_back_agreement,
)
from anxin.flows.tests.conftest import begin
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.requirements_marker import requirement

SYSTEM = Actor.system("test")
UNDER = Purpose.SELF_TEST_NAMED


def agree(city: small_city.SmallCity, purpose: Purpose = UNDER) -> Actor:
    actor = city.actor("li-qing")
    give_agreement.give(
        actor=actor, purpose=purpose, text_version=residents.consent_text(purpose=purpose).version
    )
    return actor


@pytest.fixture
def archive(city: small_city.SmallCity) -> Archive:
    """李晴's archive at 柳岸, opened and read by 赵宁."""
    zhao = city.actor("zhao-ning")
    with unit_of_work(zhao):
        return archives.open_archive(
            actor=zhao,
            unit_uid=city.units["LIUAN"].uid,
            draft=OpenDraft(
                person=PersonDraft(name="李晴"),
                text_version=residents.consent_text(purpose=Purpose.ARCHIVE).version,
                signed_on=clock.today(),
            ),
            resident_uid=city.residents["li-qing"].uid,
        )


def status() -> str:
    with unit_of_work(SYSTEM):
        return str(Archive.objects.get().status)


@requirement("R-037")
def test_after_the_withdrawal_no_answer_no_hand_in_and_no_evaluation(
    city: small_city.SmallCity, at: Any
) -> None:
    actor = agree(city)
    test = begin(city)
    for item in range(1, 9):
        save_answer.save(actor=actor, sitting_uid=test.uid, item=item, value=1, under=UNDER)
    take_back_agreement.take_back(actor=actor, purpose=UNDER)
    with pytest.raises(ConsentMissing):
        save_answer.save(actor=actor, sitting_uid=test.uid, item=9, value=3, under=UNDER)
    with pytest.raises(ConsentMissing):
        submit_questionnaire.submit(actor=actor, sitting_uid=test.uid, under=UNDER)
    at.shift(timedelta(minutes=10))
    sweep_unevaluated.sweep_unevaluated()
    with unit_of_work(SYSTEM):
        assert Sitting.objects.get(uid=test.uid).state == "draft"
        assert not Evaluation.objects.exists()
        assert not Warning.objects.exists()
        assert not Notice.objects.exists()


@requirement("R-037")
def test_after_the_withdrawal_nobody_reads_or_writes_the_archive_and_agreeing_again_opens_it(
    city: small_city.SmallCity, archive: Archive
) -> None:
    zhao, actor = city.actor("zhao-ning"), city.actor("li-qing")
    with unit_of_work(zhao):
        archives.access_archive(actor=zhao, uid=archive.uid)
        (carer,) = archives.carers_of(actor=zhao, archive=archive)
    take_back_agreement.take_back(actor=actor, purpose=Purpose.ARCHIVE)
    with unit_of_work(zhao), pytest.raises(ArchiveNotFound):
        archives.access_archive(actor=zhao, uid=archive.uid)
    with unit_of_work(zhao), pytest.raises((ArchiveClosed, NotPermitted, ArchiveNotFound)):
        archives.end_helper(actor=zhao, archive_uid=archive.uid, carer_uid=carer.uid)
    with unit_of_work(SYSTEM):
        assert Carer.objects.get().until is None
    assert status() == Status.RESTRICTED
    agree(city, Purpose.ARCHIVE)
    assert status() == Status.OPEN
    with unit_of_work(zhao):
        archives.access_archive(actor=zhao, uid=archive.uid)


@requirement("R-037")
def test_agreeing_again_does_not_undo_what_the_officer_restricted(
    city: small_city.SmallCity, archive: Archive
) -> None:
    actor = city.actor("li-qing")
    take_back_agreement.take_back(actor=actor, purpose=Purpose.ARCHIVE)
    with unit_of_work(actor):
        asked = rights.ask(
            actor=actor,
            resident_id=actor.resident_id,
            kind=RequestKind.RESTRICT,
            proof=Proof.PHONE_CODE,
        )
    grant = NodeGrant(city.units["C"].path, "security_officer", frozenset({"rights.decide"}))
    officer = Actor(kind=ActorKind.STAFF, uid="o", label="隐私负责人", grants=(grant,), staff_id=9)
    answer_subject_request.answer(actor=officer, request_uid=asked.uid, decision=Decision.GRANTED)
    agree(city, Purpose.ARCHIVE)
    assert status() == Status.RESTRICTED


@requirement("R-037")
def test_the_emergency_needs_no_agreement_and_tells_the_person_at_once(
    city: small_city.SmallCity, archive: Archive
) -> None:
    actor = city.actor("li-qing")
    for purpose in (Purpose.ARCHIVE, UNDER, Purpose.CONTACT_BACK):
        take_back_agreement.take_back(actor=actor, purpose=purpose)
    act_without_consent.act_without_consent(
        actor=city.actor("zhao-ning"),
        resident_uid=city.residents["li-qing"].uid,
        basis=LegalBasis.LIFE_IN_DANGER,
        purpose=Purpose.CONTACT_BACK,
        reason="站在桥上",
        recipient="110",
    )
    with unit_of_work(SYSTEM):
        assert [one.template for one in Notice.objects.all()] == ["told_afterwards"]
        act = ActWithoutConsent.objects.get()
    assert (act.told_at, act.tell_by) == (clock.now(), clock.now() + timedelta(hours=24))


def test_one_recipient_is_taken_back_and_the_other_stays(city: small_city.SmallCity) -> None:
    actor, purpose = city.actor("li-qing"), Purpose.SHARE_WITH_SCHOOL
    version = residents.consent_text(purpose=purpose).version
    for school in ("云澄一中", "云澄二中"):
        give_agreement.give(actor=actor, purpose=purpose, text_version=version, recipient=school)
    take_back_agreement.take_back(actor=actor, purpose=purpose, recipient="云澄一中")
    with unit_of_work(actor):
        stands = [
            residents.consent_in_force(
                actor=actor, resident_id=actor.resident_id, purpose=purpose, recipient=school
            )
            for school in ("云澄一中", "云澄二中")
        ]
    assert stands == [False, True]
