"""A unit was hung elsewhere in the management tree: people, sittings, warnings and cases follow, and warnings
find new owners.

Runs from the outbox, all in one transaction. An open warning keeps its step and is never due later than before.
"""

from dataclasses import replace
from typing import Any

from anxin.domains.assessments import api as assessments
from anxin.domains.cases import api as cases
from anxin.domains.notices import api as notices
from anxin.domains.residents import api as residents
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, WarningState
from anxin.flows.ladders import draw_clock
from anxin.flows.tell_staff import call_holder
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("network")


def follow_moved_unit(payload: dict[str, Any]) -> None:
    """Rewrite every path kept by value, and draw the ladders of open warnings anew."""
    old, new = str(payload["old_path"]), str(payload["new_path"])
    with unit_of_work(SYSTEM):
        for room in (residents, notices, assessments, cases):
            room.follow_moved_node(actor=SYSTEM, old_path=old, new_path=new)
        for uid in risk.follow_moved_node(actor=SYSTEM, old_path=old, new_path=new):
            _find_new_owner(uid)


def _find_new_owner(uid: str) -> None:
    (warning,) = risk.lock_warnings(actor=SYSTEM, uids=[uid])
    deadline = warning.deadline
    assert deadline is not None
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
        call_holder(actor=SYSTEM, subject=moved, rung=rung, occasion=f"moved:{moved.row_version}")
