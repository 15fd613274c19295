"""What a case owes next, and by when, from its state, its level and the data of ``case_times.yaml``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from anxin.domains.cases.contracts import CaseStage, CaseState, CaseStep, FollowUpWindow, LadderStanding
from anxin.domains.deadlines.contracts import Ladder
from anxin.domains.risk.contracts import HIGH, Level

_SPAN = re.compile(r"^([1-9]\d*)(m|h|d)$")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LEVELS = (Level.L1, Level.L2, Level.L3, Level.L4)
_STAGES = (CaseStage.ASSESS, CaseStage.PLAN, CaseStage.CONTACT, CaseStage.REFERRAL, CaseStage.REVIEW)

STAGE_OF = {
    CaseState.OPENED: CaseStage.ASSESS,
    CaseState.RISK_ASSESSED: CaseStage.PLAN,
    CaseState.SAFETY_PLANNED: CaseStage.CONTACT,
    CaseState.INTERVENING: CaseStage.CONTACT,
    CaseState.REFERRED: CaseStage.REFERRAL,
    CaseState.FOLLOWUP: CaseStage.FOLLOWUP,
}


class BadCaseTimes(ValueError):
    """The data file cannot be read."""


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """The data file, read."""

    version: str
    steps: Mapping[tuple[CaseStage, Level], timedelta]
    climbs: Mapping[Level, tuple[timedelta, ...]]
    page_every: Mapping[Level, timedelta]
    followups: tuple[timedelta, ...]
    window: float
    learning: timedelta


def read_span(text: object) -> timedelta:
    """``30m``, ``24h`` or ``7d``. Raises :class:`BadCaseTimes`."""
    match = _SPAN.match(str(text))
    if match is None:
        raise BadCaseTimes(text)
    return int(match[1]) * _UNITS[match[2]]


def read_case_times(raw: Mapping[str, Any]) -> CaseTimes:
    """The times from their data form; every stage and every level from L1 up must be there."""
    followups = tuple(read_span(span) for span in raw["followups"])
    window = float(raw["window"])
    if list(followups) != sorted(set(followups)) or not followups or not 0 <= window < 1:
        raise BadCaseTimes("followups rise, and their window is a share below one")
    return CaseTimes(
        version=str(raw["version"]),
        steps={
            (stage, level): read_span(raw["steps"][stage.value][level.name])
            for stage in _STAGES
            for level in _LEVELS
        },
        climbs={level: tuple(read_span(span) for span in raw["climbs"][level.name]) for level in _LEVELS},
        page_every={level: read_span(raw["page_every"][level.name]) for level in _LEVELS},
        followups=followups,
        window=window,
        learning=read_span(raw["learning"]),
    )


def followups_done(times: CaseTimes, *, started_at: datetime, contacts: Sequence[datetime]) -> int:
    """How many follow-ups the contacts since ``started_at`` cover.

    A contact covers every follow-up whose window has opened by then: one that comes late stands for those it
    missed, one that comes too early for none.
    """
    if not contacts:
        return 0
    latest = max(contacts)
    return sum(1 for span in times.followups if started_at + span * (1 - times.window) <= latest)


def next_step(
    times: CaseTimes,
    *,
    state: CaseState,
    level: Level,
    since: datetime,
    pace: Level | None = None,
    ladder: LadderStanding | None = None,
    stage_due_at: datetime | None = None,
    followup_from: datetime | None = None,
    contacts: Sequence[datetime] = (),
) -> CaseStep:
    """What a case in ``state`` at ``level`` owes: what the state asks for, or the follow-up, whichever is due first.

    ``since`` is from when the state asks, unless ``stage_due_at`` says when it is due. ``pace`` is how fast contacts
    follow each other. ``ladder`` are the stored follow-ups; in a follow-up without any, they are reckoned from
    ``followup_from`` and the ``contacts`` since then. A person at L3 or L4 is never left to the follow-ups alone.
    """
    level = max(level, Level.L1)
    if ladder is None and state is CaseState.FOLLOWUP:
        ladder = _reckoned(times, followup_from or since, contacts)
    owed = ladder.owed if ladder else None
    steps = [_followup(times, level, owed)] if owed else []
    own = _own_stage(state, level, has_followups=owed is not None)
    if own is not None:
        tempo = max(pace or level, level) if own is CaseStage.CONTACT else level
        step = _step(times, own, tempo, since)
        steps.append(moved(step, stage_due_at) if stage_due_at else step)
    return min(steps, key=lambda one: one.due_at)


def _own_stage(state: CaseState, level: Level, *, has_followups: bool) -> CaseStage | None:
    """What the state itself asks for, beside follow-ups."""
    if state is not CaseState.FOLLOWUP:
        return STAGE_OF[state]
    if level >= HIGH:
        return CaseStage.CONTACT
    return None if has_followups else CaseStage.REVIEW


def _reckoned(times: CaseTimes, started_at: datetime, contacts: Sequence[datetime]) -> LadderStanding:
    done, total = followups_done(times, started_at=started_at, contacts=contacts), len(times.followups)
    if done == total:
        return LadderStanding(None)
    span = times.followups[done]
    return LadderStanding(
        FollowUpWindow(
            done + 1,
            total,
            started_at + span,
            started_at + span * (1 - times.window),
            started_at + span * (1 + times.window),
        )
    )


def own_due_at(
    times: CaseTimes, *, state: CaseState, level: Level, pace: Level, since: datetime, has_followups: bool
) -> datetime | None:
    """When what the state alone asks for from ``since`` on is due; ``None`` while the follow-ups say it all."""
    level = max(level, Level.L1)
    own = _own_stage(state, level, has_followups=has_followups)
    if own is None:
        return None
    return _step(times, own, max(pace, level) if own is CaseStage.CONTACT else level, since).due_at


def learning_step(times: CaseTimes, *, since: datetime, level: int) -> CaseStep:
    """The learning review after a death, and whom it climbs to."""
    due_at, tempo = since + times.learning, max(Level(level), Level.L1)
    return CaseStep(
        stage=CaseStage.LEARNING,
        due_at=due_at,
        climbs_at=tuple(due_at + late for late in times.climbs[tempo]),
        page_every=times.page_every[tempo],
    )


def is_met_by_contact(state: CaseState, level: Level) -> bool:
    """Whether what the state itself asks for is a contact."""
    return _own_stage(state, level, has_followups=True) is CaseStage.CONTACT


def moved(step: CaseStep, due_at: datetime) -> CaseStep:
    """The same step due at another moment, its climbs with it."""
    by = due_at - step.due_at
    return replace(step, due_at=due_at, climbs_at=tuple(moment + by for moment in step.climbs_at))


def retimed(ladder: Ladder, index: int, step: CaseStep, start: datetime) -> Ladder:
    """The people of ``ladder`` from rung ``index`` up, for ``step``: whoever holds the clock now holds it first."""
    turns = (start, *step.climbs_at)
    return Ladder(
        rungs=tuple(
            replace(rung, starts_at=turns[min(i, len(turns) - 1)])
            for i, rung in enumerate(ladder.rungs[index:])
        ),
        page_every=step.page_every,
    )


def _followup(times: CaseTimes, level: Level, owed: FollowUpWindow) -> CaseStep:
    return CaseStep(
        stage=CaseStage.FOLLOWUP,
        due_at=owed.due_at,
        climbs_at=tuple(owed.due_at + late for late in times.climbs[level]),
        page_every=times.page_every[level],
        planned_at=owed.planned_at,
        opens_at=owed.opens_at,
        number=owed.number,
        total=owed.total,
    )


def _step(times: CaseTimes, stage: CaseStage, level: Level, since: datetime) -> CaseStep:
    due_at = since + times.steps[stage, level]
    return CaseStep(
        stage=stage,
        due_at=due_at,
        climbs_at=tuple(due_at + late for late in times.climbs[level]),
        page_every=times.page_every[level],
    )
