"""Response times as data: when a step is due and when it climbs. Spans are written ``30m``, ``2h``, ``4wh+1wd``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anxin.domains.risk.contracts import Level, Stage

WORKING_DAY = timedelta(hours=9)
_PART = re.compile(r"^(\d+(?:\.\d+)?)(s|m|h|d|wh|wd)$")
_CALENDAR = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_WORKING = {"wh": timedelta(hours=1), "wd": WORKING_DAY}

AddWorkingTime = Callable[[datetime, timedelta], datetime]


class BadSpan(ValueError):
    """A span of time that cannot be read."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of calendar time or of working time."""

    length: timedelta
    working: bool


@dataclass(frozen=True, slots=True)
class StepTimes:
    """Times of one step at one level."""

    within: tuple[Part, ...]
    climbs: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """All steps of all levels, and how often the last rung is paged."""

    version: str
    page_every: timedelta
    steps: Mapping[tuple[Level, Stage], StepTimes]


def read_span(text: str) -> tuple[Part, ...]:
    """The parts of ``30m`` or ``4wh+1wd``. Raises :class:`BadSpan`."""
    parts = []
    for piece in str(text).replace(" ", "").split("+"):
        match = _PART.match(piece)
        if match is None or float(match[1]) <= 0:
            raise BadSpan(text)
        amount, unit = float(match[1]), match[2]
        working = unit in _WORKING
        parts.append(Part(length=amount * (_WORKING if working else _CALENDAR)[unit], working=working))
    return tuple(parts)


def read_response_times(raw: Mapping[str, Any]) -> ResponseTimes:
    """Response times from their data form; every level from L1 up and every stage must be there."""
    steps = {}
    for level in (Level.L1, Level.L2, Level.L3, Level.L4):
        for stage in Stage:
            step = raw["levels"][level.name][stage.value]
            steps[level, stage] = StepTimes(
                within=read_span(step["within"]), climbs=tuple(read_span(span) for span in step["climbs"])
            )
    (page_every,) = read_span(raw["page_every"])
    return ResponseTimes(version=str(raw["version"]), page_every=page_every.length, steps=steps)


def add_span(start: datetime, span: tuple[Part, ...], add_working_time: AddWorkingTime) -> datetime:
    """``start`` plus the parts of ``span``, one after the other."""
    moment = start
    for part in span:
        moment = add_working_time(moment, part.length) if part.working else moment + part.length
    return moment


def schedule(
    times: ResponseTimes, *, level: Level, stage: Stage, start: datetime, add_working_time: AddWorkingTime
) -> tuple[datetime, tuple[datetime, ...]]:
    """When the step is due, and when each further rung is called; later rungs never before earlier ones."""
    step = times.steps[max(level, Level.L1), stage]
    climbs: list[datetime] = []
    for span in step.climbs:
        moment = add_span(start, span, add_working_time)
        climbs.append(max(moment, climbs[-1]) if climbs else moment)
    return add_span(start, step.within, add_working_time), tuple(climbs)
