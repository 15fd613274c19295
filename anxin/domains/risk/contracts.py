"""What others may see of the risk room."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from anxin.kernel.errors import Conflict, NotFound, Refused


class Permission(StrEnum):
    """Rights of this room. ``VIEW`` shows level and owner; ``READ`` the content; the rest act."""

    ACT = "risk.act"
    ASSESS = "risk.assess"
    RAISE = "risk.raise"
    READ = "risk.read"
    SIGN = "risk.sign"
    VIEW = "risk.view"
    VIEW_COUNTS = "risk.view_counts"


class Level(IntEnum):
    """Clinical risk of a person; its own vocabulary (trap T6). Higher is more urgent."""

    L0 = 0
    L1 = 1
    L2 = 2
    L3 = 3
    L4 = 4


HIGH = Level.L3


class WarningState(StrEnum):
    """Workflow 4.2."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    ASSESSED = "assessed"
    CASE_OPENED = "case_opened"
    WATCH = "watch"
    FALSE_POSITIVE = "false_positive"
    NOT_REACHABLE = "not_reachable"
    CLOSED = "closed"


class Stage(StrEnum):
    """What the running clock of a warning waits for."""

    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    ASSESS = "assess"
    DECIDE = "decide"
    SIGN = "sign"
    REVIEW = "review"


class Ending(StrEnum):
    """How a warning may end. Each is proposed by a person; for L3 and L4 a second one signs."""

    CASE_OPENED = "case_opened"
    WATCH = "watch"
    WATCH_OVER = "watch_over"
    FALSE_POSITIVE = "false_positive"
    NOT_REACHABLE = "not_reachable"


class Source(StrEnum):
    """Where a warning comes from."""

    SELF_TEST = "self_test"
    CHECK_IN = "check_in"
    CONTACT_REQUEST = "contact_request"
    STAFF = "staff"
    CAMPAIGN = "campaign"


class EntryKind(StrEnum):
    """Lines of a warning's timeline."""

    RAISED = "raised"
    REPEATED = "repeated"
    LEVEL_RAISED = "level_raised"
    CLIMBED = "climbed"
    PAGED = "paged"
    BREACHED = "breached"
    ACKNOWLEDGED = "acknowledged"
    JOINED = "joined"
    CONTACT_TRIED = "contact_tried"
    CONTACTED = "contacted"
    ASSESSED = "assessed"
    ENDING_PROPOSED = "ending_proposed"
    ENDING_SIGNED = "ending_signed"
    ENDING_DECLINED = "ending_declined"
    CLOSED = "closed"
    MERGED = "merged"
    ATTACHED = "attached"
    ANSWER_CHANGED = "answer_changed"
    REOPENED = "reopened"


class ContactChannel(StrEnum):
    """How a contact was tried."""

    PHONE = "phone"
    SMS = "sms"
    CHAT = "chat"
    VISIT = "visit"
    FAMILY = "family"
    SCHOOL = "school"


class ContactOutcome(StrEnum):
    """What came of it."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule spoke: a gettext message id and its parameters, never a score in words a resident reads."""

    code: str
    message: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at."""

    instrument: str
    scores: dict[str, float | None]
    critical: tuple[str, ...]
    answers: tuple[int | None, ...] = ()
    is_complete: bool = True
    previous_total: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say: a proposed level and why. A human confirms it or does not."""

    level: Level
    reasons: tuple[Reason, ...]
    rule_set: str


@dataclass(frozen=True, slots=True)
class Findings:
    """A structured risk assessment (workflow 4.3). Each is ``yes``, ``no`` or ``unknown``."""

    ideation: str = "unknown"
    plan: str = "unknown"
    means: str = "unknown"
    intent: str = "unknown"
    past_attempt: str = "unknown"
    substance: str = "unknown"
    psychosis: str = "unknown"
    abuse: str = "unknown"
    protective: str = "unknown"


@dataclass(frozen=True, slots=True)
class WarningEvent:
    """One warning as counts need it: no person, no number. ``node_path`` and ``line`` only say where it counts.

    ``rung`` is the highest rung called so far. ``high_ended``: an L3 or L4 that ended by itself, not by merging.
    """

    node_path: str
    line: str
    level: Level
    state: WarningState
    rung: str
    climbed: bool
    raised_at: datetime
    acknowledge_due_at: datetime
    acknowledged_at: datetime | None
    high_ended: bool
    signed: bool


class WarningNotFound(NotFound):
    """No such warning for this actor."""

    code = "warning-not-found"


class AlreadyTaken(Conflict):
    """Somebody else acknowledged first; ``params`` name who and when."""

    code = "already-taken"
    message = "%(holder)s took this over at %(at)s."


class NotCompetent(Refused):
    """The law or the rules reserve this act to another qualification."""

    code = "not-competent"
    message = "This step needs a counsellor with crisis training, or above."


class AssessmentMissing(Refused):
    """A high warning cannot end before a competent person has assessed the risk."""

    code = "assessment-missing"
    message = "Write a risk assessment first."


class ReasonMissing(Refused):
    """An ending needs its reason in words."""

    code = "reason-missing"
    message = "Write the reason. It goes into the timeline."


class SecondPersonNeeded(Refused):
    """The second signature comes from a second person."""

    code = "second-person-needed"
    message = "A second competent person has to sign, not the one who proposed it."


class AttemptsMissing(Refused):
    """Not reachable: at least three attempts by at least two ways, and for a high level a check at home or school."""

    code = "attempts-missing"
    message = "Not reachable needs at least three attempts by two ways, and for L3 and L4 a check at home or at school."


class TwinMismatch(Refused):
    """Only warnings about the same person within 72 hours can be merged."""

    code = "twin-mismatch"
    message = "Only warnings about the same person within 72 hours can be merged."
