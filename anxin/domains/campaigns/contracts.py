"""What others may see of a screening campaign (筛查活动)."""

from enum import StrEnum


class CampaignState(StrEnum):
    """Workflow 4.1, in order; a campaign may be cancelled from any state before it is reported."""

    DRAFT = "draft"
    ETHICS_CHECK = "ethics_check"
    APPROVED = "approved"
    CONSENT_OPEN = "consent_open"
    RUNNING = "running"
    QUALITY_CHECK = "quality_check"
    TRIAGED = "triaged"
    INTERVIEWING = "interviewing"
    REPORTED = "reported"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class Segment(StrEnum):
    """Who is asked."""

    STUDENT = "student"
    WORKER = "worker"
    ELDER = "elder"
    PREGNANT = "pregnant"
    RESIDENT = "resident"
    AFTER_EVENT = "after_event"


class ConsentState(StrEnum):
    """Where one person's agreement stands. A refusal is neutral: nobody is pressed or marked for it."""

    AWAITED = "awaited"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ParticipantState(StrEnum):
    """Listed on the roster, answering, done; or excused without a reason being asked."""

    LISTED = "listed"
    STARTED = "started"
    SUBMITTED = "submitted"
    EXCUSED = "excused"


class TriageLevel(StrEnum):
    """0 normal, 1 attention, 2 focus, 3 urgent (workflow 4.1). Proposed by rule, confirmed by a human only."""

    NORMAL = "0"
    ATTENTION = "1"
    FOCUS = "2"
    URGENT = "3"


class ImportState(StrEnum):
    """A roster file on its way in."""

    WAITING = "waiting"
    READING = "reading"
    FINISHED = "finished"
    FAILED = "failed"


class SubmissionChannel(StrEnum):
    """How the answers came in. Offline ones may be late."""

    ONLINE = "online"
    OFFLINE = "offline"
    PAPER = "paper"
