"""合并: two warnings about the same person within 72 hours become one; the higher level and every reason stay."""

from typing import TYPE_CHECKING

from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, Stage, WarningState
from anxin.flows.ladders import draw_clock
from anxin.flows.tell_staff import call_holder
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning


def merge(*, actor: Actor, warning_uid: str, into_uid: str, reason: str) -> "Warning":
    """Fold the first into the second; the second. Raises ``TwinMismatch``."""
    with unit_of_work(actor):
        twin, target = risk.lock_warnings(actor=actor, uids=[warning_uid, into_uid])
        order, reach = None, ""
        rises = twin.level > target.level
        is_news = twin.state == WarningState.NEW
        both_open = WarningState.CLOSED not in (twin.state, target.state)
        if both_open and risk.reopens(WarningState(target.state), rises=rises, is_news=is_news):
            drawn = draw_clock(
                unit_id=target.unit_id,
                level=Level(max(twin.level, target.level)),
                stage=Stage.ACKNOWLEDGE,
                subject_uid=target.uid,
            )
            order, reach = drawn.order, drawn.reach
        merged = risk.merge(
            actor=actor, warning_uid=warning_uid, into_uid=into_uid, reason=reason, order=order, reach=reach
        )
        if order is not None:
            rung = order.ladder.rungs[0]
            call_holder(actor=actor, subject=merged, rung=rung, occasion=f"merged:{merged.row_version}")
        return merged
