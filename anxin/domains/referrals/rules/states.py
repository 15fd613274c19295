"""Workflow 4.6 as a table: which act leads where, whose act it is, and who owes the next step."""

from collections.abc import Mapping
from dataclasses import dataclass

from anxin.domains.referrals.contracts import Act, Side, Stage, State
from anxin.kernel.transitions import MoveNotAllowed

S = State


@dataclass(frozen=True, slots=True)
class Move:
    """One act: from where, to where, by which side."""

    sources: frozenset[State]
    target: State
    side: Side


def _move(target: State, side: Side, *sources: State) -> Move:
    return Move(frozenset(sources), target, side)


_SENDER, _RECEIVER = Side.SENDER, Side.RECEIVER

MOVES: Mapping[Act, Move] = {
    Act.RECORD_CONSENT: _move(S.CONSENT_RECORDED, _SENDER, S.DRAFTED),
    Act.SEND: _move(S.SENT, _SENDER, S.DRAFTED, S.CONSENT_RECORDED),
    Act.RECEIVE: _move(S.RECEIVED, _RECEIVER, S.SENT),
    Act.ACCEPT: _move(S.ACCEPTED, _RECEIVER, S.SENT, S.RECEIVED),
    Act.REDIRECT: _move(S.REDIRECTED, _RECEIVER, S.SENT, S.RECEIVED),
    Act.REJECT: _move(S.REJECTED, _RECEIVER, S.SENT, S.RECEIVED),
    # The sender asks somebody else: told to, told no, or left without an answer.
    Act.SEND_ON: _move(S.SENT, _SENDER, S.REDIRECTED, S.REJECTED, S.SENT, S.RECEIVED),
    Act.SCHEDULE: _move(S.SCHEDULED, _RECEIVER, S.ACCEPTED, S.SCHEDULED, S.NOT_ATTENDED),
    Act.ATTEND: _move(S.ATTENDED, _RECEIVER, S.ACCEPTED, S.SCHEDULED),
    Act.MISS: _move(S.NOT_ATTENDED, _RECEIVER, S.SCHEDULED),
    Act.FEED_BACK: _move(S.FEEDBACK_GIVEN, _RECEIVER, S.ATTENDED, S.NOT_ATTENDED),
    Act.RETURN: _move(S.RETURNED_DOWN, _RECEIVER, S.FEEDBACK_GIVEN),
    Act.TAKE_BACK: _move(S.ACCEPTED_BACK, _SENDER, S.RETURNED_DOWN),
    Act.FOLLOW_UP: _move(S.CLOSED, _SENDER, S.ACCEPTED_BACK),
    # Only after feedback, which says how the person was seen or how they were lost.
    Act.CLOSE: _move(S.CLOSED, _SENDER, S.FEEDBACK_GIVEN),
    Act.WITHDRAW: _move(
        S.WITHDRAWN, _SENDER, S.DRAFTED, S.CONSENT_RECORDED, S.SENT, S.RECEIVED, S.REDIRECTED, S.REJECTED
    ),
}

FINAL = frozenset({S.CLOSED, S.WITHDRAWN})

# Responsibility: who owes the next step, and which. It says nothing about who may see what (``sides.py``).
OWED: Mapping[State, tuple[Side, Stage]] = {
    S.DRAFTED: (_SENDER, Stage.PREPARE),
    S.CONSENT_RECORDED: (_SENDER, Stage.PREPARE),
    S.SENT: (_RECEIVER, Stage.RECEIVE),
    S.RECEIVED: (_RECEIVER, Stage.DECIDE),
    S.REDIRECTED: (_SENDER, Stage.SEND_ON),
    S.REJECTED: (_SENDER, Stage.SEND_ON),
    S.ACCEPTED: (_RECEIVER, Stage.SEE),
    S.SCHEDULED: (_RECEIVER, Stage.SEE),
    S.ATTENDED: (_RECEIVER, Stage.FEEDBACK),
    S.NOT_ATTENDED: (_RECEIVER, Stage.FEEDBACK),
    S.FEEDBACK_GIVEN: (_SENDER, Stage.READ),
    S.RETURNED_DOWN: (_SENDER, Stage.TAKE_BACK),
    S.ACCEPTED_BACK: (_SENDER, Stage.FOLLOW_UP),
}

# The receiving side has said yes and has not yet handed the person back.
IN_CARE = frozenset({S.ACCEPTED, S.SCHEDULED, S.ATTENDED, S.NOT_ATTENDED, S.FEEDBACK_GIVEN})


def after(state: State, act: Act, by: Side) -> State:
    """Where ``act`` by one side leads from ``state``. Raises ``MoveNotAllowed``."""
    move = MOVES[act]
    if state not in move.sources or by is not move.side:
        raise MoveNotAllowed(source=state.value, target=move.target.value)
    return move.target


def acts_from(state: State, by: Side) -> tuple[Act, ...]:
    """What one side can do in ``state``."""
    return tuple(act for act, move in MOVES.items() if state in move.sources and move.side is by)
