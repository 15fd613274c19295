"""Workflow 4.3 as a table. Beyond its line two moves are ours: back from follow-up when the risk returns, and death,
which can end every state."""

from anxin.domains.cases.contracts import CaseState
from anxin.kernel.transitions import Transitions

S = CaseState

_LEAVING = frozenset({S.TRANSFERRED, S.LOST, S.DECEASED_REVIEW})

TRANSITIONS: Transitions[CaseState] = Transitions(
    {
        S.OPENED: frozenset({S.RISK_ASSESSED, S.DECEASED_REVIEW}),
        S.RISK_ASSESSED: frozenset({S.SAFETY_PLANNED, S.DECEASED_REVIEW}),
        S.SAFETY_PLANNED: frozenset({S.INTERVENING, S.REFERRED, S.DECEASED_REVIEW}),
        S.INTERVENING: frozenset({S.REFERRED, S.FOLLOWUP}) | _LEAVING,
        S.REFERRED: frozenset({S.INTERVENING, S.FOLLOWUP}) | _LEAVING,
        S.FOLLOWUP: frozenset({S.INTERVENING, S.REFERRED, S.CLOSED}) | _LEAVING,
        S.CLOSED: frozenset(),
        S.TRANSFERRED: frozenset(),
        S.DECEASED_REVIEW: frozenset(),
        S.LOST: frozenset(),
    }
)

ENDED = TRANSITIONS.final_states()


def enterable_from(state: CaseState) -> tuple[CaseState, ...]:
    """The states a colleague may enter from ``state``: not the ends, and not the one an assessment brings about."""
    return tuple(
        target
        for target in CaseState
        if TRANSITIONS.allows(state, target) and target not in ENDED and target is not S.RISK_ASSESSED
    )


def endings_from(state: CaseState) -> tuple[CaseState, ...]:
    """The ends that ``state`` can come to, with a supervisor's approval."""
    return tuple(target for target in CaseState if TRANSITIONS.allows(state, target) and target in ENDED)
