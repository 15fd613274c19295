"""An open warning gets other people: same step, never due later than before."""

from dataclasses import replace

from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, WarningState
from anxin.flows.ladders import draw_clock
from anxin.flows.tell_staff import call_holder
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("network")


def find_new_owner(*, uid: str, occasion: str) -> None:
    """Draw the ladder of one open warning anew and call whoever stands first. Nothing happens to one that ended."""
    with unit_of_work(SYSTEM):
        (warning,) = risk.lock_warnings(actor=SYSTEM, uids=[uid])
        deadline = warning.deadline
        if deadline is None or not deadline.is_open:
            return
        drawn = draw_clock(
            unit_id=warning.unit_id,
            level=Level(warning.level),
            stage=risk.stage_of(WarningState(warning.state)),
            subject_uid=uid,
        )
        order = replace(drawn.order, stage=deadline.stage, due_at=min(drawn.order.due_at, deadline.due_at))
        moved = risk.redraw_clock(actor=SYSTEM, warning_uid=uid, order=order, reach=drawn.reach)
        if moved is not None:
            rung = order.ladder.rungs[0]
            call_holder(actor=SYSTEM, subject=moved, rung=rung, occasion=f"{occasion}:{moved.row_version}")
