"""What others may see of the indicators room: periods, shares, lines of the overview, rows of events. No names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anxin.domains.risk.contracts import Level
from anxin.kernel.errors import NotFound, Refused
from anxin.kernel.small_cells import GroupTable


class Permission(StrEnum):
    """Rights of this room."""

    VIEW = "indicators.view"


class Period(StrEnum):
    """The stretch of time an overview speaks of: the running week, month or year."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Split(StrEnum):
    """By area (块) or by line (条). Both add up to the same total (trap T2)."""

    AREA = "area"
    LINE = "line"


class Answer(StrEnum):
    """Whether somebody took a warning over in time. ``PENDING``: not yet taken over, and not yet due."""

    IN_TIME = "in_time"
    LATE = "late"
    PENDING = "pending"


class PartOfDay(StrEnum):
    """When it was raised, as coarse as a leader needs it."""

    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


class Reach(StrEnum):
    """The highest rung a warning has called."""

    STATION = "station"
    COUNTY = "county"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Days:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date


class GroupSplit(StrEnum):
    """The rows of a group report: the areas and units right below a node, or the age groups of the whole city."""

    PLACE = "place"
    AGE = "age"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year; ``name`` is how addresses spell it: 2026-3."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """For addresses and file names."""
        return f"{self.year}-{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        following = Quarter(self.year + self.number // 4, self.number % 4 + 1)
        return date.fromordinal(following.first.toordinal() - 1)


@dataclass(frozen=True, slots=True)
class GroupReport:
    """How the results of one form spread over its bands, in groups large enough. No person, no rank.

    ``names`` gives each row its name, in the order of the table; the row "" holds those of no row below.
    ``node_uids`` are the rows that open to a report of their own.
    """

    instrument: str
    quarter: Quarter
    by: GroupSplit
    table: GroupTable
    names: Mapping[str, str]
    node_uids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole. Of nothing there is no percentage, not zero."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """To one decimal; ``None`` when the whole is empty."""
        return round(100 * self.part / self.whole, 1) if self.whole else None


@dataclass(frozen=True, slots=True)
class Counts:
    """What is said about one set of warnings."""

    raised: int
    in_time: Share
    late: int
    median_minutes: int | None
    to_city: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the overview: an area or a line, or several small ones counted together (``merged`` names them)."""

    key: str
    name: str
    counts: Counts
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """Warnings of one week by level; ``unshown`` are those whose level would stand for too few."""

    first: date
    by_level: Mapping[Level, int]
    unshown: int = 0

    @property
    def total(self) -> int:
        """All levels."""
        return sum(self.by_level.values()) + self.unshown


@dataclass(frozen=True, slots=True)
class Overview:
    """The five figures, the table and the charts of one node in one period."""

    days: Days
    total: Counts
    raised_before: int
    unowned: int
    signed: Share
    stations_open: int
    stations: int
    lines: tuple[Line, ...]
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One warning as a leader sees it: no person, no number, no station, no exact time.

    Level, week and part of the day are None where too few would share them (``rules/release.py``).
    """

    area: str
    level: Level | None
    week: date | None
    part_of_day: PartOfDay | None
    reach: Reach
    climbed: bool
    answer: Answer


@dataclass(frozen=True, slots=True)
class Definition:
    """口径: what a figure counts. All are gettext message ids."""

    title: str
    counts: str
    note: str = ""


DEFINITIONS: dict[str, Definition] = {
    "raised": Definition(
        "Warnings of the period",
        "Warnings raised in the period, by the place of the person's station. A person's further alarms within 72 hours"
        " count once.",
    ),
    "in_time": Definition(
        "Answered in time",
        "Warnings somebody took over within the time of their level, of all that were taken over or are overdue.",
        "Those not yet due are left out. With nothing to count it says —.",
    ),
    "unowned": Definition(
        "Without an owner now",
        "Open warnings without a running clock, or whose clock names somebody who is not in post today.",
        "Computed from the clocks at this moment, not from what the worker last wrote down.",
    ),
    "signed": Definition(
        "Second signatures on L3 and L4",
        "L3 and L4 warnings of the period that ended with a second competent signature, of all that ended.",
        "Warnings folded into another one are left out.",
    ),
    "stations": Definition(
        "Stations open today",
        "Active stations with opening hours on this weekday, of all active stations.",
    ),
    "late": Definition(
        "Share not taken over in time",
        "Warnings taken over late or overdue, of all that were taken over or are overdue.",
        "Times go by level; working hours follow the calendar of the city.",
    ),
    "median": Definition(
        "Median time to take over",
        "The middle of the times from raising to taking over, of those taken over.",
    ),
    "to_city": Definition(
        "Climbed to the city", "Warnings nobody below had taken over when their turn was over."
    ),
    "small": Definition(
        "Small numbers",
        "Areas with fewer warnings than the limit are counted together, so that no single number can be worked out.",
    ),
}


class ReportNotFound(NotFound):
    """No such form, quarter or split."""

    code = "report-not-found"


class NodeNotFound(NotFound):
    """No such area for this reader."""

    code = "node-not-found"


class TooFewToShow(Refused):
    """The area is counted together with others, so that nobody can be recognised."""

    code = "too-few-to-show"
    message = "There are fewer than %(limit)s warnings here. They are counted together with other areas."
