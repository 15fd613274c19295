"""What others may see of the cases room."""

from enum import StrEnum

from anxin.kernel.errors import NotFound, Refused


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


class CaseNotFound(NotFound):
    """No such case for this actor."""

    code = "case-not-found"


class CaseAlreadyOpen(Refused):
    """One open crisis case per person."""

    code = "case-already-open"
    message = "There is already an open case for this person."


class ClosingRuleUnmet(Refused):
    """Closing needs L1 or below on two assessments at least 14 days apart, goals reviewed, and a supervisor's approval."""

    code = "closing-rule-unmet"
    message = (
        "Closing needs L1 or below on two assessments at least 14 days apart and the approval of a supervisor who is not the"
        " case manager."
    )
