"""The timers of a referral as data: calendar spans and working days, by what is waited for and how urgent it is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anxin.domains.referrals.contracts import Side, Stage, Step, Urgency

WORKING_DAY = timedelta(hours=9)
_SPAN = re.compile(r"^([1-9]\d*)(m|h|d|wd)$")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "wd": WORKING_DAY}

AddWorkingTime = Callable[[datetime, timedelta], datetime]


class BadTimes(ValueError):
    """The data file cannot be read."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of calendar time, or of the city's office time."""

    length: timedelta
    is_working: bool

    def after(self, start: datetime, add_working_time: AddWorkingTime) -> datetime:
        """The moment this stretch after ``start`` ends."""
        return add_working_time(start, self.length) if self.is_working else start + self.length


@dataclass(frozen=True, slots=True)
class ReferralTimes:
    """The data file, read."""

    version: str
    steps: Mapping[tuple[Stage, Urgency], Span]
    climbs: Mapping[Urgency, tuple[timedelta, ...]]
    page_every: Mapping[Urgency, timedelta]


def read_span(text: object) -> Span:
    """``15m``, ``72h``, ``14d`` or ``3wd``. Raises :class:`BadTimes`."""
    match = _SPAN.match(str(text))
    if match is None:
        raise BadTimes(text)
    return Span(int(match[1]) * _UNITS[match[2]], match[2] == "wd")


def read_times(raw: Mapping[str, Any]) -> ReferralTimes:
    """The timers from their data form; every wait and every urgency must be there."""
    return ReferralTimes(
        version=str(raw["version"]),
        steps={
            (stage, urgency): read_span(raw["steps"][stage.value][urgency.value])
            for stage in Stage
            for urgency in Urgency
        },
        climbs={one: tuple(read_span(span).length for span in raw["climbs"][one.value]) for one in Urgency},
        page_every={one: read_span(raw["page_every"][one.value]).length for one in Urgency},
    )


def step_from(
    times: ReferralTimes,
    *,
    stage: Stage,
    side: Side,
    urgency: Urgency,
    since: datetime,
    add_working_time: AddWorkingTime,
) -> Step:
    """What is owed from ``since`` on."""
    due_at = times.steps[stage, urgency].after(since, add_working_time)
    return Step(
        stage=stage,
        side=side,
        due_at=due_at,
        climbs_at=tuple(due_at + late for late in times.climbs[urgency]),
        page_every=times.page_every[urgency],
    )
