"""The course of a case: plan, lowerings that wait, follow-ups, goals, tasks, conference, review, cover."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from anxin.domains.cases import api
from anxin.domains.cases.contracts import (
    AgreedHow,
    CaseState,
    ConferenceNotFound,
    ConferenceUnreadable,
    CoverUnreadable,
    EntryDraft,
    EntryKind,
    FollowUpNotMovable,
    GoalsOpen,
    GoalState,
    LevelChanged,
    LostRuleUnmet,
    LoweringDecided,
    PlanChanged,
    PlanNotFound,
    PlanPart,
    ReviewNotFound,
    SafetyPlanMissing,
    SecondReaderNeeded,
    SharedField,
    TaskUnreadable,
)
from anxin.domains.cases.models import Case, CaseEntry, CaseFollowUp, ConferenceSeat
from anxin.domains.cases.tests.factories import (
    DAY,
    HOUR,
    PLAN,
    START,
    SYSTEM,
    Stage,
    a_draft,
    a_plan,
    an_open_case,
    staff_actor,
)
from anxin.domains.cases.tests.test_services import (
    REACHED,
    UNPLANNED,
    add,
    assess,
    clock_of,
    close,
    enter,
    in_followup,
    kinds,
    ready_to_close,
    stored,
)
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Level, NotCompetent
from anxin.kernel.actor import Actor, ActorKind
from anxin.kernel.errors import NotPermitted
from anxin.kernel.models import OutboxMessage
from anxin.kernel.unit_of_work import unit_of_work
from tests.requirements_marker import requirement

MISSED_CALL = EntryDraft(EntryKind.CONTACT, "", ContactChannel.PHONE, ContactOutcome.NO_ANSWER)


def person_of(case: Case) -> Actor:
    """The person the case is about, signed in."""
    with unit_of_work(SYSTEM):
        resident = Case.objects.select_related("resident").get(id=case.id).resident
    assert resident is not None
    return Actor(ActorKind.RESIDENT, "r1", "居民", resident_id=resident.id, resident_uid=resident.uid)


def rows_of(case: Case) -> list[CaseFollowUp]:
    with unit_of_work(SYSTEM):
        return list(case.followups.order_by("id"))


# --- the plan --------------------------------------------------------------------------------------


@requirement("R-060")
def test_no_contact_at_l3_ends_and_no_step_is_taken_without_an_agreed_plan(
    stage: Stage, case: Case, written: Any
) -> None:
    assess(stage, case, Level.L3)
    a_plan(stage, case, person_agrees=None)
    before = written()
    with pytest.raises(SafetyPlanMissing):
        add(stage, case, REACHED)
    with pytest.raises(SafetyPlanMissing), unit_of_work(stage.counsellor):
        api.enter_state(
            actor=stage.counsellor,
            case_uid=case.uid,
            state=CaseState.SAFETY_PLANNED,
            note="写好了",
            draw=stage.draw,
        )
    assert written() == before
    person = person_of(case)
    with unit_of_work(person):
        api.agree_plan(actor=person, case_uid=case.uid, version=1)
    add(stage, case, REACHED)
    enter(stage, case)
    with unit_of_work(stage.counsellor):
        api.enter_state(
            actor=stage.counsellor,
            case_uid=case.uid,
            state=CaseState.SAFETY_PLANNED,
            note="写好了",
            draw=stage.draw,
        )
    assert stored(case).state == "safety_planned"


def test_both_sides_write_versions_and_the_older_agreed_one_stays_in_force(stage: Stage, case: Case) -> None:
    a_plan(stage, case)
    person = person_of(case)
    mine = {**PLAN, PlanPart.OWN_WAYS: "听一首歌"}
    with unit_of_work(person):
        api.write_plan(actor=person, case_uid=case.uid, content=mine, base_version=1)
        own = api.own_plan(actor=person)
    assert own.latest is not None
    assert own.in_force is not None
    assert (own.latest.version, own.latest.by_person, own.in_force.version) == (2, True, 1)
    with unit_of_work(stage.counsellor):
        api.agree_plan(actor=stage.counsellor, case_uid=case.uid, version=2)
        views = api.plans_of(actor=stage.counsellor, case=case)
    assert [one.is_in_force for one in views] == [True, True]
    assert views[0].content[PlanPart.OWN_WAYS] == "听一首歌"


def test_of_two_who_change_the_plan_the_later_one_is_told_and_nothing_is_overwritten(
    stage: Stage, case: Case, written: Any
) -> None:
    a_plan(stage, case)
    person = person_of(case)
    a_plan(stage, case)
    before = written()
    with pytest.raises(PlanChanged), unit_of_work(person):
        api.write_plan(actor=person, case_uid=case.uid, content=PLAN, base_version=1)
    with pytest.raises(PlanChanged), unit_of_work(person):
        api.agree_plan(actor=person, case_uid=case.uid, version=1)
    assert written() == before


@requirement("R-061")
def test_a_plan_is_there_for_its_person_and_the_unit_and_for_nobody_else(
    stage: Stage, case: Case, written: Any
) -> None:
    a_plan(stage, case)
    other = replace(person_of(case), resident_id=2**40, uid="r2")
    before = written()
    for actor in (other, stage.stranger):
        with unit_of_work(actor), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_caseplan")
            assert cursor.fetchone() == (0,)
    with pytest.raises(PlanNotFound), unit_of_work(other):
        api.own_plan(actor=other)
    with pytest.raises(PlanNotFound), unit_of_work(other):
        api.write_plan(actor=other, case_uid=case.uid, content=PLAN, base_version=1)
    assert written() == before


# --- levels ----------------------------------------------------------------------------------------


def propose(stage: Stage, case: Case, level: Level, *, seen: int | None = None) -> Any:
    with unit_of_work(stage.counsellor):
        return api.assess_case(
            actor=stage.counsellor,
            case_uid=case.uid,
            draft=a_draft(level, second_reader_id=stage.supervisor.staff_id),
            competent_staff_ids=stage.competent,
            draw=stage.draw,
            seen_version=stored(case).row_version if seen is None else seen,
        )


def confirm(stage: Stage, case: Case, lowering: Any, actor: Actor, *, competent: bool = True) -> Any:
    with unit_of_work(actor):
        return api.confirm_lowering(
            actor=actor,
            case_uid=case.uid,
            lowering_uid=lowering.uid,
            competent_staff_ids=stage.competent if competent else frozenset(),
            draw=stage.draw,
        )


@requirement("R-060")
def test_a_lowering_of_l3_counts_only_when_the_second_reader_has_confirmed_it(
    stage: Stage, case: Case, written: Any
) -> None:
    waiting = propose(stage, case, Level.L1)
    assert (stored(case).level, stored(case).state) == (3, "risk_assessed")
    with unit_of_work(SYSTEM):
        assert not case.assessments.exists(), "what waits counts for nothing, not for closing either"
    before = written()
    for actor, competent, refusal in (
        (stage.counsellor, True, SecondReaderNeeded),
        (stage.supervisor, False, NotCompetent),
    ):
        with pytest.raises(refusal):
            confirm(stage, case, waiting, actor, competent=competent)
    assert written() == before
    confirm(stage, case, waiting, stage.supervisor)
    assert stored(case).level == 1
    assert rows_of(case), "after an L3 the follow-ups are owed even if nobody wrote a contact down"
    with pytest.raises(LoweringDecided):
        confirm(stage, case, waiting, stage.supervisor)


def test_a_rise_in_between_lets_the_waiting_lowering_lapse(stage: Stage, case: Case) -> None:
    waiting = propose(stage, case, Level.L1)
    assess(stage, case, Level.L4, by=stage.colleague)
    with pytest.raises(LoweringDecided):
        confirm(stage, case, waiting, stage.supervisor)
    assert stored(case).level == 4
    assert "lowering_lapsed" in kinds(case)


@requirement("R-060")
def test_a_page_from_before_raises_but_never_lowers_and_names_both_values(stage: Stage, written: Any) -> None:
    case = an_open_case(stage, level=Level.L1)
    seen = stored(case).row_version
    assess(stage, case, Level.L2, by=stage.colleague)
    before = written()
    with pytest.raises(LevelChanged) as refused:
        propose(stage, case, Level.L1, seen=seen)
    assert (refused.value.params["yours"], refused.value.params["now"]) == (1, 2)
    assert refused.value.params["who"] == "同事"
    assert written() == before
    propose(stage, case, Level.L4, seen=seen)
    assert stored(case).level == 4


# --- follow-ups ------------------------------------------------------------------------------------


@requirement("R-060")
def test_the_first_contact_at_l3_plans_seven_follow_ups_and_the_clock_runs_on_the_next(
    stage: Stage, case: Case, traveller: time_machine.Traveller
) -> None:
    assess(stage, case, Level.L3)
    enter(stage, case, CaseState.SAFETY_PLANNED, CaseState.INTERVENING)
    add(stage, case, REACHED)
    rows = rows_of(case)
    assert [one.number for one in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert (clock_of(case).stage, clock_of(case).due_at) == ("followup", START + 1.2 * DAY)
    traveller.shift(20 * HOUR)
    add(stage, case, MISSED_CALL)
    first = rows_of(case)[0]
    assert (first.attempts, first.last_channel, first.state) == (1, "phone", "planned")
    traveller.shift(2 * DAY)
    add(stage, case, REACHED)
    assert [one.state for one in rows_of(case)[:3]] == ["missed", "done", "planned"]
    assert len(rows_of(case)) == 7, "a follow-up does not begin the ladder anew"
    assess(stage, case, Level.L4)
    traveller.shift(HOUR)
    add(stage, case, REACHED)
    rows = rows_of(case)
    assert len(rows) == 14, "the level rose: a new episode, a new ladder"
    assert {one.state for one in rows[2:7]} == {"superseded"}


def test_a_follow_up_that_nobody_makes_climbs(
    stage: Stage, case: Case, traveller: time_machine.Traveller
) -> None:
    from anxin.domains.deadlines import api as deadlines

    assess(stage, case, Level.L3)
    enter(stage, case, CaseState.SAFETY_PLANNED, CaseState.INTERVENING)
    add(stage, case, REACHED)
    traveller.shift(1.2 * DAY + 4 * HOUR)
    with unit_of_work(SYSTEM):
        for climb in deadlines.climb_due(actor=SYSTEM):
            if climb.subject_kind == "case":
                api.record_climb(actor=SYSTEM, climb=climb)
    assert kinds(case)[-2:] == ["breached", "climbed"]
    assert clock_of(case).owner_id == stage.city.county_clinician.id


def move(stage: Stage, case: Case, row: CaseFollowUp, to: Any, reason: str = "本人出差") -> None:
    with unit_of_work(stage.counsellor):
        api.move_followup(
            actor=stage.counsellor,
            case_uid=case.uid,
            followup_uid=row.uid,
            to=to,
            reason=reason,
            draw=stage.draw,
        )


def test_a_follow_up_is_moved_with_a_reason_and_not_out_of_reach(stage: Stage, written: Any) -> None:
    case = in_followup(stage, Level.L1)
    third = rows_of(case)[2]
    before = written()
    for to in (START - HOUR, START + 20 * DAY):
        with pytest.raises(FollowUpNotMovable):
            move(stage, case, third, to)
    from anxin.domains.cases.contracts import CaseReasonMissing

    with pytest.raises(CaseReasonMissing):
        move(stage, case, third, START + 9 * DAY, reason=" ")
    assert written() == before
    move(stage, case, third, START + 9 * DAY)
    moved = rows_of(case)[2]
    assert (moved.planned_at, moved.due_at, moved.moved_because) == (
        START + 9 * DAY,
        START + 9 * DAY,
        "本人出差",
    )


def test_an_l4_is_met_daily_until_it_is_l2(stage: Stage, traveller: time_machine.Traveller) -> None:
    case = an_open_case(stage, level=Level.L4)
    assess(stage, case, Level.L4)
    enter(stage, case, CaseState.SAFETY_PLANNED, CaseState.INTERVENING)
    add(stage, case, REACHED)
    confirm(stage, case, propose(stage, case, Level.L3), stage.supervisor)
    assert clock_of(case).due_at == START + DAY
    traveller.shift(20 * HOUR)
    add(stage, case, REACHED)
    assert clock_of(case).due_at == START + 20 * HOUR + DAY


# --- ends ------------------------------------------------------------------------------------------


@requirement("R-060")
def test_lost_needs_three_days_two_ways_and_somebody_at_the_door(
    stage: Stage, traveller: time_machine.Traveller, written: Any
) -> None:
    case = in_followup(stage, Level.L3)
    for days, channel in ((1, ContactChannel.PHONE), (1, ContactChannel.SMS), (1, ContactChannel.PHONE)):
        traveller.shift(days * DAY)
        add(stage, case, replace(MISSED_CALL, channel=channel))
    before = written()
    with pytest.raises(LostRuleUnmet):
        close(stage, case, ending=CaseState.LOST)
    assert written() == before
    add(stage, case, replace(MISSED_CALL, channel=ContactChannel.VISIT))
    close(stage, case, ending=CaseState.LOST)
    assert stored(case).state == "lost"
    assert {one.state for one in rows_of(case)} == {"superseded"}


def test_a_goal_nobody_looked_at_keeps_the_case_open(stage: Stage, traveller: time_machine.Traveller) -> None:
    case = ready_to_close(stage, traveller)
    with unit_of_work(stage.counsellor):
        goal = api.set_goal(actor=stage.counsellor, case_uid=case.uid, text="能睡整夜")
    with pytest.raises(GoalsOpen):
        close(stage, case)
    with unit_of_work(stage.counsellor):
        api.review_goal(actor=stage.counsellor, case_uid=case.uid, goal_uid=goal.uid, state=GoalState.REACHED)
    close(stage, case)
    assert stored(case).state == "closed"


@requirement("R-061")
def test_a_death_is_reviewed_by_the_supervisor_chain_and_told_to_nobody_else(
    stage: Stage, traveller: time_machine.Traveller
) -> None:
    case = in_followup(stage, Level.L3)
    close(stage, case, ending=CaseState.DECEASED_REVIEW, reason="家属来电告知", draw=stage.draw)
    with unit_of_work(stage.counsellor):
        seen = api.timeline_of(actor=stage.counsellor, case=case)
    assert seen[0].kind == "ended"
    assert not any("家属来电" in one.note for one in seen)
    with pytest.raises(ReviewNotFound), unit_of_work(stage.counsellor):
        api.access_review(actor=stage.counsellor, case_uid=case.uid)
    with unit_of_work(stage.supervisor):
        review = api.access_review(actor=stage.supervisor, case_uid=case.uid)
        assert (review.told, review.due_at) == ("家属来电告知", START + 7 * DAY)
        assert review.deadline is not None
        assert review.deadline.is_open
        api.write_review(
            actor=stage.supervisor, case_uid=case.uid, learnt="交接", aftercare="班级支持", is_finished=True
        )
        review.deadline.refresh_from_db()
        assert review.deadline.ended_how == "met"


# --- conference, tasks, once -------------------------------------------------------------------------


def call(stage: Stage, case: Case, members: list[int], hours: int = 48) -> Any:
    with unit_of_work(stage.counsellor):
        return api.call_conference(
            actor=stage.counsellor,
            case_uid=case.uid,
            question="是否需要转诊",
            shared=[SharedField.LEVEL, SharedField.FINDINGS],
            member_posting_ids=members,
            closes_at=START + hours * HOUR,
        )


@requirement("R-061")
def test_members_of_a_conference_see_the_listed_fields_for_its_time_and_never_the_case(
    stage: Stage, case: Case, traveller: time_machine.Traveller, written: Any
) -> None:
    assess(stage, case, Level.L3)
    a_plan(stage, case)
    before = written()
    for members, hours in (([], 48), (list(stage.stranger.posting_ids), 24 * 15), ([2**40], 48)):
        with pytest.raises(ConferenceUnreadable):
            call(stage, case, members, hours)
    assert written() == before
    conference = call(stage, case, list(stage.stranger.posting_ids))
    with unit_of_work(stage.stranger):
        (seat,) = api.seats_of(actor=stage.stranger)
        shown = json.loads(api.access_seat(actor=stage.stranger, uid=seat.uid).shown)
        assert set(shown) == {"question", "level", "findings"}
        api.speak_in_conference(actor=stage.stranger, seat_uid=seat.uid, view="建议当天就诊")
        for table in ("cases_case", "cases_caseentry", "cases_caseplan", "cases_caseconference"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone() == (0,), table
    with pytest.raises(ConferenceNotFound), unit_of_work(stage.colleague):
        api.access_seat(actor=stage.colleague, uid=seat.uid)
    with unit_of_work(stage.counsellor):
        api.end_conference(
            actor=stage.counsellor, case_uid=case.uid, conference_uid=conference.uid, minutes="今天转诊"
        )
    with pytest.raises(ConferenceNotFound), unit_of_work(stage.stranger):
        api.access_seat(actor=stage.stranger, uid=seat.uid)
    with unit_of_work(SYSTEM):
        left = ConferenceSeat.objects.get(uid=seat.uid)
    assert (left.shown, left.view) == ("{}", "建议当天就诊")


def test_a_task_has_words_an_owner_in_post_and_a_day_ahead(stage: Stage, case: Case, written: Any) -> None:
    owner = stage.colleague_posting.id
    before = written()
    for text, posting, days in ((" ", owner, 1), ("联系学校", 2**40, 1), ("联系学校", owner, -1)):
        with pytest.raises(TaskUnreadable), unit_of_work(stage.counsellor):
            api.set_task(
                actor=stage.counsellor,
                case_uid=case.uid,
                text=text,
                owner_posting_id=posting,
                due_on=(START + days * DAY).date(),
            )
    assert written() == before
    with unit_of_work(stage.counsellor):
        task = api.set_task(
            actor=stage.counsellor,
            case_uid=case.uid,
            text="联系学校",
            owner_posting_id=owner,
            due_on=START.date(),
        )
        for _ in range(2):
            api.finish_task(actor=stage.counsellor, case_uid=case.uid, task_uid=task.uid)
    assert kinds(case)[-2:] == ["task_set", "task_done"]


@requirement("R-060")
def test_an_entry_sent_twice_is_kept_once_even_from_an_older_page(stage: Stage, case: Case) -> None:
    draft = replace(UNPLANNED, once_uid="0192-once")
    kept = []
    for _ in range(2):
        with unit_of_work(stage.counsellor):
            entry = api.add_entry(
                actor=stage.counsellor, case_uid=case.uid, entry=draft, draw=stage.draw, seen_version=0
            )
            kept.append(entry.uid)
    assert kept[0] == kept[1]
    with unit_of_work(SYSTEM):
        assert CaseEntry.objects.filter(case=case, kind="contact").count() == 1


# --- cover -------------------------------------------------------------------------------------------


def cover(stage: Stage, actor: Actor, *, fit: bool = True, days: tuple[int, int] = (1, 3)) -> Any:
    by = stage.colleague_posting
    with unit_of_work(actor):
        return api.arrange_cover(
            actor=actor,
            posting_id=stage.city.station_lead.id,
            by_posting_id=by.id,
            starts_on=(START + days[0] * DAY).date(),
            ends_on=(START + days[1] * DAY).date(),
            reason="休假",
            fit_posting_ids=frozenset({by.id}) if fit else frozenset(),
        )


def test_a_cover_holds_for_its_days_and_returns_by_itself(
    stage: Stage, case: Case, traveller: time_machine.Traveller, written: Any
) -> None:
    before = written()
    for actor, more, refusal in (
        (stage.stranger, {}, NotPermitted),
        (stage.counsellor, {"fit": False}, CoverUnreadable),
        (stage.counsellor, {"days": (3, 1)}, CoverUnreadable),
        (stage.counsellor, {"days": (-1, 1)}, CoverUnreadable),
    ):
        with pytest.raises(refusal):
            cover(stage, actor, **more)
    assert written() == before
    cover(stage, stage.counsellor)
    with pytest.raises(CoverUnreadable):
        cover(stage, stage.counsellor, days=(2, 5))
    found = []
    for day in range(5):
        traveller.move_to(START + day * DAY)
        found.append(bool(api.covers_now(actor=SYSTEM)))
    assert found == [False, True, True, True, False]
    with unit_of_work(stage.colleague):
        traveller.move_to(START + DAY)
        assert api.covered_postings(actor=stage.colleague) == [stage.city.station_lead.id]
    waiting = OutboxMessage.objects.filter(topic="cases.cover_changed").order_by("available_at")
    assert [one.available_at - START for one in waiting] == [
        timedelta(hours=15),
        timedelta(hours=15) + 3 * DAY,
    ]


def test_the_load_is_counted_for_each_manager_and_only_where_one_may_look(
    stage: Stage, case: Case, traveller: time_machine.Traveller
) -> None:
    an_open_case(stage, level=Level.L4)
    traveller.shift(HOUR)
    path = stage.city.county.path
    with unit_of_work(stage.supervisor):
        (load,) = api.loads(actor=stage.supervisor, path=path)
        places = api.loads_by_place(actor=stage.supervisor, path=path)
    assert (dict(load.by_level), load.overdue, load.total) == ({3: 1, 4: 1}, 1, 2)
    assert list(places) == [stage.city.station.path]
    with unit_of_work(stage.stranger):
        assert api.loads(actor=stage.stranger, path=path) == []


def test_somebody_in_post_is_not_succeeded_by_the_house(stage: Stage, case: Case, written: Any) -> None:
    before = written()
    for actor in (SYSTEM, stage.supervisor):
        with pytest.raises(NotPermitted), unit_of_work(actor):
            api.succeed(
                actor=actor,
                case_uid=case.uid,
                manager_posting_id=stage.colleague_posting.id,
                reason="离任",
                draw=stage.draw,
            )
    assert written() == before


def test_agreeing_by_a_colleague_is_never_written_down_as_pressed_by_the_person(
    stage: Stage, case: Case
) -> None:
    a_plan(stage, case, person_agrees=AgreedHow.ONLINE)
    with unit_of_work(SYSTEM):
        plan = case.plans.get()
        assert {one.side: one.how for one in plan.agreements.all()} == {
            "staff": "online",
            "person": "face_to_face",
        }


def test_the_actor_of_another_unit_finds_no_case_to_work_on(stage: Stage, case: Case, written: Any) -> None:
    from anxin.domains.cases.contracts import CaseNotFound

    elsewhere = staff_actor(stage.colleague_posting, "/elsewhere/")
    outsider = replace(elsewhere, posting_ids=())
    before = written()
    calls: list[tuple[str, dict[str, Any]]] = [
        ("set_goal", {"text": "x"}),
        ("set_task", {"text": "x", "owner_posting_id": 1, "due_on": START.date()}),
        ("write_plan", {"content": PLAN, "base_version": 0}),
        ("move_followup", {"followup_uid": "x", "to": START + DAY, "reason": "x", "draw": stage.draw}),
        ("decline_lowering", {"lowering_uid": "x", "reason": "x"}),
        ("end_conference", {"conference_uid": "x", "minutes": "x"}),
    ]
    for verb, arguments in calls:
        with pytest.raises(CaseNotFound), unit_of_work(outsider):
            getattr(api, verb)(actor=outsider, case_uid=case.uid, **arguments)
    assert written() == before
