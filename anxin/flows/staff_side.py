"""Where a member of staff stands when they act on a warning: their posting as a rung, and whether the law lets them."""

from typing import TYPE_CHECKING

from anxin.domains.network import api as network
from anxin.domains.network.contracts import DutyCandidate
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning


def standing_of(actor: Actor, warning: "Warning") -> DutyCandidate:
    """The actor as a rung of this warning's ladder. Raises ``NotPermitted`` without a posting that answers for it."""
    found = actor.staff_id and network.candidate_for(
        staff_id=actor.staff_id, unit_id=warning.unit_id, at=clock.now()
    )
    if not found:
        raise NotPermitted
    return found


def is_competent_for_high(actor: Actor) -> bool:
    """Whether the actor may confirm, step down from, or sign off L3 and L4 today (roles.md 5.3)."""
    return actor.staff_id is not None and workforce.may_perform(
        staff_id=actor.staff_id, act=Act.CONFIRM_HIGH_RISK, on=clock.today()
    )
