"""What participants hand in becomes sittings and warnings: critical first, exactly once, no fault holding up others."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.models import ScoreSheet, Sitting
from anxin.domains.assessments.services import keeping
from anxin.domains.audit.models import AuditEvent
from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.models import CriticalSignal, Participant, Submission, SubmissionAdoption
from anxin.domains.residents.models import Resident
from anxin.domains.risk.models import Evaluation, Warning
from anxin.flows import adopt_submissions, evaluate_sitting
from anxin.flows.adopt_submissions import Adopter
from anxin.flows.sweep_unevaluated import sweep_unevaluated
from anxin.kernel import clock, outbox
from anxin.kernel.unit_of_work import unit_of_work
from tests import small_campaign, small_city
from tests.requirements_marker import requirement
from tests.small_campaign import CALM, GRAVE, SmallCampaign
from tests.small_city import SYSTEM


@pytest.fixture
def campaign(city: small_city.SmallCity) -> SmallCampaign:
    return small_campaign.build(city, students=8)


def hand_in(campaign: SmallCampaign, place: int, **changes: Any) -> None:
    """By the ordinary road; that both are one is the contract test's."""
    body = json.dumps(campaign.form(place, **changes)).encode()
    with unit_of_work(SYSTEM):
        campaigns.take_in(actor=SYSTEM, body=body, admits=lambda one: True)


def signal(campaign: SmallCampaign, place: int, **changes: Any) -> None:
    """A critical answer before the form is finished."""
    body = {"t": campaign.token(place), "step": 1, "item": "9", "code": 2, "at": clock.now().isoformat()}
    with unit_of_work(SYSTEM):
        campaigns.hear_signal(actor=SYSTEM, body=json.dumps(body | changes).encode(), admits=lambda one: True)


def to_the_end(adopter: Adopter | None = None) -> Adopter:
    """Rounds until there is nothing left."""
    adopter = adopter or Adopter()
    for _ in range(50):
        if not adopter.step():
            return adopter
    raise AssertionError("never done")


@requirement("R-084")
def test_every_form_becomes_one_sitting_with_its_scores(campaign: SmallCampaign) -> None:
    for place in range(6):
        hand_in(campaign, place, answers=[place % 3] * 8 + [0])
    hand_in(campaign, 0, step=2, answers=[1] * 7)
    to_the_end()
    to_the_end()
    with unit_of_work(SYSTEM):
        assert (
            Sitting.objects.count() == ScoreSheet.objects.count() == SubmissionAdoption.objects.count() == 7
        )
        for form in Submission.objects.select_related(
            "participant__resident", "adoption__sitting__score_sheet"
        ):
            sitting = form.adoption.sitting
            assert sitting.uid == str(form.uid)
            assert sitting.resident == form.participant.resident
            assert sitting.answers == form.answers
            assert sitting.score_sheet.scores["total"] == form.scores["total"]
            assert (sitting.submitted_at, sitting.language) == (form.received_at, form.language)
        assert not Sitting.objects.filter(evaluated_at__isnull=True).exists()
        assert Evaluation.objects.count() == 7


@requirement("R-084")
def test_a_person_in_two_campaigns_is_one_resident(
    campaign: SmallCampaign, city: small_city.SmallCity
) -> None:
    second = small_campaign.build(city, number="S-2", students=1)
    with unit_of_work(SYSTEM):
        index = campaign.participants[0].identity_index
        Participant.objects.filter(id=second.participants[0].id).update(identity_index=index)
    hand_in(campaign, 0)
    hand_in(second, 0)
    before = Resident.objects.count()
    to_the_end()
    with unit_of_work(SYSTEM):
        archives = {one.resident for one in Participant.objects.filter(identity_index=index)}
        assert len(archives) == 1
        (archive,) = archives
        assert (archive.account_id, archive.phone_index, archive.name) == (None, None, "学生0")
        assert Resident.objects.filter(identity_index__isnull=False).count() == 1
    assert before == 0  # without a unit of work nobody sees a person


@requirement("R-084")
def test_a_critical_form_warns_before_a_thousand_others_are_looked_at(
    campaign: SmallCampaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adopt_submissions, "SET_SIZE", 2)
    for place in range(5):
        hand_in(campaign, place)
    hand_in(campaign, 5, answers=GRAVE)
    Adopter().step()
    with unit_of_work(SYSTEM):
        warning = Warning.objects.get()
        assert warning.source == "campaign"
        assert warning.resident == Participant.objects.get(id=campaign.participants[5].id).resident
        assert warning.deadline is not None
        assert SubmissionAdoption.objects.count() == 1


@requirement("R-084")
def test_a_signal_warns_at_once_and_the_form_that_follows_is_no_second_alarm(campaign: SmallCampaign) -> None:
    signal(campaign, 0)
    to_the_end()
    with unit_of_work(SYSTEM):
        first = Warning.objects.get()
        told = AuditEvent.objects.filter(event__startswith="risk:").count()
        assert CriticalSignal.objects.get().adopted_at is not None
    hand_in(campaign, 0, answers=[0] * 8 + [2])
    to_the_end()
    with unit_of_work(SYSTEM):
        assert Warning.objects.get().id == first.id
        assert Sitting.objects.get().evaluated_at is not None
        assert AuditEvent.objects.filter(event__startswith="risk:").count() > told


@requirement("R-084")
def test_a_signal_without_a_form_still_warns(campaign: SmallCampaign) -> None:
    signal(campaign, 0)
    signal(campaign, 1)
    to_the_end()
    with unit_of_work(SYSTEM):
        assert Warning.objects.count() == 2
        assert not Sitting.objects.exists()


@requirement("R-084")
@pytest.mark.parametrize(("late", "minutes", "said"), [(False, 0, False), (True, 0, True), (False, 20, True)])
def test_a_late_signal_says_so(campaign: SmallCampaign, late: bool, minutes: int, said: bool) -> None:
    at = clock.now() - timedelta(minutes=minutes)
    signal(campaign, 0, late=late, at=at.isoformat())
    to_the_end()
    with unit_of_work(SYSTEM):
        assert any(reason["code"] == "campaign-late" for reason in Warning.objects.get().reasons) is said


@requirement("R-084")
def test_a_form_that_cannot_be_kept_holds_up_no_other(
    campaign: SmallCampaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = keeping._scored

    def breaks(form: keeping.FinishedForm) -> Any:
        if form.answers[0] == 3:
            raise RuntimeError("broken")
        return ordinary(form)

    monkeypatch.setattr(keeping, "_scored", breaks)
    for place in range(4):
        hand_in(campaign, place, answers=[3 if place == 1 else 0] * 8 + [0])
    hand_in(campaign, 4, answers=[3, *GRAVE[1:]])
    hand_in(campaign, 5, answers=GRAVE)
    adopter = to_the_end()
    with unit_of_work(SYSTEM):
        assert SubmissionAdoption.objects.count() == 4
        assert Warning.objects.count() == 1
    monkeypatch.setattr(keeping, "_scored", ordinary)
    adopter.look_again()
    to_the_end(adopter)
    with unit_of_work(SYSTEM):
        assert SubmissionAdoption.objects.count() == 6
        assert Warning.objects.filter(source="campaign").count() == 3


@requirement("R-084")
def test_a_fault_in_the_rules_loses_no_sitting_and_the_sweep_warns(
    campaign: SmallCampaign, monkeypatch: pytest.MonkeyPatch, at: Any
) -> None:
    hand_in(campaign, 0, answers=GRAVE)

    def breaks(**given: Any) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as broken:
        broken.setattr(adopt_submissions, "evaluate_sitting", breaks)
        to_the_end()
    with unit_of_work(SYSTEM):
        assert Sitting.objects.get().evaluated_at is None
        assert not Warning.objects.exists()
    at.shift(timedelta(minutes=2))
    assert sweep_unevaluated() == 1
    with unit_of_work(SYSTEM):
        assert Warning.objects.get().source == "campaign"


@requirement("R-084")
def test_a_row_committed_late_under_a_low_number_is_found(campaign: SmallCampaign) -> None:
    for place in range(3):
        hand_in(campaign, place)
    with unit_of_work(SYSTEM):
        low = Submission.objects.order_by("id").first()
        assert low is not None
    adopter = Adopter()
    adopter._looked_to = adopter._last_sweep = low.id
    to_the_end(adopter)
    with unit_of_work(SYSTEM):
        assert SubmissionAdoption.objects.count() == 2
    fresh = to_the_end()
    fresh.look_again()
    to_the_end(fresh)
    with unit_of_work(SYSTEM):
        assert SubmissionAdoption.objects.count() == 3


def test_progress_is_written_by_the_set(campaign: SmallCampaign) -> None:
    hand_in(campaign, 0)
    hand_in(campaign, 0, step=2, answers=[0] * 7)
    hand_in(campaign, 1)
    to_the_end()
    with unit_of_work(SYSTEM):
        states = list(Participant.objects.order_by("id").values_list("state", flat=True))
    assert states[:3] == ["submitted", "started", "listed"]


def test_nothing_is_left_to_the_outbox(campaign: SmallCampaign) -> None:
    hand_in(campaign, 0, answers=CALM)
    to_the_end()
    assert not outbox.claim(by="test")
    assert evaluate_sitting.SYSTEM.is_system


def test_a_larger_set_asks_the_database_no_more_often(campaign: SmallCampaign) -> None:
    def asked(places: range) -> int:
        for place in places:
            hand_in(campaign, place, answers=[0] * 9)
        with CaptureQueriesContext(connection) as queries:
            to_the_end()
        return len(queries)

    assert asked(range(5)) <= asked(range(5, 6))


def test_the_total_before_is_that_of_the_sitting_before_by_the_same_person(
    campaign: SmallCampaign, city: small_city.SmallCity, at: Any
) -> None:
    second = small_campaign.build(city, number="S-3", students=2)
    hand_in(campaign, 0, answers=[1] * 8 + [0])
    hand_in(campaign, 1, answers=[0] * 9)
    to_the_end()
    with unit_of_work(SYSTEM):
        sittings = list(Sitting.objects.order_by("id"))
        before = assessments.previous_totals(actor=SYSTEM, sittings=sittings)
        assert set(before.values()) == {None}
    at.shift(timedelta(days=1))
    with unit_of_work(SYSTEM):
        index = campaign.participants[0].identity_index
        Participant.objects.filter(id=second.participants[0].id).update(identity_index=index)
    hand_in(second, 0, answers=[0] * 9)
    to_the_end()
    with unit_of_work(SYSTEM):
        latest = Sitting.objects.order_by("-id").first()
        assert latest is not None
        assert assessments.previous_totals(actor=SYSTEM, sittings=[latest]) == {latest.id: 8}
