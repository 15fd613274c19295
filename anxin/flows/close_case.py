"""结案: by the closing rule, or as the person went elsewhere, was lost or died. A second person always approves."""

from typing import TYPE_CHECKING

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import CaseState, Draw
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Rung
from anxin.domains.risk.contracts import HIGH, Level
from anxin.flows.ladders import draw_for_case
from anxin.kernel import clock
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
        case = cases.case_brief(actor=actor, uid=case_uid)
        return cases.close_case(
            actor=actor,
            case_uid=case_uid,
            ending=ending,
            reason=reason,
            goals_are_reviewed=goals_are_reviewed,
            seen_version=seen_version,
            draw=_review_people(case),
        )


def _review_people(case: "Case") -> Draw:
    """Who is called about a learning review: from the county upward, never the colleagues who had the case in hand."""
    above = [
        one
        for one in network.candidates_upward(unit_id=case.unit_id, at=clock.now())
        if one.rung is not Rung.STATION and one.staff_id != case.manager.staff_id
    ]
    first = above[0] if above else None
    return draw_for_case(unit_id=case.unit_id, level=max(Level(case.level), HIGH), manager=first)
