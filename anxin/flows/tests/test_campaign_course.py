"""A campaign from draft to archive (workflow 4.1): each step, each refusal, and that nothing changed after one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from anxin.domains.access import api as access
from anxin.domains.access.models import RoleGrant
from anxin.domains.audit.models import AuditEvent
from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import (
    CampaignChanged,
    CampaignNotFound,
    CampaignReasonMissing,
    CampaignState,
    GuardsOpen,
    Missing,
    NotDueYet,
    PlanFixed,
    StepPlan,
    TriageLevel,
)
from anxin.domains.campaigns.models import Campaign, CampaignEntry, Participant, Triage
from anxin.domains.deadlines.models import Deadline
from anxin.domains.instruments import library
from anxin.flows import run_campaign, triage_campaign
from anxin.kernel import clock
from anxin.kernel.errors import AnxinError, NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work
from tests import campaign_course
from tests.campaign_course import (
    CALM,
    GRAVE,
    HEAVY,
    LOW,
    MILD,
    OWNER,
    PLAN,
    REVIEWER,
    STRANGER,
    Course,
    draft,
)
from tests.requirements_marker import requirement
from tests.small_city import SYSTEM, SmallCity

S = CampaignState


@pytest.fixture
def course(city: SmallCity) -> Course:
    return draft(city)


def picture(course: Course) -> tuple[Any, ...]:
    """Everything a refusal must leave as it was."""
    with unit_of_work(SYSTEM):
        return (
            list(Campaign.objects.values()),
            list(CampaignEntry.objects.values_list("id", "after")),
            list(Deadline.objects.values_list("id", "is_open", "stage")),
            list(Triage.objects.values()),
            list(Participant.objects.values_list("id", "name", "consent")),
        )


def refused(course: Course, error: type[AnxinError], act: Callable[..., object], **arguments: Any) -> Any:
    """``act`` is refused with ``error`` and has changed nothing."""
    before = picture(course)
    with pytest.raises(error) as caught:
        act(campaign_uid=course.uid, **arguments)
    assert picture(course) == before
    return caught.value


def gaps(error: GuardsOpen) -> set[Missing]:
    return {gap.what for gap in error.gaps}


def clock_stage(course: Course) -> str:
    with unit_of_work(SYSTEM):
        running = Deadline.objects.filter(subject_uid=course.uid, is_open=True)
        return ",".join(running.values_list("stage", flat=True))


# --- the whole way -------------------------------------------------------------------------------


@requirement("R-067", "R-084")
def test_a_campaign_goes_from_draft_to_archive_and_its_history_says_who_and_why(
    course: Course, at: Any
) -> None:
    course.go_to(S.RUNNING, at)
    for place in range(8):
        course.hand_in(place, CALM)
    course.hand_in(8, LOW, MILD)
    course.hand_in(9, LOW, HEAVY)
    course.hand_in(10, LOW, GRAVE)
    course.go_to(S.ARCHIVED, at)
    with unit_of_work(SYSTEM):
        entries = list(CampaignEntry.objects.order_by("id"))
        rows = {one.participant_id: one for one in Triage.objects.all()}
    assert [one.after for one in entries] == [one.value for one in S if one not in (S.DRAFT, S.CANCELLED)]
    assert all(before.after == after.before for before, after in pairwise(entries))
    assert all(one.role and one.after_hash and one.before_hash for one in entries)
    assert all(before.after_hash == after.before_hash for before, after in pairwise(entries[:4]))
    assert {one.role for one in entries} == {"counsellor", "county_clinician", "system"}
    levels = [rows[one.id].confirmed for one in course.people[:11]]
    assert levels == ["0"] * 8 + ["1", "2", "3"]
    assert course.people[11].id not in rows, "who did not answer is not looked at"
    connection.check_constraints()
    for row in rows.values():
        assert (row.settled_at is None) == (row.confirmed != "0")
    assert course.campaign.names_until is not None
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert {"campaigns:campaign:approved", "campaigns:interview:recorded", "campaigns:plan:written"} <= events


def test_every_state_with_something_owed_has_a_running_clock(course: Course, at: Any) -> None:
    seen = {}
    for state in list(S)[1:10]:
        course.go_to(state, at)
        seen[state] = clock_stage(course)
    assert seen == {
        S.ETHICS_CHECK: "review",
        S.APPROVED: "",
        S.CONSENT_OPEN: "",
        S.RUNNING: "",
        S.QUALITY_CHECK: "triage",
        S.TRIAGED: "report",
        S.INTERVIEWING: "report",
        S.REPORTED: "",
        S.ARCHIVED: "",
    }


# --- draft → ethics check ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"title": " "}, Missing.TITLE),
        ({"purpose": ""}, Missing.PURPOSE),
        ({"data_kinds": ()}, Missing.DATA_KINDS),
        ({"recipients": (" ",)}, Missing.RECIPIENTS),
        ({"retention_months": 0}, Missing.RETENTION),
        ({"impact_assessment": "\n"}, Missing.IMPACT_ASSESSMENT),
        ({"age_min": 23}, Missing.AGE_RANGE),
        ({"age_min": 7}, Missing.TOO_YOUNG),
        ({"age_min": 17}, Missing.WRONG_AGE),
        ({"steps": ()}, Missing.NO_INSTRUMENT),
        ({"steps": (StepPlan("no-such"),)}, Missing.INSTRUMENT_UNKNOWN),
        ({"steps": (StepPlan("scl-90"),)}, Missing.WORDING_MISSING),
        ({"steps": (StepPlan("hamd-17"),)}, Missing.NOT_SELF_REPORT),
        ({"steps": (StepPlan("phq-2", follows=1),)}, Missing.STEP_ORDER),
        ({"expected_participants": 0}, Missing.CAPACITY_FIGURES),
        ({"expected_positive_permille": 0}, Missing.CAPACITY_FIGURES),
        ({"interviewer_minutes": 0}, Missing.CAPACITY_FIGURES),
    ],
)
@requirement("R-084")
def test_an_unfinished_plan_is_not_reviewed(city: SmallCity, change: dict[str, Any], what: Missing) -> None:
    course = draft(city, replace(PLAN, **change))
    error = refused(course, GuardsOpen, run_campaign.send_to_review, actor=city.actor(OWNER))
    assert what in gaps(error)


def test_an_unverified_key_is_not_put_before_anybody(city: SmallCity) -> None:
    name = next(one.id for one in library.all() if not one.offered)
    course = draft(city, replace(PLAN, steps=(StepPlan(name),)))
    error = refused(course, GuardsOpen, run_campaign.send_to_review, actor=city.actor(OWNER))
    assert Missing.KEY_UNVERIFIED in gaps(error)


def test_what_was_sent_to_review_is_not_changed_any_more(course: Course, at: Any) -> None:
    course.go_to(S.ETHICS_CHECK, at)
    actor = course.actor(OWNER)
    with unit_of_work(actor), pytest.raises(PlanFixed):
        campaigns.change_plan(actor=actor, campaign_uid=course.uid, plan=replace(PLAN, title="另一个"))
    assert course.campaign.title == PLAN.title


# --- review --------------------------------------------------------------------------------------


def test_nobody_approves_their_own_plan(city: SmallCity, at: Any) -> None:
    own = draft(city, by=REVIEWER, unit="QC")
    run_campaign.send_to_review(actor=city.actor(REVIEWER), campaign_uid=own.uid)
    error = refused(own, GuardsOpen, run_campaign.approve, actor=city.actor(REVIEWER))
    assert Missing.REVIEWER_IS_OWNER in gaps(error)
    run_campaign.approve(actor=city.actor("shao-ming"), campaign_uid=own.uid)
    assert own.state is S.APPROVED


def test_the_reviewer_stands_above_the_unit_whose_plan_it_is(course: Course, at: Any) -> None:
    city = course.city
    course.go_to(S.ETHICS_CHECK, at)
    with unit_of_work(SYSTEM):
        access.grant(
            actor=SYSTEM, account=city.accounts["bai-lu"], role="therapist", node=city.units["LIUAN"]
        )
    refused(course, NotPermitted, run_campaign.approve, actor=city.actor("bai-lu"))
    refused(course, NotPermitted, run_campaign.approve, actor=city.actor(OWNER))
    refused(course, CampaignNotFound, run_campaign.approve, actor=city.actor(STRANGER))


@pytest.mark.parametrize(("minutes", "is_enough"), [(240, True), (239, False)])
@requirement("R-084")
def test_who_cannot_be_helped_is_not_screened(
    city: SmallCity, at: Any, minutes: int, is_enough: bool
) -> None:
    """100 people, 80 per mille: 8 expected, 30 minutes each, 240 minutes."""
    course = draft(city, replace(PLAN, interviewer_minutes=minutes)).go_to(S.ETHICS_CHECK, at)
    if is_enough:
        run_campaign.approve(actor=city.actor(REVIEWER), campaign_uid=course.uid)
        assert course.campaign.reviewer_id == city.staff[REVIEWER].id
        return
    error = refused(course, GuardsOpen, run_campaign.approve, actor=city.actor(REVIEWER))
    assert gaps(error) == {Missing.CAPACITY_SHORT}


def test_a_plan_is_given_back_with_a_reason_and_comes_again(course: Course, at: Any) -> None:
    course.go_to(S.ETHICS_CHECK, at)
    reviewer = course.actor(REVIEWER)
    refused(course, CampaignReasonMissing, run_campaign.give_back, actor=reviewer, reason=" ")
    refused(course, NotPermitted, run_campaign.give_back, actor=course.actor(OWNER), reason="我再想想")
    run_campaign.give_back(actor=reviewer, campaign_uid=course.uid, reason="目的写得太宽")
    assert course.state is S.DRAFT
    assert clock_stage(course) == ""
    course.go_to(S.APPROVED, at)


# --- consent, running ----------------------------------------------------------------------------


@pytest.mark.parametrize("days", [6, 0])
def test_people_have_a_week_to_answer(course: Course, at: Any, days: int) -> None:
    course.go_to(S.APPROVED, at)
    window = course.window(opens=timedelta(days=days))
    error = refused(course, GuardsOpen, run_campaign.open_consent, actor=course.actor(OWNER), window=window)
    assert gaps(error) == {Missing.WINDOW_SHORT}


def test_a_window_ends_after_it_begins(course: Course, at: Any) -> None:
    course.go_to(S.APPROVED, at)
    window = course.window(lasts=timedelta(0))
    error = refused(course, GuardsOpen, run_campaign.open_consent, actor=course.actor(OWNER), window=window)
    assert gaps(error) == {Missing.TIMES}


def test_answers_are_taken_only_when_everything_stands(course: Course, at: Any) -> None:
    course.go_to(S.CONSENT_OPEN, at)
    owner = course.actor(OWNER)
    error = refused(course, GuardsOpen, run_campaign.start_running, actor=owner)
    assert gaps(error) == {Missing.WINDOW_RUNNING, Missing.NOT_YET, Missing.ROSTER_EMPTY}
    course.list_people(agreed=False)
    at.shift(timedelta(days=7))
    error = refused(course, GuardsOpen, run_campaign.start_running, actor=owner)
    assert gaps(error) == {Missing.NOBODY_AGREED}
    with unit_of_work(SYSTEM):
        Participant.objects.update(consent="given")
        group = course.campaign.groups.get()
    with unit_of_work(owner):
        campaigns.arrange_group(
            actor=owner,
            campaign_uid=course.uid,
            group_uid=group.uid,
            room="",
            planned_at=None,
            standby_staff_id=None,
        )
    error = refused(course, GuardsOpen, run_campaign.start_running, actor=owner)
    assert gaps(error) == {Missing.GROUP_WITHOUT_PLACE, Missing.GROUP_WITHOUT_STANDBY}
    with unit_of_work(owner):
        campaigns.arrange_group(
            actor=owner,
            campaign_uid=course.uid,
            group_uid=group.uid,
            room="101",
            planned_at=course.campaign.runs_from,
            standby_staff_id=course.city.staff[OWNER].id,
        )
    run_campaign.start_running(actor=owner, campaign_uid=course.uid)
    assert course.state is S.RUNNING


def test_a_campaign_whose_end_has_passed_does_not_begin(course: Course, at: Any) -> None:
    course.go_to(S.CONSENT_OPEN, at)
    course.list_people()
    at.shift(timedelta(days=13))
    error = refused(course, GuardsOpen, run_campaign.start_running, actor=course.actor(OWNER))
    assert gaps(error) == {Missing.PAST_END}


def test_answering_ends_at_its_end_or_when_the_target_is_reached(course: Course, at: Any) -> None:
    course.go_to(S.RUNNING, at)
    for place in range(11):
        course.hand_in(place, CALM)
    owner = course.actor(OWNER)
    error = refused(course, GuardsOpen, run_campaign.close_answering, actor=owner)
    assert gaps(error) == {Missing.STILL_RUNNING}
    with unit_of_work(SYSTEM):
        Participant.objects.filter(id=course.people[11].id).update(state="excused")
    run_campaign.close_answering(actor=owner, campaign_uid=course.uid)
    assert course.state is S.QUALITY_CHECK


def test_the_house_ends_answering_when_the_time_is_over(course: Course, at: Any) -> None:
    course.go_to(S.RUNNING, at)
    at.shift(timedelta(days=4, hours=23))
    assert run_campaign.close_ended() == 0
    at.shift(timedelta(hours=1))
    assert run_campaign.close_ended() == 1
    assert course.state is S.QUALITY_CHECK
    assert run_campaign.close_ended() == 0


# --- triage, report, archive ---------------------------------------------------------------------


def test_triage_is_finished_when_the_rule_and_a_human_have_looked_at_everybody(
    course: Course, at: Any
) -> None:
    course.go_to(S.RUNNING, at)
    course.hand_in(0, LOW, HEAVY)
    course.hand_in(1, CALM)
    at.shift(timedelta(days=5))
    run_campaign.close_ended()
    someone = course.actor("zhao-ning")
    error = refused(course, GuardsOpen, run_campaign.finish_triage, actor=someone)
    assert gaps(error) == {Missing.FORMS_NOT_LOOKED_AT}
    triage_campaign.sweep_campaigns()
    error = refused(course, GuardsOpen, run_campaign.finish_triage, actor=someone)
    assert gaps(error) == {Missing.LEVELS_UNCONFIRMED}
    course.go_to(S.TRIAGED, at)
    assert [course.row(one).confirmed for one in (0, 1)] == ["2", "0"]


def test_nothing_is_reported_while_a_talk_is_owed(course: Course, at: Any) -> None:
    course.go_to(S.RUNNING, at)
    course.hand_in(0, LOW, HEAVY)
    course.go_to(S.INTERVIEWING, at)
    error = refused(course, GuardsOpen, run_campaign.report, actor=course.actor(OWNER))
    assert gaps(error) == {Missing.INTERVIEWS_OPEN}


def test_nothing_is_archived_without_a_plan_for_everybody_found(course: Course, at: Any) -> None:
    course.go_to(S.RUNNING, at)
    course.hand_in(0, LOW, HEAVY)
    course.go_to(S.REPORTED, at)
    error = refused(course, GuardsOpen, run_campaign.archive, actor=course.actor(OWNER))
    assert gaps(error) == {Missing.PLANS_MISSING}


def test_a_state_is_not_jumped_over(course: Course, at: Any) -> None:
    owner = course.actor(OWNER)
    for act in (
        run_campaign.start_running,
        run_campaign.close_answering,
        run_campaign.report,
        run_campaign.archive,
    ):
        refused(course, MoveNotAllowed, act, actor=owner)
    refused(course, MoveNotAllowed, run_campaign.approve, actor=course.actor(REVIEWER))


@pytest.mark.parametrize("state", list(S)[:8])
def test_a_campaign_is_cancelled_with_a_reason_before_it_is_reported(
    course: Course, at: Any, state: CampaignState
) -> None:
    course.go_to(state, at)
    refused(course, CampaignReasonMissing, run_campaign.cancel, actor=course.actor(OWNER), reason="")
    run_campaign.cancel(actor=course.actor(OWNER), campaign_uid=course.uid, reason="学校放假")
    assert course.state is S.CANCELLED
    assert clock_stage(course) == ""
    with unit_of_work(SYSTEM):
        last = CampaignEntry.objects.order_by("-id").first()
    assert last is not None
    assert (last.before, last.reason) == (state.value, "学校放假")


def test_what_was_reported_is_not_cancelled(course: Course, at: Any) -> None:
    course.go_to(S.REPORTED, at)
    refused(course, MoveNotAllowed, run_campaign.cancel, actor=course.actor(OWNER), reason="算了")


def test_whoever_was_found_keeps_their_clock_when_a_campaign_is_cancelled(course: Course, at: Any) -> None:
    course.go_to(S.RUNNING, at)
    course.hand_in(0, LOW, GRAVE)
    triage_campaign.sweep_campaigns()
    run_campaign.cancel(actor=course.actor(OWNER), campaign_uid=course.uid, reason="学校放假")
    row = course.row(0)
    assert row.deadline is not None
    assert row.deadline.is_open


@requirement("R-067")
def test_another_station_meets_nothing_of_it(course: Course, at: Any) -> None:
    for act in (
        run_campaign.send_to_review,
        run_campaign.start_running,
        run_campaign.close_answering,
        run_campaign.finish_triage,
        run_campaign.report,
        run_campaign.archive,
    ):
        refused(course, CampaignNotFound, act, actor=course.actor(STRANGER))
    stranger = course.actor(STRANGER)
    with unit_of_work(stranger):
        assert not campaigns.campaigns_queryset(actor=stranger).exists()


def test_names_go_when_the_retention_time_is_over_and_not_before(course: Course, at: Any) -> None:
    course.go_to(S.RUNNING, at)
    course.hand_in(0, LOW, HEAVY)
    course.hand_in(1, CALM)
    course.go_to(S.ARCHIVED, at)
    owner = course.actor(OWNER)

    def take_off(*, campaign_uid: str) -> None:
        with unit_of_work(owner):
            campaigns.take_names_off(actor=course.actor(OWNER), campaign_uid=campaign_uid)

    refused(course, NotDueYet, take_off)
    until = course.campaign.names_until
    assert until is not None
    at.move_to(campaign_course.noon(until))
    # A role nobody confirmed for a year has stopped; the owner's was confirmed every year.
    RoleGrant.objects.update(confirmed_at=clock.now())
    take_off(campaign_uid=course.uid)
    with unit_of_work(SYSTEM):
        kept, gone = (Participant.objects.get(id=course.people[one].id) for one in (0, 1))
    assert kept.name, "whoever is still in support keeps their record"
    assert (gone.name, gone.roster_number, gone.born_on, gone.resident_id) == ("", "", None, None)
    assert gone.identity_index.startswith("-")
    assert AuditEvent.objects.filter(event="campaigns:campaign:names_taken_off").exists()


def test_a_plan_changed_in_between_is_not_written_over(course: Course) -> None:
    actor = course.actor(OWNER)
    seen = course.campaign.row_version
    with unit_of_work(actor):
        campaigns.change_plan(actor=actor, campaign_uid=course.uid, plan=PLAN, seen_version=seen)
    with unit_of_work(actor), pytest.raises(CampaignChanged):
        campaigns.change_plan(
            actor=actor, campaign_uid=course.uid, plan=replace(PLAN, title="旧页面"), seen_version=seen
        )
    assert course.campaign.title == PLAN.title


def test_level_zero_is_confirmed_by_the_human_who_finishes_triage(course: Course, at: Any) -> None:
    course.go_to(S.RUNNING, at)
    course.hand_in(0, CALM)
    course.go_to(S.TRIAGED, at)
    row = course.row(0)
    assert (row.confirmed, row.confirmed_by_id) == (TriageLevel.NORMAL, course.city.staff["zhao-ning"].id)
    assert row.settled_at is not None
