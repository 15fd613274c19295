"""What a case owes next, and by when, from its state, its level and the data of ``case_times.yaml``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from anxin.domains.cases.contracts import CaseStage, CaseState, CaseStep
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

MET_BY_CONTACT = frozenset({CaseStage.CONTACT, CaseStage.FOLLOWUP})


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
    followup_from: datetime | None = None,
    contacts: Sequence[datetime] = (),
) -> CaseStep:
    """What a case in ``state`` at ``level`` owes from ``since`` on.

    ``followup_from`` and ``contacts`` (since then) matter in follow-up only. A person at L3 or L4 is not left
    to the follow-up ladder: there, whichever is due first is owed, the follow-up or the contact their level
    asks for.
    """
    stage, level = STAGE_OF[state], max(level, Level.L1)
    if stage is not CaseStage.FOLLOWUP:
        return _step(times, stage, level, since)
    started_at = followup_from or since
    done = followups_done(times, started_at=started_at, contacts=contacts)
    if done == len(times.followups):
        return _step(times, CaseStage.REVIEW, level, since)
    step = _followup(times, level, started_at, done)
    if level >= HIGH:
        return min(step, _step(times, CaseStage.CONTACT, level, since), key=lambda one: one.due_at)
    return step


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


def _followup(times: CaseTimes, level: Level, started_at: datetime, done: int) -> CaseStep:
    span = times.followups[done]
    due_at = started_at + span * (1 + times.window)
    return CaseStep(
        stage=CaseStage.FOLLOWUP,
        due_at=due_at,
        climbs_at=tuple(due_at + late for late in times.climbs[level]),
        page_every=times.page_every[level],
        planned_at=started_at + span,
        opens_at=started_at + span * (1 - times.window),
        number=done + 1,
        total=len(times.followups),
    )


def _step(times: CaseTimes, stage: CaseStage, level: Level, since: datetime) -> CaseStep:
    due_at = since + times.steps[stage, level]
    return CaseStep(
        stage=stage,
        due_at=due_at,
        climbs_at=tuple(due_at + late for late in times.climbs[level]),
        page_every=times.page_every[level],
    )
