"""Transitions, closing and clocks of a case, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.cases import library
from anxin.domains.cases.contracts import CaseStage, CaseState, CaseStep
from anxin.domains.cases.rules import clocks
from anxin.domains.cases.rules.closing import closing_standing
from anxin.domains.cases.rules.transitions import ENDED, TRANSITIONS, endings_from, enterable_from
from anxin.domains.deadlines.contracts import Ladder, LadderRung, RungName
from anxin.domains.risk.contracts import Level
from anxin.kernel.transitions import MoveNotAllowed
from tests.requirements_marker import requirement

S = CaseState
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TIMES = library.case_times()
OPEN_STATES = sorted(set(S) - ENDED)


def test_the_line_of_the_workflow_can_be_walked_from_opening_to_closing() -> None:
    line = [
        S.OPENED,
        S.RISK_ASSESSED,
        S.SAFETY_PLANNED,
        S.INTERVENING,
        S.REFERRED,
        S.INTERVENING,
        S.FOLLOWUP,
        S.CLOSED,
    ]
    for source, target in pairwise(line):
        TRANSITIONS.check(source, target)


@pytest.mark.parametrize("state", sorted(S))
def test_only_a_followed_up_case_can_be_closed_and_nothing_leaves_an_end(state: CaseState) -> None:
    assert TRANSITIONS.allows(state, S.CLOSED) == (state is S.FOLLOWUP)
    assert (state in ENDED) == (not TRANSITIONS.moves[state])
    assert set(TRANSITIONS.moves) == set(S)


def test_a_step_cannot_be_left_out() -> None:
    with pytest.raises(MoveNotAllowed):
        TRANSITIONS.check(S.OPENED, S.FOLLOWUP)
    with pytest.raises(MoveNotAllowed):
        TRANSITIONS.check(S.RISK_ASSESSED, S.INTERVENING)


def test_what_a_colleague_may_enter_and_how_a_case_may_end_never_overlap() -> None:
    for state in S:
        assert not set(enterable_from(state)) & set(endings_from(state))
        assert S.RISK_ASSESSED not in enterable_from(state)
    assert endings_from(S.OPENED) == (S.DECEASED_REVIEW,)
    assert set(endings_from(S.FOLLOWUP)) == ENDED


@requirement("R-060")
@pytest.mark.parametrize(
    ("apart", "is_met"),
    [
        (13 * DAY + 23 * HOUR + 59 * MINUTE, False),
        (14 * DAY, True),
        (14 * DAY + MINUTE, True),
        (timedelta(0), False),
    ],
)
def test_two_low_assessments_must_be_fourteen_days_apart(apart: timedelta, is_met: bool) -> None:
    found = closing_standing(1, [(1, NOW), (0, NOW - apart)])
    assert found.is_met is is_met
    assert found.ready_at == NOW - apart + 14 * DAY


@pytest.mark.parametrize(
    ("case_level", "levels", "is_met"),
    [
        (0, [], False),
        (1, [1], False),
        (1, [1, 1], True),
        (2, [2, 1], False),
        (1, [1, 2, 1], False),
        (1, [1, 1, 3], True),
        (3, [1, 1], False),
    ],
)
def test_only_the_unbroken_low_row_up_to_now_counts(case_level: int, levels: list[int], is_met: bool) -> None:
    """Latest first, twenty days apart; a case raised since by a warning stays open."""
    found = closing_standing(case_level, [(level, NOW - 20 * i * DAY) for i, level in enumerate(levels)])
    assert found.is_met is is_met


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 60)), max_size=6), st.integers(0, 4))
def test_closing_needs_the_latest_assessment_and_the_case_low(
    rows: list[tuple[int, int]], case_level: int
) -> None:
    ages = sorted(rows, key=lambda row: row[1])
    found = closing_standing(case_level, [(level, NOW - age * DAY) for level, age in ages])
    if found.is_met:
        assert case_level <= 1
        assert ages[0][0] <= 1
        assert len(ages) > 1


@requirement("R-060")
@pytest.mark.parametrize(
    ("state", "level", "stage", "within"),
    [
        (S.OPENED, Level.L4, CaseStage.ASSESS, 30 * MINUTE),
        (S.OPENED, Level.L3, CaseStage.ASSESS, 24 * HOUR),
        (S.RISK_ASSESSED, Level.L3, CaseStage.PLAN, 24 * HOUR),
        (S.SAFETY_PLANNED, Level.L4, CaseStage.CONTACT, 24 * HOUR),
        (S.INTERVENING, Level.L4, CaseStage.CONTACT, 24 * HOUR),
        (S.INTERVENING, Level.L3, CaseStage.CONTACT, 7 * DAY),
        (S.REFERRED, Level.L4, CaseStage.REFERRAL, 24 * HOUR),
        (S.REFERRED, Level.L3, CaseStage.REFERRAL, 72 * HOUR),
        (S.INTERVENING, Level.L0, CaseStage.CONTACT, 30 * DAY),
    ],
)
def test_what_is_owed_follows_state_and_level(
    state: CaseState, level: Level, stage: CaseStage, within: timedelta
) -> None:
    step = clocks.next_step(TIMES, state=state, level=level, since=NOW)
    assert (step.stage, step.due_at) == (stage, NOW + within)


@requirement("R-060")
def test_the_follow_ups_come_at_their_seven_days_with_a_fifth_of_leeway() -> None:
    planned: list[timedelta] = []
    contacts = [NOW]
    while True:
        step = clocks.next_step(
            TIMES, state=S.FOLLOWUP, level=Level.L1, since=contacts[-1], followup_from=NOW, contacts=contacts
        )
        if step.stage is not CaseStage.FOLLOWUP:
            break
        assert step.planned_at is not None
        span = step.planned_at - NOW
        assert (step.opens_at, step.due_at) == (NOW + span * 0.8, NOW + span * 1.2)
        assert (step.number, step.total) == (len(planned) + 1, 7)
        planned.append(span)
        contacts.append(step.planned_at)
    assert planned == [DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 180 * DAY]
    assert step.stage is CaseStage.REVIEW


@pytest.mark.parametrize(
    ("hours", "done"),
    [(0, 0), (19, 0), (19.2, 1), (24, 1), (57, 1), (57.6, 2), (240, 3), (268.8, 4), (24 * 300, 7)],
)
def test_a_contact_covers_the_follow_ups_whose_window_has_opened(hours: float, done: int) -> None:
    assert clocks.followups_done(TIMES, started_at=NOW, contacts=[NOW + hours * HOUR]) == done


def test_a_person_at_high_risk_is_not_left_to_the_follow_up_ladder() -> None:
    def step(level: Level) -> CaseStep:
        began = NOW - 40 * DAY
        return clocks.next_step(
            TIMES, state=S.FOLLOWUP, level=level, since=NOW, followup_from=began, contacts=[NOW]
        )

    assert step(Level.L1).planned_at == NOW + 50 * DAY
    daily = step(Level.L4)
    assert (daily.stage, daily.due_at) == (CaseStage.CONTACT, NOW + DAY)


@given(
    st.sampled_from(OPEN_STATES),
    st.sampled_from(Level),
    st.lists(st.integers(0, 5000), max_size=5),
    st.integers(0, 5000),
)
def test_an_open_case_always_owes_something_and_climbs_after_it(
    state: CaseState, level: Level, contact_hours: list[int], entered_hours_ago: int
) -> None:
    entered = NOW - entered_hours_ago * HOUR
    contacts = [min(entered + hours * HOUR, NOW) for hours in contact_hours]
    step = clocks.next_step(
        TIMES, state=state, level=level, since=NOW, followup_from=entered, contacts=contacts
    )
    assert all(moment > step.due_at for moment in step.climbs_at)
    assert list(step.climbs_at) == sorted(step.climbs_at)
    if state is not S.FOLLOWUP or NOW in contacts:
        assert step.due_at > NOW


@given(st.sampled_from([s for s in OPEN_STATES if s is not S.FOLLOWUP]))
def test_a_higher_level_is_never_slower(state: CaseState) -> None:
    due = [clocks.next_step(TIMES, state=state, level=level, since=NOW).due_at for level in Level]
    assert due == sorted(due, reverse=True)


def test_a_moved_step_takes_its_climbs_along() -> None:
    step = clocks.next_step(TIMES, state=S.OPENED, level=Level.L3, since=NOW)
    earlier = clocks.moved(step, step.due_at - HOUR)
    assert earlier.climbs_at == tuple(moment - HOUR for moment in step.climbs_at)
    assert earlier.stage is step.stage


def test_a_retimed_ladder_begins_with_whoever_holds_the_clock() -> None:
    step = clocks.next_step(TIMES, state=S.INTERVENING, level=Level.L4, since=NOW)
    rungs = [LadderRung(name, i, "某人", i, "某处", f"/{i}/", NOW - DAY) for i, name in enumerate(RungName)]
    whole = clocks.retimed(Ladder(tuple(rungs), 5 * MINUTE), 0, step, NOW)
    assert [rung.starts_at for rung in whole.rungs] == [NOW, *step.climbs_at]
    rest = clocks.retimed(Ladder(tuple(rungs), 5 * MINUTE), 1, step, NOW)
    assert [(rung.rung.value, rung.starts_at) for rung in rest.rungs] == [
        ("county", NOW),
        ("city", step.climbs_at[0]),
    ]
    assert rest.page_every == step.page_every
    longer = Ladder((*rungs, replace(rungs[2], posting_id=9)), 5 * MINUTE)
    assert clocks.retimed(longer, 0, step, NOW).rungs[-1].starts_at == step.climbs_at[-1]


@pytest.mark.parametrize("span", ["", "0h", "1.5h", "3 h", "7w", "-1d", None])
def test_a_span_that_cannot_be_read_is_refused(span: object) -> None:
    with pytest.raises(clocks.BadCaseTimes):
        clocks.read_span(span)


@pytest.mark.parametrize("change", [{"followups": ["72h", "24h"]}, {"followups": []}, {"window": 1}])
def test_follow_ups_out_of_order_are_refused(change: dict[str, object]) -> None:
    levels = dict.fromkeys(("L1", "L2", "L3", "L4"), "1d")
    raw = {
        "version": "t",
        "steps": {stage.value: levels for stage in CaseStage},
        "climbs": {name: ["1d"] for name in levels},
        "page_every": levels,
        "followups": ["24h", "72h"],
        "window": 0.2,
        "learning": "7d",
    }
    assert clocks.read_case_times(raw).followups == (DAY, 3 * DAY)
    with pytest.raises(clocks.BadCaseTimes):
        clocks.read_case_times({**raw, **change})
