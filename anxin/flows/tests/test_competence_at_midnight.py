"""A credential counts through its last day in the city, and from the midnight after it opens nothing any more."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Conduct, ConsentBasis, InterviewDraft, NotTrained
from anxin.domains.assessments.models import Sitting
from anxin.domains.instruments.contracts import Respondent
from anxin.domains.network.models import Unit
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Ending, Findings, Level, NotCompetent
from anxin.domains.risk.models import RiskAssessment, Warning
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act, ActReserved, CredentialDraft, CredentialKind
from anxin.domains.workforce.models import Credential
from anxin.flows import (
    acknowledge_warning,
    assess_warning,
    contact_person,
    end_warning,
    interview_resident,
    save_answer,
    submit_questionnaire,
)
from anxin.kernel import clock, heartbeat
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_city
from tests.small_city import SINCE, SYSTEM, SmallCity

LAST_DAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=clock.LOCAL)
LAST_SECOND = datetime(2026, 11, 24, 23, 59, 59, tzinfo=clock.LOCAL)
MIDNIGHT = LAST_SECOND + timedelta(seconds=1)
FINDINGS = Findings(ideation="yes", plan="no")


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(db: None, at: Any) -> SmallCity:
    """The small city, in which every crisis training of 赵宁 and 孙岚 ends today."""
    heartbeat.beat(heartbeat.WORKER)
    made = small_city.build()
    with unit_of_work(SYSTEM):
        for code in ("zhao-ning", "sun-lan"):
            Credential.objects.filter(staff=made.staff[code], kind=CredentialKind.CRISIS_TRAINING).update(
                valid_until=LAST_DAY
            )
    return made


@pytest.fixture
def warning(city: SmallCity) -> Warning:
    """An L3 about 李晴, taken over by 赵宁 and reached."""
    actor = city.actor("li-qing")
    with unit_of_work(actor):
        sitting = assessments.start_sitting(
            actor=actor,
            instrument="phq-9",
            language="zh-Hans",
            age=30,
            scope_path=city.residents["li-qing"].scope_path,
        )
    for number, value in enumerate([0] * 8 + [1], start=1):
        save_answer.save(actor=actor, sitting_uid=sitting.uid, item=number, value=value)
    found = submit_questionnaire.submit(actor=actor, sitting_uid=sitting.uid).warning
    assert found is not None
    acknowledge_warning.acknowledge(actor=city.actor("zhao-ning"), warning_uid=found.uid)
    contact_person.log_contact(
        actor=city.actor("zhao-ning"),
        warning_uid=found.uid,
        channel=ContactChannel.PHONE,
        outcome=ContactOutcome.REACHED,
        note="本人接听",
    )
    return found


def assess(city: SmallCity, warning: Warning) -> RiskAssessment:
    return assess_warning.assess(
        actor=city.actor("zhao-ning"),
        warning_uid=warning.uid,
        level=Level.L3,
        findings=FINDINGS,
        summary="当面谈过。",
    )


def propose(city: SmallCity, warning: Warning) -> Warning:
    return end_warning.propose(
        actor=city.actor("zhao-ning"), warning_uid=warning.uid, ending=Ending.WATCH, reason="继续关注"
    )


def kept(make: Callable[[], Any]) -> Any:
    with unit_of_work(SYSTEM):
        return make()


def test_confirming_a_high_risk_goes_on_until_the_last_second_of_the_last_day(
    city: SmallCity, warning: Warning, at: Any
) -> None:
    at.move_to(LAST_SECOND)

    assert assess(city, warning).is_competent


def test_confirming_a_high_risk_is_refused_at_midnight_and_nothing_is_kept(
    city: SmallCity, warning: Warning, at: Any
) -> None:
    at.move_to(MIDNIGHT)

    with pytest.raises(NotCompetent):
        assess(city, warning)

    assert kept(RiskAssessment.objects.count) == 0
    assert kept(lambda: Warning.objects.get(uid=warning.uid).state) == "contacted"


def test_the_second_signature_is_taken_on_the_last_day_and_refused_after_it(
    city: SmallCity, warning: Warning, at: Any
) -> None:
    assess(city, warning)
    propose(city, warning)
    at.move_to(MIDNIGHT)
    with pytest.raises(NotCompetent):
        end_warning.sign(actor=city.actor("sun-lan"), warning_uid=warning.uid)
    assert kept(lambda: Warning.objects.get(uid=warning.uid).signed_by_id) is None

    at.move_to(LAST_SECOND)
    signed = end_warning.sign(actor=city.actor("sun-lan"), warning_uid=warning.uid)

    assert signed.signed_by_id == city.staff["sun-lan"].id


def test_a_form_for_professionals_is_asked_with_until_the_training_ends(city: SmallCity, at: Any) -> None:
    with unit_of_work(SYSTEM):
        draft = CredentialDraft(
            staff_id=city.staff["zhao-ning"].id,
            kind=CredentialKind.INSTRUMENT_TRAINING,
            subject="asq",
            valid_from=SINCE,
            valid_until=LAST_DAY,
            verified_on=SINCE,
        )
        workforce.record_credential(actor=SYSTEM, draft=draft)

    def start() -> Sitting:
        return interview_resident.start(
            actor=city.actor("zhao-ning"),
            resident_uid=city.residents["li-qing"].uid,
            draft=InterviewDraft(
                instrument="asq",
                language="en",
                conduct=Conduct.INTERVIEW,
                consent=ConsentBasis.AGREED,
                respondent=Respondent.CLINICIAN,
            ),
        )

    at.move_to(MIDNIGHT)
    with pytest.raises(NotTrained):
        start()
    assert kept(Sitting.objects.count) == 0

    at.move_to(LAST_SECOND)
    assert start().instrument == "asq"


def test_a_diagnosis_is_for_a_psychiatrist_in_a_medical_unit_until_the_credential_ends(
    city: SmallCity, at: Any
) -> None:
    hospital = kept(lambda: Unit.objects.get(number="HOSP"))
    station = city.units["LIUAN"]
    with unit_of_work(SYSTEM):
        Credential.objects.filter(staff=city.staff["shao-ming"]).update(valid_until=LAST_DAY)

    for code in ("zhao-ning", "sun-lan", "bai-lu", "he-jia", "zhou-xing"):
        with pytest.raises(ActReserved):
            workforce.require_competence(actor=city.actor(code), act=Act.DIAGNOSE, unit=hospital)
    with pytest.raises(ActReserved):
        workforce.require_competence(actor=city.actor("shao-ming"), act=Act.DIAGNOSE, unit=station)
    with pytest.raises(ActReserved):
        workforce.require_competence(actor=city.actor("li-qing"), act=Act.DIAGNOSE, unit=hospital)
    workforce.require_competence(actor=city.actor("shao-ming"), act=Act.DIAGNOSE, unit=hospital)

    at.move_to(LAST_SECOND)
    workforce.require_competence(actor=city.actor("shao-ming"), act=Act.DIAGNOSE, unit=hospital)
    at.move_to(MIDNIGHT)
    with pytest.raises(ActReserved):
        workforce.require_competence(actor=city.actor("shao-ming"), act=Act.DIAGNOSE, unit=hospital)
