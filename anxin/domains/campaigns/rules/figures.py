"""The figures of campaigns, read from their data form, and what is owed by when from them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anxin.domains.campaigns.contracts import CampaignStage, Owed, Segment, TriageLevel, TriageStage

_SPAN = re.compile(r"^([1-9]\d*)(m|h|d)$")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LOOKED_AT = (TriageLevel.ATTENTION, TriageLevel.FOCUS, TriageLevel.URGENT)


class BadFigures(ValueError):
    """The data file cannot be read."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What counts as positive, as heavy, and as doubtful."""

    positive_flags: frozenset[str]
    positive_bands: frozenset[str]
    heavy_bands: frozenset[str]
    hasty_deciseconds: int
    hasty_share: float
    straight_items: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The data file, read."""

    version: str
    interview_minutes: int
    capacity_working_days: int
    consent_window: timedelta
    review_working_days: int
    triage: timedelta
    report: timedelta
    confirm: Mapping[TriageLevel, timedelta]
    interview: Mapping[TriageLevel, timedelta]
    second_reading: timedelta
    plan: Mapping[TriageLevel, timedelta]
    climbs: Mapping[TriageLevel, tuple[timedelta, ...]]
    page_every: Mapping[TriageLevel, timedelta]
    youngest: int
    smallest_cell: Mapping[Segment, int]
    only_totals: frozenset[Segment]
    signs: Signs


def read_span(text: object) -> timedelta:
    """``1h`` or ``7d``. Raises :class:`BadFigures`."""
    match = _SPAN.match(str(text))
    if match is None:
        raise BadFigures(text)
    return int(match[1]) * _UNITS[match[2]]


def read_figures(raw: Mapping[str, Any]) -> Figures:
    """The figures from their data form; every level and every segment must be there."""
    signs = raw["signs"]
    smallest = {segment: int(raw["smallest_cell"][segment.value]) for segment in Segment}
    if min(smallest.values()) < 2:
        raise BadFigures("a limit below two protects nobody")
    return Figures(
        version=str(raw["version"]),
        interview_minutes=int(raw["capacity"]["interview_minutes"]),
        capacity_working_days=int(raw["capacity"]["working_days"]),
        consent_window=read_span(raw["consent_window"]),
        review_working_days=int(raw["review_working_days"]),
        triage=read_span(raw["triage"]),
        report=read_span(raw["report"]),
        confirm={level: read_span(raw["confirm"][level.value]) for level in _LOOKED_AT},
        interview={level: read_span(raw["interview"][level.value]) for level in _LOOKED_AT},
        second_reading=read_span(raw["second_reading"]),
        plan={level: read_span(raw["plan"][level.value]) for level in _LOOKED_AT},
        climbs={
            level: tuple(read_span(span) for span in raw["climbs"][level.value]) for level in TriageLevel
        },
        page_every={level: read_span(raw["page_every"][level.value]) for level in TriageLevel},
        youngest=int(raw["youngest"]),
        smallest_cell=smallest,
        only_totals=frozenset(Segment(one) for one in raw["only_totals"]),
        signs=Signs(
            positive_flags=frozenset(signs["positive_flags"]),
            positive_bands=frozenset(signs["positive_bands"]),
            heavy_bands=frozenset(signs["heavy_bands"]),
            hasty_deciseconds=int(signs["hasty_deciseconds"]),
            hasty_share=float(signs["hasty_share"]),
            straight_items=int(signs["straight_items"]),
        ),
    )


def owed_by_triage(figures: Figures, stage: TriageStage, level: TriageLevel, since: datetime) -> Owed:
    """What is owed to one participant from ``since`` on."""
    spans = {
        TriageStage.CONFIRM: figures.confirm,
        TriageStage.INTERVIEW: figures.interview,
        TriageStage.PLAN: figures.plan,
    }
    span = figures.second_reading if stage is TriageStage.SECOND_READING else spans[stage][level]
    return owed_at(figures, stage.value, level, since + span)


def owed_at(figures: Figures, stage: str, level: TriageLevel, due_at: datetime) -> Owed:
    """Owed at a moment that is known."""
    return Owed(
        stage=stage,
        due_at=due_at,
        climbs_at=tuple(due_at + late for late in figures.climbs[level]),
        page_every=figures.page_every[level],
        level=level,
    )


def owed_by_campaign(figures: Figures, stage: CampaignStage, due_at: datetime) -> Owed:
    """What the unit owes as a whole."""
    return owed_at(figures, stage.value, TriageLevel.NORMAL, due_at)
