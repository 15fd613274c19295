"""Triage and talks: every person found has an owner and a running clock; two people lower a level 3; no alarm waits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from anxin.domains.access import api as access
from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import (
    CampaignState,
    FindingsMissing,
    InterviewerUnfit,
    InterviewOutcome,
    LevelNotLower,
    OtherReaderNeeded,
    PlanIncomplete,
    TalkNeeded,
    TriageLevel,
    TriageNotFound,
    TriageSettled,
)
from anxin.domains.campaigns.models import Interview, Participant, SecondReading, SupportPlan, Triage
from anxin.domains.deadlines.models import Deadline
from anxin.domains.network import api as network
from anxin.domains.notices.models import Message
from anxin.domains.risk.models import Warning
from anxin.flows import triage_campaign
from anxin.flows.adopt_submissions import Adopter
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.kernel import clock, outbox
from anxin.kernel.errors import AnxinError, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.worker import keep_promise
from tests.campaign_course import CALM, GRAVE, HEAVY, LOW, MILD, Course, draft
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM, SmallCity

S, L = CampaignState, TriageLevel


@pytest.fixture
def running(city: SmallCity, at: Any) -> Course:
    return draft(city).go_to(S.RUNNING, at)


@pytest.fixture
def urgent(running: Course) -> Triage:
    """A critical answer while the campaign runs, looked at by the sweep."""
    running.hand_in(0, LOW, GRAVE)
    triage_campaign.sweep_campaigns()
    return running.row(0)


def refused(error: type[AnxinError], act: Callable[..., object], **arguments: Any) -> None:
    """``act`` is refused and has changed nothing."""

    def picture() -> list[Any]:
        with unit_of_work(SYSTEM):
            return [
                list(model.objects.order_by("id").values())  # type: ignore[attr-defined]
                for model in (Triage, Interview, SecondReading, SupportPlan, Deadline, Warning)
            ]

    before = picture()
    with pytest.raises(error):
        act(**arguments)
    assert picture() == before


def due_in(row: Triage) -> timedelta:
    assert row.deadline is not None
    return row.deadline.due_at - clock.now()


# --- clocks --------------------------------------------------------------------------------------


@requirement("R-067")
def test_urgent_waits_for_no_batch_and_is_confirmed_within_the_hour(running: Course, urgent: Triage) -> None:
    assert running.state is S.RUNNING
    assert (urgent.proposed, urgent.confirmed) == ("3", "")
    assert due_in(urgent) == timedelta(hours=1)
    with unit_of_work(SYSTEM):
        assert Message.objects.filter(key__startswith=f"call:{urgent.uid}").exists()


@requirement("R-067")
@pytest.mark.parametrize(
    ("level", "confirm", "talk"),
    [
        (L.URGENT, timedelta(hours=1), timedelta(hours=24)),
        (L.FOCUS, timedelta(days=3), timedelta(days=7)),
        (L.ATTENTION, timedelta(days=3), timedelta(days=30)),
    ],
)
def test_each_level_has_its_clocks(
    running: Course, at: Any, level: TriageLevel, confirm: timedelta, talk: timedelta
) -> None:
    running.hand_in(0, LOW, {L.URGENT: GRAVE, L.FOCUS: HEAVY, L.ATTENTION: MILD}[level])
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    row = running.row(0)
    assert (row.proposed, due_in(row)) == (level, confirm)
    at.shift(timedelta(minutes=10))
    triage_campaign.confirm(actor=running.actor("zhao-ning"), triage_uid=row.uid, level=level)
    row = running.row(0)
    assert due_in(row) == talk
    assert row.deadline is not None
    assert row.deadline.owner.staff.name == "赵宁"


def test_nobody_is_left_without_a_clock_by_the_database_itself(urgent: Triage) -> None:
    def end_the_clock() -> None:
        with transaction.atomic(), unit_of_work(SYSTEM):
            Deadline.objects.filter(id=urgent.deadline_id).update(
                is_open=False, ended_at=clock.now(), ended_how="met", ended_by="x"
            )
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        end_the_clock()


def test_a_late_clock_calls_the_next_rung(running: Course, urgent: Triage, at: Any) -> None:
    at.shift(timedelta(hours=2, minutes=1))
    assert escalate_overdue()
    with unit_of_work(SYSTEM):
        called = Message.objects.filter(key__startswith=f"call:{urgent.uid}:climb")
        assert called.exists()


# --- proposals -----------------------------------------------------------------------------------


@requirement("R-067")
def test_a_critical_answer_raises_its_warning_once_and_triage_adds_no_second(running: Course) -> None:
    running.hand_in(0, LOW, GRAVE)
    adopter = Adopter()
    while adopter.step():
        pass
    triage_campaign.sweep_campaigns()
    row = running.row(0)
    triage_campaign.confirm(actor=running.actor("zhao-ning"), triage_uid=row.uid, level=L.URGENT)
    with unit_of_work(SYSTEM):
        warning = Warning.objects.get()
    assert warning.level == 3


def test_a_signal_without_its_form_is_looked_at(running: Course) -> None:
    running.signal(3)
    triage_campaign.sweep_campaigns()
    assert running.row(3).proposed == "3"


def test_a_later_form_only_raises_what_was_proposed(running: Course, at: Any) -> None:
    running.signal(3)
    triage_campaign.sweep_campaigns()
    at.shift(timedelta(minutes=5))
    running.hand_in(3, CALM)
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    row = running.row(3)
    assert row.proposed == "3"
    assert due_in(row) < timedelta(hours=1), "the clock that ran goes on"


def test_what_a_human_confirmed_is_not_proposed_anew(running: Course, at: Any, urgent: Triage) -> None:
    triage_campaign.confirm(actor=running.actor("zhao-ning"), triage_uid=urgent.uid, level=L.URGENT)
    before = running.row(0)
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    assert running.row(0).row_version == before.row_version


def test_hasty_forms_are_looked_at_a_second_time(running: Course, at: Any) -> None:
    running.hand_in(0, CALM, deciseconds=3)
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    row = running.row(0)
    assert (row.proposed, row.credible) == ("1", False)


def test_only_the_house_proposes(running: Course) -> None:
    actor = running.actor("zhao-ning")
    with unit_of_work(actor), pytest.raises(NotPermitted):
        campaigns.find_proposals(actor=actor, campaign_uid=running.uid, limit=1)


# --- confirming ----------------------------------------------------------------------------------


def test_a_proposal_is_not_lowered_without_a_talk(running: Course, urgent: Triage) -> None:
    for level in (L.NORMAL, L.ATTENTION, L.FOCUS):
        refused(
            LevelNotLower,
            triage_campaign.confirm,
            actor=running.actor("zhao-ning"),
            triage_uid=urgent.uid,
            level=level,
        )


@requirement("R-067")
def test_a_human_who_sees_more_raises_the_level_and_the_warning(running: Course, at: Any) -> None:
    running.hand_in(0, LOW, HEAVY)
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    row = running.row(0)
    with unit_of_work(SYSTEM):
        assert not Warning.objects.exists()
    triage_campaign.confirm(actor=running.actor("zhao-ning"), triage_uid=row.uid, level=L.URGENT)
    with unit_of_work(SYSTEM):
        warning = Warning.objects.get()
        assert (warning.source, warning.level) == ("campaign", 3)
        assert warning.resident_id == Participant.objects.get(id=running.people[0].id).resident_id
    assert due_in(running.row(0)) == timedelta(hours=24)


def test_level_zero_may_be_raised_by_a_human(running: Course, at: Any) -> None:
    running.hand_in(0, CALM)
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    row = running.row(0)
    triage_campaign.confirm(actor=running.actor("zhao-ning"), triage_uid=row.uid, level=L.ATTENTION)
    assert due_in(running.row(0)) == timedelta(days=30)


def test_another_station_touches_nobody(running: Course, urgent: Triage) -> None:
    stranger = running.actor("chen-mo")
    refused(TriageNotFound, triage_campaign.confirm, actor=stranger, triage_uid=urgent.uid, level=L.URGENT)
    refused(TriageNotFound, triage_campaign.take_over, actor=stranger, triage_uid=urgent.uid)
    refused(TriageNotFound, running.talk, row=urgent, level=L.URGENT, by="chen-mo")
    refused(
        TriageNotFound,
        triage_campaign.read_as_second,
        actor=stranger,
        triage_uid=urgent.uid,
        agrees=True,
        note="",
    )
    refused(TriageNotFound, running.plan, row=urgent, by="chen-mo")
    with unit_of_work(stranger):
        assert not campaigns.triages_queryset(actor=stranger, campaign=running.campaign).exists()


def test_taking_over_keeps_the_due_time(running: Course, urgent: Triage, at: Any) -> None:
    at.shift(timedelta(minutes=20))
    triage_campaign.take_over(actor=running.actor("sun-lan"), triage_uid=urgent.uid)
    row = running.row(0)
    assert due_in(row) == timedelta(minutes=40)
    assert row.deadline is not None
    assert row.deadline.owner.staff.name == "孙岚"


# --- talks and the second reader -----------------------------------------------------------------


@requirement("R-067")
def test_lowering_level_three_waits_for_a_second_person(running: Course, urgent: Triage, at: Any) -> None:
    running.talk(urgent, L.ATTENTION, by="zhao-ning")
    row = running.row(0)
    assert (row.confirmed, row.second_reader_id) == ("3", None)
    assert row.deadline is not None
    assert (row.deadline.stage, row.deadline.owner.staff.name) == ("second_reading", "孙岚")
    refused(
        OtherReaderNeeded,
        triage_campaign.read_as_second,
        actor=running.actor("zhao-ning"),
        triage_uid=urgent.uid,
        agrees=True,
        note="我自己看过了",
    )
    refused(TriageSettled, running.talk, row=urgent, level=L.NORMAL, by="zhao-ning")
    refused(TriageSettled, running.plan, row=urgent)
    triage_campaign.read_as_second(
        actor=running.actor("sun-lan"), triage_uid=urgent.uid, agrees=True, note=""
    )
    row = running.row(0)
    assert row.confirmed == "1"
    assert row.second_reader_id == running.city.staff["sun-lan"].id
    assert due_in(row) == timedelta(days=30)


def test_the_second_reader_may_send_it_back_with_a_reason(running: Course, urgent: Triage) -> None:
    running.talk(urgent, L.NORMAL)
    reader = running.actor("sun-lan")
    refused(
        FindingsMissing,
        triage_campaign.read_as_second,
        actor=reader,
        triage_uid=urgent.uid,
        agrees=False,
        note=" ",
    )
    triage_campaign.read_as_second(
        actor=reader, triage_uid=urgent.uid, agrees=False, note="计划那一项没有问到"
    )
    row = running.row(0)
    assert row.confirmed == "3"
    assert row.deadline is not None
    assert row.deadline.stage == "interview"
    assert due_in(row) == timedelta(hours=24)


def test_the_second_reader_is_qualified_too(running: Course, urgent: Triage) -> None:
    with unit_of_work(SYSTEM):
        access.grant(
            actor=SYSTEM,
            account=running.city.accounts["bai-lu"],
            role="therapist",
            node=running.city.units["LIUAN"],
        )
    refused(InterviewerUnfit, running.talk, row=urgent, level=L.URGENT, by="bai-lu")
    running.talk(urgent, L.FOCUS)
    refused(
        InterviewerUnfit,
        triage_campaign.read_as_second,
        actor=running.actor("bai-lu"),
        triage_uid=urgent.uid,
        agrees=True,
        note="",
    )


def test_the_database_refuses_a_level_three_lowered_by_one_person(running: Course, urgent: Triage) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), unit_of_work(SYSTEM):
        Triage.objects.filter(id=urgent.id).update(
            confirmed="1",
            interviewer=running.city.staff["zhao-ning"],
            second_reader=running.city.staff["zhao-ning"],
        )


def test_a_talk_needs_words(running: Course, urgent: Triage) -> None:
    refused(FindingsMissing, running.talk, row=urgent, level=L.URGENT, summary="  ")


@requirement("R-067")
def test_nobody_is_forced_but_level_three_is_not_left(running: Course, at: Any, urgent: Triage) -> None:
    refused(TalkNeeded, running.talk, row=urgent, level=L.URGENT, outcome=InterviewOutcome.DECLINED)
    running.talk(urgent, L.URGENT, outcome=InterviewOutcome.NOT_REACHED, summary="打了两次电话")
    row = running.row(0)
    assert row.deadline is not None
    assert (row.deadline.stage, row.interviewed_at) == ("confirm", None), "the clock runs on"
    running.hand_in(1, LOW, HEAVY)
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    other = running.row(1)
    running.talk(other, L.NORMAL, outcome=InterviewOutcome.DECLINED, summary="说暂时不想谈，留了电话")
    other = running.row(1)
    assert other.settled_at is not None
    assert other.confirmed == "2", "declining says nothing about the level"


@requirement("R-067")
def test_a_talk_that_finds_level_three_raises_a_warning(running: Course, at: Any) -> None:
    running.hand_in(0, LOW, HEAVY)
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    running.talk(running.row(0), L.URGENT)
    with unit_of_work(SYSTEM):
        assert Warning.objects.get().level == 3
    row = running.row(0)
    assert row.deadline is not None
    assert row.deadline.stage == "plan"


def test_a_talk_that_finds_nothing_settles_it(running: Course, at: Any) -> None:
    running.hand_in(0, LOW, HEAVY)
    running.go_to(S.QUALITY_CHECK, at)
    triage_campaign.sweep_campaigns()
    running.talk(running.row(0), L.NORMAL)
    row = running.row(0)
    assert (row.confirmed, row.deadline_id, row.clock_running) == ("0", None, None)
    assert row.settled_at is not None
    refused(TriageSettled, running.talk, row=row, level=L.FOCUS)
    refused(TriageSettled, running.plan, row=row)


# --- plans ---------------------------------------------------------------------------------------


def test_a_plan_has_versions_and_comes_back_on_its_day(running: Course, urgent: Triage, at: Any) -> None:
    refused(TriageSettled, running.plan, row=urgent)
    running.talk(urgent, L.URGENT)
    refused(PlanIncomplete, running.plan, row=urgent, goals=" ")
    refused(PlanIncomplete, running.plan, row=urgent, measures="")
    refused(PlanIncomplete, running.plan, row=urgent, days=0)
    assert running.plan(urgent, days=10).version == 1
    row = running.row(0)
    assert row.deadline is not None
    assert row.deadline.stage == "follow_up"
    assert clock.local(row.deadline.due_at).date() == clock.today() + timedelta(days=11)
    at.shift(timedelta(days=10))
    assert running.plan(urgent, days=20).version == 2
    with unit_of_work(SYSTEM):
        assert list(SupportPlan.objects.values_list("version", flat=True)) == [1, 2]


def test_a_follow_up_talk_after_two_signatures_keeps_both_on_record(
    running: Course, urgent: Triage, at: Any
) -> None:
    """The second reader of then may be the interviewer of today."""
    running.talk(urgent, L.FOCUS, by="zhao-ning")
    triage_campaign.read_as_second(
        actor=running.actor("sun-lan"), triage_uid=urgent.uid, agrees=True, note=""
    )
    running.plan(urgent, days=10)
    at.shift(timedelta(days=10))
    running.talk(urgent, L.ATTENTION, by="sun-lan")
    row = running.row(0)
    assert (row.confirmed, row.interviewer_id, row.second_reader_id) == (
        "1",
        running.city.staff["zhao-ning"].id,
        running.city.staff["sun-lan"].id,
    )
    running.talk(urgent, L.NORMAL, by="sun-lan")
    assert running.row(0).settled_at is not None


def test_level_three_found_again_needs_two_people_again(running: Course, urgent: Triage, at: Any) -> None:
    running.talk(urgent, L.FOCUS, by="zhao-ning")
    triage_campaign.read_as_second(
        actor=running.actor("sun-lan"), triage_uid=urgent.uid, agrees=True, note=""
    )
    running.talk(urgent, L.URGENT, by="sun-lan")
    row = running.row(0)
    assert (row.confirmed, row.second_reader_id) == ("3", None)
    running.talk(urgent, L.NORMAL, by="sun-lan")
    assert running.row(0).confirmed == "3"
    triage_campaign.read_as_second(
        actor=running.actor("zhao-ning"), triage_uid=urgent.uid, agrees=True, note=""
    )
    assert running.row(0).settled_at is not None


def test_everything_follows_a_unit_that_moves(running: Course, urgent: Triage) -> None:
    city = running.city
    with unit_of_work(SYSTEM):
        moved = network.move_unit(actor=SYSTEM, unit=city.units["LIUAN"], parent=city.units["S"])
    for message in outbox.claim(by="test"):
        keep_promise(message)
    assert outbox.stuck_count() == 0
    assert running.campaign.scope_path == running.row(0).scope_path == moved.path
    gu, sun = city.actor("gu-yan"), city.actor("sun-lan")
    with unit_of_work(gu):
        assert campaigns.triage_brief(actor=gu, uid=urgent.uid).uid == urgent.uid
    with unit_of_work(sun), pytest.raises(TriageNotFound):
        campaigns.triage_brief(actor=sun, uid=urgent.uid)
