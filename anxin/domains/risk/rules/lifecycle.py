"""Workflow 4.2 as tables: which state follows which, which step the clock waits for, and what an ending demands."""

from collections.abc import Sequence
from dataclasses import dataclass

from anxin.domains.risk.contracts import (
    HIGH,
    AssessmentMissing,
    AttemptsMissing,
    ContactChannel,
    Ending,
    Level,
    ReasonMissing,
    Stage,
    WarningState,
)
from anxin.kernel.transitions import MoveNotAllowed, Transitions

S = WarningState

TRANSITIONS: Transitions[WarningState] = Transitions(
    {
        S.NEW: frozenset({S.ACKNOWLEDGED, S.CLOSED}),
        S.ACKNOWLEDGED: frozenset(
            {S.NEW, S.CONTACTED, S.ASSESSED, S.FALSE_POSITIVE, S.NOT_REACHABLE, S.CLOSED}
        ),
        S.CONTACTED: frozenset({S.NEW, S.ASSESSED, S.FALSE_POSITIVE, S.NOT_REACHABLE, S.CLOSED}),
        S.ASSESSED: frozenset({S.NEW, S.CASE_OPENED, S.WATCH, S.FALSE_POSITIVE, S.NOT_REACHABLE, S.CLOSED}),
        S.CASE_OPENED: frozenset({S.NEW, S.CLOSED, S.ASSESSED}),
        S.WATCH: frozenset({S.NEW, S.CLOSED, S.ASSESSED}),
        S.FALSE_POSITIVE: frozenset({S.NEW, S.CLOSED, S.ASSESSED, S.ACKNOWLEDGED, S.CONTACTED}),
        S.NOT_REACHABLE: frozenset({S.NEW, S.CLOSED, S.ASSESSED, S.ACKNOWLEDGED, S.CONTACTED}),
        S.CLOSED: frozenset(),
    }
)

STAGE_OF: dict[WarningState, Stage] = {
    S.NEW: Stage.ACKNOWLEDGE,
    S.ACKNOWLEDGED: Stage.CONTACT,
    S.CONTACTED: Stage.ASSESS,
    S.ASSESSED: Stage.DECIDE,
    S.CASE_OPENED: Stage.SIGN,
    S.FALSE_POSITIVE: Stage.SIGN,
    S.NOT_REACHABLE: Stage.SIGN,
    S.WATCH: Stage.REVIEW,
}

STATE_OF_ENDING: dict[Ending, WarningState] = {
    Ending.CASE_OPENED: S.CASE_OPENED,
    Ending.WATCH: S.WATCH,
    Ending.FALSE_POSITIVE: S.FALSE_POSITIVE,
    Ending.NOT_REACHABLE: S.NOT_REACHABLE,
    Ending.WATCH_OVER: S.CLOSED,
}

_CHECKS_AT_HOME_OR_SCHOOL = frozenset({ContactChannel.VISIT, ContactChannel.FAMILY, ContactChannel.SCHOOL})
MIN_ATTEMPTS, MIN_CHANNELS = 3, 2


@dataclass(frozen=True, slots=True)
class EndingFacts:
    """What the guards of an ending look at.

    ``has_competent_assessment``: by somebody who may confirm a high risk, later than the last alarm.
    ``attempt_channels``: the ways of the attempts that did not reach the person.
    """

    level: Level
    state: WarningState
    has_competent_assessment: bool
    attempt_channels: Sequence[ContactChannel]
    reason: str


def check_ending(ending: Ending, facts: EndingFacts) -> None:
    """Raise the guard that is not met; return when the ending may be proposed."""
    if not facts.reason.strip():
        raise ReasonMissing(field="reason")
    if ending is Ending.WATCH_OVER:
        if facts.state is not S.WATCH:
            raise MoveNotAllowed(source=facts.state.value, target=S.CLOSED.value)
    else:
        TRANSITIONS.check(facts.state, STATE_OF_ENDING[ending])
    if ending is Ending.NOT_REACHABLE:
        _check_attempts(facts)
    if facts.level >= HIGH and not facts.has_competent_assessment:
        raise AssessmentMissing


def endings_from(state: WarningState) -> tuple[Ending, ...]:
    """The endings that can be proposed in ``state``; their guards may still say no."""
    possible = [
        one
        for one, target in STATE_OF_ENDING.items()
        if one is not Ending.WATCH_OVER and TRANSITIONS.allows(state, target)
    ]
    return (*possible, Ending.WATCH_OVER) if state is S.WATCH else tuple(possible)


@dataclass(frozen=True, slots=True)
class AttemptsLeft:
    """What is still missing before a person may be called not reachable."""

    attempts: int
    ways: int
    check: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing."""
        return not (self.attempts or self.ways or self.check)


def attempts_left(*, level: Level, channels: Sequence[ContactChannel]) -> AttemptsLeft:
    """At least three attempts by two ways, and for L3 and L4 a check at home or at school (workflow 4.2)."""
    return AttemptsLeft(
        attempts=max(0, MIN_ATTEMPTS - len(channels)),
        ways=max(0, MIN_CHANNELS - len(set(channels))),
        check=level >= HIGH and not _CHECKS_AT_HOME_OR_SCHOOL.intersection(channels),
    )


def _check_attempts(facts: EndingFacts) -> None:
    if not attempts_left(level=facts.level, channels=facts.attempt_channels).is_done:
        raise AttemptsMissing


def reopens(state: WarningState, *, rises: bool, is_news: bool) -> bool:
    """Whether an alarm on an open warning asks for somebody to take it over anew.

    A rise always does. Otherwise news does once the warning was assessed or is on its way to an end; before that the
    colleague who holds it is told.
    """
    return rises or (is_news and state not in (S.NEW, S.ACKNOWLEDGED, S.CONTACTED))


def needs_signature(level: Level) -> bool:
    """L3 and L4 end only with a second competent person."""
    return level >= HIGH


def effective_level(*, current: Level, assessed: Level) -> Level:
    """A high level never falls by an assessment; a lower one may move either way."""
    return max(current, assessed) if current >= HIGH else assessed
