"""The states of a warning, and what an ending demands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.risk.contracts import (
    AssessmentMissing,
    AttemptsMissing,
    ContactChannel,
    Ending,
    Level,
    ReasonMissing,
    WarningState,
)
from anxin.domains.risk.rules.lifecycle import (
    STAGE_OF,
    TRANSITIONS,
    EndingFacts,
    check_ending,
    effective_level,
    needs_signature,
)
from anxin.kernel.errors import Refused
from anxin.kernel.transitions import MoveNotAllowed
from tests.requirements_marker import requirement

PHONE, SMS, VISIT = ContactChannel.PHONE, ContactChannel.SMS, ContactChannel.VISIT


def facts(
    level=Level.L2, state=WarningState.ASSESSED, competent=True, channels=(), reason="why"
) -> EndingFacts:
    return EndingFacts(
        level=level,
        state=state,
        has_competent_assessment=competent,
        attempt_channels=channels,
        reason=reason,
    )


def test_every_open_state_waits_for_exactly_one_step() -> None:
    assert set(STAGE_OF) == set(WarningState) - {WarningState.CLOSED}


def test_nothing_leaves_the_closed_state_and_nothing_else_is_final() -> None:
    assert TRANSITIONS.final_states() == {WarningState.CLOSED}


@pytest.mark.parametrize("ending", list(Ending))
def test_an_ending_without_a_reason_is_refused(ending: Ending) -> None:
    with pytest.raises(ReasonMissing):
        check_ending(ending, facts(reason="  ", state=WarningState.WATCH))


@requirement("R-060")
@pytest.mark.parametrize("level", [Level.L3, Level.L4])
@pytest.mark.parametrize("ending", [Ending.FALSE_POSITIVE, Ending.WATCH, Ending.CASE_OPENED])
def test_a_high_warning_cannot_end_without_a_competent_assessment(level: Level, ending: Ending) -> None:
    with pytest.raises(AssessmentMissing):
        check_ending(ending, facts(level=level, competent=False))
    check_ending(ending, facts(level=level, competent=True))


@pytest.mark.parametrize(
    ("level", "channels", "enough"),
    [
        (Level.L2, (PHONE, PHONE), False),
        (Level.L2, (PHONE, PHONE, PHONE), False),
        (Level.L2, (PHONE, PHONE, SMS), True),
        (Level.L3, (PHONE, PHONE, SMS), False),
        (Level.L3, (PHONE, SMS, VISIT), True),
        (Level.L4, (PHONE, PHONE, ContactChannel.SCHOOL), True),
        (Level.L4, (PHONE, PHONE, ContactChannel.FAMILY), True),
        (Level.L4, (PHONE, VISIT), False),
    ],
)
def test_not_reachable_needs_three_attempts_two_ways_and_a_check(level, channels, enough: bool) -> None:
    if enough:
        check_ending(Ending.NOT_REACHABLE, facts(level=level, channels=channels))
    else:
        with pytest.raises(AttemptsMissing):
            check_ending(Ending.NOT_REACHABLE, facts(level=level, channels=channels))


@pytest.mark.parametrize("state", [WarningState.NEW, WarningState.CLOSED])
@pytest.mark.parametrize("ending", list(Ending))
def test_a_warning_nobody_took_over_or_that_ended_cannot_be_ended(
    state: WarningState, ending: Ending
) -> None:
    with pytest.raises(MoveNotAllowed):
        check_ending(ending, facts(state=state, channels=(PHONE, SMS, VISIT)))


def test_a_watch_ends_only_out_of_a_watch() -> None:
    check_ending(Ending.WATCH_OVER, facts(state=WarningState.WATCH))
    with pytest.raises(MoveNotAllowed):
        check_ending(Ending.WATCH_OVER, facts(state=WarningState.CONTACTED))


@given(st.sampled_from(list(Level)), st.sampled_from(list(Level)))
def test_a_high_level_never_falls_by_an_assessment(current: Level, assessed: Level) -> None:
    after = effective_level(current=current, assessed=assessed)
    if current >= Level.L3:
        assert after >= current
    else:
        assert after == assessed


@given(
    st.sampled_from(list(Ending)),
    st.sampled_from(list(Level)),
    st.sampled_from(list(WarningState)),
    st.booleans(),
    st.lists(st.sampled_from(list(ContactChannel)), max_size=5),
    st.sampled_from(["", "why"]),
)
def test_no_set_of_facts_ends_a_high_warning_unassessed(
    ending, level, state, competent, channels, reason
) -> None:
    try:
        check_ending(ending, facts(level, state, competent, tuple(channels), reason))
    except Refused:
        return
    assert reason
    if level >= Level.L3 and ending is not Ending.WATCH_OVER:
        assert competent


@pytest.mark.parametrize(
    ("level", "needed"), [(Level.L0, False), (Level.L2, False), (Level.L3, True), (Level.L4, True)]
)
def test_only_high_warnings_need_a_second_signature(level: Level, needed: bool) -> None:
    assert needs_signature(level) is needed
