"""What others may see of the cases room."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from anxin.domains.deadlines.contracts import Ladder
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Findings, Level
from anxin.kernel.errors import Conflict, NotFound, Refused

SUBJECT = "case"


class Permission(StrEnum):
    """Rights of this room."""

    ASSIGN = "cases.assign"
    CLOSE = "cases.close"
    OPEN = "cases.open"
    VIEW = "cases.view"
    VIEW_COUNTS = "cases.view_counts"
    WRITE = "cases.write"


class CaseState(StrEnum):
    """Workflow 4.3."""

    OPENED = "opened"
    RISK_ASSESSED = "risk_assessed"
    SAFETY_PLANNED = "safety_planned"
    INTERVENING = "intervening"
    REFERRED = "referred"
    FOLLOWUP = "followup"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    DECEASED_REVIEW = "deceased_review"
    LOST = "lost"


class CaseStage(StrEnum):
    """What the running clock of a case waits for."""

    ASSESS = "assess"
    PLAN = "plan"
    CONTACT = "contact"
    REFERRAL = "referral"
    FOLLOWUP = "followup"
    REVIEW = "review"


class LegalBasis(StrEnum):
    """Why the person's data may be worked with (PIPL art. 13): consent, danger to life, or a duty in law."""

    CONSENT = "consent"
    EMERGENCY = "emergency"
    STATUTORY_DUTY = "statutory_duty"


class EntryKind(StrEnum):
    """Lines of a case's timeline."""

    OPENED = "opened"
    ATTACHED = "attached"
    LEVEL_RAISED = "level_raised"
    ASSESSED = "assessed"
    STATE_ENTERED = "state_entered"
    CONTACT = "contact"
    SESSION = "session"
    FAMILY = "family"
    NOTE = "note"
    ASSIGNED = "assigned"
    BREACHED = "breached"
    CLIMBED = "climbed"
    PAGED = "paged"
    ENDED = "ended"


WRITABLE_KINDS = frozenset({EntryKind.CONTACT, EntryKind.SESSION, EntryKind.FAMILY, EntryKind.NOTE})


@dataclass(frozen=True, slots=True)
class CaseStep:
    """What is owed next, and by when.

    ``planned_at`` and ``opens_at`` belong to follow-ups: the day meant, and the first moment that counts for
    it; ``due_at`` is the last. ``climbs_at`` says when further rungs are called. ``number`` of ``total``
    counts follow-ups.
    """

    stage: CaseStage
    due_at: datetime
    climbs_at: tuple[datetime, ...]
    page_every: timedelta
    planned_at: datetime | None = None
    opens_at: datetime | None = None
    number: int = 0
    total: int = 0


Draw = Callable[[CaseStep], Ladder]
"""Given by the flow: who is called for this step, first, next and last."""


@dataclass(frozen=True, slots=True)
class AssessmentDraft:
    """A structured assessment before it is kept. ``second_reader_id``: the member of staff who read it as well."""

    level: Level
    findings: Findings
    summary: str
    second_reader_id: int | None = None


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """Something that happened, before it is kept. A contact says how it was tried and what came of it."""

    kind: EntryKind
    note: str = ""
    channel: ContactChannel | None = None
    outcome: ContactOutcome | None = None


@dataclass(frozen=True, slots=True)
class ClosingStanding:
    """How far a case is from being closed: what the rule looks at, and what is missing."""

    latest_level: int | None
    low_since: datetime | None
    ready_at: datetime | None
    level_is_low: bool
    is_long_enough: bool

    @property
    def is_met(self) -> bool:
        """Whether the assessments allow closing; goals and the supervisor come on top."""
        return self.level_is_low and self.is_long_enough


class CaseNotFound(NotFound):
    """No such case for this actor."""

    code = "case-not-found"


class CaseAlreadyOpen(Refused):
    """One open crisis case per person."""

    code = "case-already-open"
    message = "There is already an open case for this person."


class CaseEnded(Refused):
    """Nothing is written on a case that has ended."""

    code = "case-ended"
    message = "This case has ended. Open a new one if the person needs help again."


class CaseChanged(Conflict):
    """Somebody else wrote on the case since it was read; ``params`` name who and when."""

    code = "case-changed"
    message = "%(who)s changed this case at %(at)s. Read it again; what you typed is kept."


class ClosingRuleUnmet(Refused):
    """Closing needs L1 or below on two assessments at least 14 days apart, and nothing higher since."""

    code = "closing-rule-unmet"
    message = "Closing needs L1 or below on two assessments at least 14 days apart."


class GoalsNotReviewed(Refused):
    """The goals are looked at together before a case is closed."""

    code = "goals-not-reviewed"
    message = "Review the goals before you close the case."


class SupervisorNeeded(Refused):
    """The end of a case is approved by somebody who is not its manager."""

    code = "supervisor-needed"
    message = "The end of a case is approved by a supervisor who is not the case manager."


class SecondReaderNeeded(Refused):
    """L3 and L4 are lowered by two people."""

    code = "second-reader-needed"
    message = "Lowering L3 or L4 needs a second competent person who has read the assessment."


class CaseReasonMissing(Refused):
    """Opening, handing over and ending need a reason in words."""

    code = "case-reason-missing"
    message = "Write the reason. It goes into the timeline of the case."


class CaseNoteMissing(Refused):
    """An entry without words says nothing."""

    code = "case-note-missing"
    message = "Write what happened."


class ContactIncomplete(Refused):
    """A contact says how it was tried and what came of it."""

    code = "contact-incomplete"
    message = "Choose how you tried to reach the person and what came of it."


class FindingsUnreadable(Refused):
    """Each finding is yes, no or unknown."""

    code = "findings-unreadable"
    message = "Answer each point with yes, no or unknown."


class ManagerUnfit(Refused):
    """The new manager holds another posting than the old one, in force today."""

    code = "manager-unfit"
    message = "Choose another colleague who is in post today."
