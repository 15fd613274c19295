"""An alarm becomes a warning with an owner and a running clock, or joins the open one about the same person.

Runs inside the caller's unit of work, so that the warning, its clock, the notices and the attachment to an
open case are all there or none of them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anxin.domains.cases import api as cases
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, Source, Stage, WarningState
from anxin.flows.ladders import draw_clock, draw_for_case
from anxin.flows.tell_staff import call_holder
from anxin.kernel.actor import Actor
from anxin.kernel.ids import new_uid

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning


@dataclass(frozen=True, slots=True)
class Alert:
    """What is known when something asks for a warning."""

    source: Source
    source_key: str
    level: Level
    reasons: tuple[dict[str, object], ...]
    unit_id: int
    scope_path: str
    resident_id: int | None = None
    contact_request_id: int | None = None
    evaluation_id: int | None = None
    sex: str = ""
    age: int | None = None


def raise_from(*, actor: Actor, alert: Alert) -> "Warning":
    """The warning for this alert, new or joined. Safe to repeat: the same ``source_key`` is the same warning."""
    risk.lock_person(resident_id=alert.resident_id, contact_request_id=alert.contact_request_id)
    uid = new_uid()
    drawn = draw_clock(unit_id=alert.unit_id, level=alert.level, stage=Stage.ACKNOWLEDGE, subject_uid=uid)
    alarm = risk.Alarm(
        source=alert.source,
        source_key=alert.source_key,
        level=alert.level,
        reasons=alert.reasons,
        unit_id=alert.unit_id,
        scope_path=alert.scope_path,
        reach_path=drawn.reach,
        route_reason=drawn.route.reason,
        resident_id=alert.resident_id,
        contact_request_id=alert.contact_request_id,
        evaluation_id=alert.evaluation_id,
        sex=alert.sex,
        age=alert.age,
    )
    known = risk.find_open(actor=actor, alarm=alarm)
    if known is not None:
        return _join(actor, known, alarm)
    warning = risk.raise_warning(actor=actor, alarm=alarm, order=drawn.order)
    call_holder(actor=actor, subject=warning, rung=drawn.order.ladder.rungs[0], occasion="raised")
    if alert.resident_id is not None:
        cases.attach_if_open(
            actor=actor,
            resident_id=alert.resident_id,
            warning_id=warning.id,
            level=int(alert.level),
            draw=draw_for_case(unit_id=alert.unit_id, level=alert.level, manager=None),
        )
    return warning


def _join(actor: Actor, known: "Warning", alarm: risk.Alarm) -> "Warning":
    if known.state == WarningState.CLOSED or alarm.level <= known.level:
        return (
            risk.fold_in(actor=actor, warning=known, alarm=alarm, order=None) if known.deadline_id else known
        )
    stage = risk.stage_of(WarningState(known.state))
    drawn = draw_clock(unit_id=known.unit_id, level=alarm.level, stage=stage, subject_uid=known.uid)
    warning = risk.fold_in(actor=actor, warning=known, alarm=alarm, order=drawn.order)
    call_holder(
        actor=actor, subject=warning, rung=drawn.order.ladder.rungs[0], occasion=f"raised:{int(alarm.level)}"
    )
    return warning
