"""What others may see: the ladder, its standing, the order to start a clock, the report of a climb."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from anxin.domains.audit.contracts import Subject
from anxin.kernel.errors import Conflict, Refused


class RungName(StrEnum):
    """The rungs, lowest first. Above ``CITY`` there is nobody: the last rung is paged again and again."""

    STATION = "station"
    COUNTY = "county"
    CITY = "city"


class EndedHow(StrEnum):
    """How a clock ended: the thing owed was done, another clock took over, or it is owed no longer."""

    MET = "met"
    REPLACED = "replaced"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can be called, before it is known when their turn begins."""

    rung: RungName
    posting_id: int
    holder: str
    unit_id: int
    unit_name: str
    unit_path: str


@dataclass(frozen=True, slots=True)
class LadderRung:
    """One holder and the moment their turn begins. Names and paths by value, as they were when drawn."""

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

    def __post_init__(self) -> None:
        if not self.rungs:
            raise ValueError("a ladder without rungs would leave a clock without an owner")
        if self.page_every <= timedelta(0):
            raise ValueError("the last rung must be called again after a positive time")


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
    """A clock to start: what is owed (``stage``) about which subject, by when, and whom to call in turn."""

    subject_kind: str
    subject_uid: str
    stage: str
    due_at: datetime
    ladder: Ladder


@dataclass(frozen=True, slots=True)
class Climb:
    """What one sweep wrote down about one clock, for timelines and notices.

    ``rung`` holds it now; ``entered`` are the rungs reached since the last sweep, ``rung`` last: more than
    one when nobody swept for a while. (``deadline_uid``, ``to_index``, ``pages``) names this call once and
    for all.
    """

    deadline_uid: str
    subject_kind: str
    subject_uid: str
    stage: str
    due_at: datetime
    from_index: int
    to_index: int
    rung: LadderRung
    entered: tuple[LadderRung, ...]
    breached_now: bool
    paged_now: bool
    pages: int

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(uid=self.subject_uid, number=self.stage, node_path=self.rung.unit_path)


class DeadlineEnded(Refused):
    """The clock was met, replaced or cancelled already."""

    code = "deadline-ended"
    message = "This step was already done by somebody else."


class ClockAlreadyRuns(Conflict):
    """The same thing is owed already: one open clock for each subject and stage."""

    code = "clock-already-runs"
    message = "Somebody else started this step already."


class PauseReasonMissing(Refused):
    """A pause needs its reason in words."""

    code = "pause-reason-missing"
    message = "Write why the time is paused."


class CancelReasonMissing(Refused):
    """A cancellation needs its reason in words."""

    code = "cancel-reason-missing"
    message = "Write why this step is no longer needed."


class AlreadyPaused(Refused):
    """A paused clock cannot be paused again."""

    code = "already-paused"
    message = "The time is paused already."


class NotPaused(Refused):
    """Only a paused clock can go on."""

    code = "not-paused"
    message = "The time is not paused."
