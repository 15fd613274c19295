"""Pure rules: the machine against an independent model, the sides, the timers, the loop."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.domains.referrals.contracts import (
    Act,
    Direction,
    Part,
    Side,
    Stage,
    State,
    StepSkipped,
    TierTooLow,
    Urgency,
)
from anxin.domains.referrals.rules import direction, sides, states, times
from anxin.domains.referrals.rules.loop import Sent, count_chains
from anxin.kernel.transitions import MoveNotAllowed
from tests.requirements_marker import requirement

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DATA = Path(times.__file__).parent.parent / "data/referral_times.yaml"

# Workflow 4.6 written down a second time, from its own line of text: state, who does what, state.
REFERENCE = """
drafted          sender   record_consent consent_recorded
drafted          sender   send           sent
drafted          sender   withdraw       withdrawn
consent_recorded sender   send           sent
consent_recorded sender   withdraw       withdrawn
sent             receiver receive        received
sent             receiver accept         accepted
sent             receiver redirect       redirected
sent             receiver reject         rejected
sent             sender   send_on        sent
sent             sender   withdraw       withdrawn
received         receiver accept         accepted
received         receiver redirect       redirected
received         receiver reject         rejected
received         sender   send_on        sent
received         sender   withdraw       withdrawn
redirected       sender   send_on        sent
redirected       sender   withdraw       withdrawn
rejected         sender   send_on        sent
rejected         sender   withdraw       withdrawn
accepted         receiver schedule       scheduled
accepted         receiver attend         attended
scheduled        receiver schedule       scheduled
scheduled        receiver attend         attended
scheduled        receiver miss           not_attended
not_attended     receiver schedule       scheduled
not_attended     receiver feed_back      feedback_given
attended         receiver feed_back      feedback_given
feedback_given   receiver return         returned_down
feedback_given   sender   close          closed
returned_down    sender   take_back      accepted_back
accepted_back    sender   follow_up      closed
"""
MODEL = {tuple(line.split()[:3]): line.split()[3] for line in REFERENCE.strip().splitlines()}
STEPS = st.lists(st.tuples(st.sampled_from(list(Act)), st.sampled_from(list(Side))), max_size=30)


@requirement("R-082")
@settings(max_examples=60)
@given(STEPS)
def test_the_machine_does_what_the_workflow_says_and_nothing_else(steps: list[tuple[Act, Side]]) -> None:
    state, walked = State.DRAFTED, [State.DRAFTED]
    for act, side in steps:
        expected = MODEL.get((state.value, side.value, act.value))
        if expected is None:
            with pytest.raises(MoveNotAllowed):
                states.after(state, act, side)
            continue
        state = states.after(state, act, side)
        assert state.value == expected
        walked.append(state)
    # Every wait has somebody who owes the next step; an end has nobody and nothing leads out of it.
    assert (state in states.OWED) is (state not in states.FINAL)
    if state is State.CLOSED:
        assert State.FEEDBACK_GIVEN in walked


def test_the_table_and_the_model_are_the_same_size() -> None:
    moves = {
        (source.value, move.side.value, act.value): move.target.value
        for act, move in states.MOVES.items()
        for source in move.sources
    }
    assert moves == MODEL


@requirement("R-082")
@pytest.mark.parametrize("state", list(State))
def test_visibility_does_not_follow_responsibility(state: State) -> None:
    sender = sides.parts_for(Side.SENDER, state)
    receiver = sides.parts_for(Side.RECEIVER, state)
    assert {Part.STATUS, Part.PREVIEW, Part.EVIDENCE} <= sender
    assert Part.WORK not in sender
    assert sides.parts_for(None, state) == frozenset()
    accepted = state not in {
        State.DRAFTED,
        State.CONSENT_RECORDED,
        State.SENT,
        State.RECEIVED,
        State.REDIRECTED,
        State.REJECTED,
        State.WITHDRAWN,
    }
    assert (Part.EVIDENCE in receiver) is accepted
    owner = states.OWED.get(state)
    if owner is not None and owner[0] is Side.RECEIVER:
        assert Part.PREVIEW in receiver  # whoever owes the next step can see what it is about


def test_whoever_answers_for_both_meets_it_as_the_receiver_unless_they_wrote_it() -> None:
    assert sides.side_of(wrote_it=True, reads_at_sender=True, reads_at_receiver=True) is Side.SENDER
    assert sides.side_of(wrote_it=False, reads_at_sender=True, reads_at_receiver=True) is Side.RECEIVER
    assert sides.side_of(wrote_it=False, reads_at_sender=True, reads_at_receiver=False) is Side.SENDER
    assert sides.side_of(wrote_it=False, reads_at_sender=False, reads_at_receiver=False) is None


@requirement("R-082")
@pytest.mark.parametrize(
    ("stage", "urgency", "expected"),
    [
        (Stage.RECEIVE, Urgency.EMERGENCY, timedelta(minutes=15)),
        (Stage.DECIDE, Urgency.EMERGENCY, timedelta(minutes=30)),
        (Stage.RECEIVE, Urgency.URGENT, timedelta(hours=4)),
        (Stage.SEE, Urgency.URGENT, timedelta(hours=72)),
        (Stage.SEE, Urgency.ROUTINE, timedelta(days=14)),
        (Stage.FEEDBACK, Urgency.EMERGENCY, timedelta(hours=24)),
        (Stage.FEEDBACK, Urgency.URGENT, timedelta(days=7)),
        (Stage.FOLLOW_UP, Urgency.ROUTINE, timedelta(days=14)),
    ],
)
def test_the_timers_are_those_of_the_workflow(stage: Stage, urgency: Urgency, expected: timedelta) -> None:
    read = times.read_times(yaml.safe_load(DATA.read_text(encoding="utf-8")))
    step = times.step_from(
        read,
        stage=stage,
        side=Side.RECEIVER,
        urgency=urgency,
        since=NOW,
        add_working_time=lambda start, length: start + length,
    )
    assert step.due_at - NOW == expected
    assert all(moment > step.due_at for moment in step.climbs_at)


def test_working_days_are_counted_by_the_calendar_of_the_city() -> None:
    read = times.read_times(yaml.safe_load(DATA.read_text(encoding="utf-8")))
    assert read.steps[Stage.DECIDE, Urgency.ROUTINE] == times.Span(3 * times.WORKING_DAY, True)
    assert read.steps[Stage.TAKE_BACK, Urgency.ROUTINE] == times.Span(5 * times.WORKING_DAY, True)


@pytest.mark.parametrize("text", ["", "0h", "1", "3w", "-1d", "1.5h"])
def test_a_span_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(times.BadTimes):
        times.read_span(text)


@requirement("R-083")
def test_the_ladder_of_competence() -> None:
    up, down = direction.direction_of((1, 2), (2, 3)), direction.direction_of((3, 1), (4, 2))
    assert (up, down) == (Direction.UP, Direction.DOWN)
    assert direction.direction_of((1, 1), (1, 2)) is Direction.UP
    assert direction.direction_of((1, 1), (2, 2)) is Direction.SIDEWAYS
    direction.check_tier(up, own=2, asked=3, level=1)
    direction.check_tier(up, own=1, asked=4, level=3)
    direction.check_tier(Direction.DOWN, own=4, asked=2, level=1)
    with pytest.raises(TierTooLow):
        direction.check_tier(up, own=2, asked=2, level=4)
    with pytest.raises(StepSkipped):
        direction.check_tier(up, own=1, asked=3, level=2)


def test_a_chain_counts_once_however_often_it_was_passed_on() -> None:
    late, due = NOW + timedelta(days=9), NOW + timedelta(days=7)
    rows = [
        Sent("a", Direction.UP, NOW, None, None),
        Sent("a", Direction.SIDEWAYS, NOW + timedelta(days=1), due, due),
        Sent("b", Direction.UP, NOW, late, due),
        Sent("c", Direction.UP, NOW, None, None),
        Sent("d", Direction.DOWN, NOW, due, due),
    ]
    up, down, sideways = count_chains(rows)
    assert (up.sent, up.in_time, up.late, up.waiting) == (3, 1, 1, 1)
    assert (down.sent, down.rate) == (1, 1.0)
    assert (sideways.sent, sideways.rate) == (0, None)
