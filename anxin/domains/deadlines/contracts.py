"""What others may see: the ladder, its state at a moment, and the order to start a clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from anxin.kernel.errors import Refused


class RungName(StrEnum):
    """The rungs, lowest first. Above ``CITY`` there is nobody: the last rung is paged again and again."""

    STATION = "station"
    COUNTY = "county"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class LadderRung:
    """One holder and the moment their turn begins. Names and paths by value, as they were when it was drawn."""

    rung: RungName
    posting_id: int
    holder: str
    unit_id: int
    unit_name: str
    unit_path: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in climbing order, never empty; ``page_every`` repeats the call at the last one."""

    rungs: tuple[LadderRung, ...]
    page_every: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deadline stands at one moment."""

    rung: LadderRung
    index: int
    passed: tuple[LadderRung, ...]
    ahead: tuple[LadderRung, ...]
    is_overdue: bool
    pages: int
    next_change_at: datetime


@dataclass(frozen=True, slots=True)
class ClockOrder:
    """A clock to start: what is owed (``stage``) about which subject, by when, and who is called in which order."""

    subject_kind: str
    subject_uid: str
    stage: str
    due_at: datetime
    ladder: Ladder


class DeadlineEnded(Refused):
    """The clock was met, replaced or cancelled already."""

    code = "deadline-ended"
    message = "This step was already done by somebody else."
