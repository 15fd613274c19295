"""结案: by the closing rule, or as the person went elsewhere, was lost or died. A second person always approves."""

from typing import TYPE_CHECKING

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import CaseState
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case


def close_case(
    *,
    actor: Actor,
    case_uid: str,
    ending: CaseState,
    reason: str,
    goals_are_reviewed: bool = False,
    seen_version: int | None = None,
) -> "Case":
    """End the case. Raises ``SupervisorNeeded``, ``ClosingRuleUnmet``, ``GoalsNotReviewed``."""
    with unit_of_work(actor):
        return cases.close_case(
            actor=actor,
            case_uid=case_uid,
            ending=ending,
            reason=reason,
            goals_are_reviewed=goals_are_reviewed,
            seen_version=seen_version,
        )
