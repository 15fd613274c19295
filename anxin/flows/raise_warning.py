"""An alarm becomes a warning with an owner and a running clock, or joins the open one about the same person.

Runs inside the caller's unit of work, so that the warning, its clock, the notices and the attachment to an
open case are all there or none of them.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anxin.domains.cases import api as cases
from anxin.domains.deadlines import api as deadlines
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, Source, Stage, WarningState
from anxin.flows.ladders import draw_clock, draw_for_case
from anxin.flows.tell_staff import call_holder
from anxin.kernel import clock
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
    phone_index: str = ""
    evaluation_id: int | None = None
    sex: str = ""
    age: int | None = None


def raise_from(*, actor: Actor, alert: Alert) -> "Warning":
    """The warning for this alert, new or joined. Safe to repeat: the same ``source_key`` is the same event."""
    alarm = risk.Alarm(
        source=alert.source,
        source_key=alert.source_key,
        level=alert.level,
        reasons=alert.reasons,
        unit_id=alert.unit_id,
        scope_path=alert.scope_path,
        resident_id=alert.resident_id,
        contact_request_id=alert.contact_request_id,
        phone_index=alert.phone_index,
        evaluation_id=alert.evaluation_id,
        sex=alert.sex,
        age=alert.age,
    )
    risk.lock_person(alarm=alarm)
    known, is_repeated = risk.find_open(actor=actor, alarm=alarm)
    if known is not None and is_repeated:
        return known
    warning = _join(actor, known, alarm) if known is not None else _raise(actor, alarm)
    if alert.resident_id is not None:
        cases.attach_if_open(
            actor=actor,
            resident_id=alert.resident_id,
            warning_id=warning.id,
            level=warning.level,
            draw=draw_for_case(unit_id=alert.unit_id, level=Level(warning.level), manager=None),
        )
    return warning


def _raise(actor: Actor, alarm: risk.Alarm) -> "Warning":
    drawn = draw_clock(
        unit_id=alarm.unit_id, level=alarm.level, stage=Stage.ACKNOWLEDGE, subject_uid=new_uid()
    )
    warning = risk.raise_warning(
        actor=actor, alarm=alarm, order=drawn.order, reach=drawn.reach, route_reason=drawn.route.reason
    )
    call_holder(actor=actor, subject=warning, rung=drawn.order.ladder.rungs[0], occasion="raised")
    return warning


def _join(actor: Actor, known: "Warning", alarm: risk.Alarm) -> "Warning":
    """News on an open warning. A rise, or news after it was assessed, asks for somebody to take it over anew."""
    level = max(alarm.level, Level(known.level))
    if risk.reopens(WarningState(known.state), rises=alarm.level > known.level, is_news=alarm.is_news(known)):
        drawn = draw_clock(unit_id=known.unit_id, level=level, stage=Stage.ACKNOWLEDGE, subject_uid=known.uid)
        order = drawn.order
        if known.state == WarningState.NEW and known.deadline is not None:
            order = replace(order, due_at=min(order.due_at, known.deadline.due_at))
        warning = risk.fold_in(actor=actor, warning=known, alarm=alarm, order=order, reach=drawn.reach)
        rung = order.ladder.rungs[0]
    else:
        news = alarm.is_news(known)
        warning = risk.fold_in(actor=actor, warning=known, alarm=alarm)
        assert warning.deadline is not None
        rung = deadlines.standing_of(warning.deadline, clock.now()).rung
        if not news:
            return warning
    call_holder(actor=actor, subject=warning, rung=rung, occasion=f"again:{warning.row_version}")
    return warning
