"""合并: two warnings about the same person within 72 hours become one; the higher level and every reason stay."""

from typing import TYPE_CHECKING

from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, WarningState
from anxin.flows.ladders import draw_clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning


def merge(*, actor: Actor, warning_uid: str, into_uid: str, reason: str) -> "Warning":
    """Fold the first into the second; the second. Raises ``TwinMismatch``."""
    with unit_of_work(actor):
        twin = risk.warning_brief(actor=actor, uid=warning_uid)
        target = risk.warning_brief(actor=actor, uid=into_uid)
        order = None
        if twin.level > target.level and target.state != WarningState.CLOSED:
            order = draw_clock(
                unit_id=target.unit_id,
                level=Level(twin.level),
                stage=risk.stage_of(WarningState(target.state)),
                subject_uid=target.uid,
            ).order
        return risk.merge(
            actor=actor, warning_uid=warning_uid, into_uid=into_uid, reason=reason, order_if_raised=order
        )
