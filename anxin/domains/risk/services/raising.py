"""Evaluations and the raising of warnings: at most one open warning per person within 72 hours, never a lower level."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from anxin.domains.assessments.contracts import SavedAnswer
from anxin.domains.audit.api import command, pure, query
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder, EndedHow
from anxin.domains.risk.contracts import Decision, EntryKind, Level, Source, WarningState
from anxin.domains.risk.models import ContactRequest, Evaluation, Warning
from anxin.domains.risk.services.writing import call_boards, lock_clock, save, switch_clock, write_entry
from anxin.kernel import clock
from anxin.kernel.actor import Actor

TWIN_WINDOW = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Everything a warning is raised from. Exactly one of ``resident_id`` and ``contact_request_id`` is given."""

    source: Source
    source_key: str
    level: Level
    reasons: tuple[dict[str, object], ...]
    unit_id: int
    scope_path: str
    reach_path: str
    route_reason: str
    resident_id: int | None = None
    contact_request_id: int | None = None
    evaluation_id: int | None = None
    sex: str = ""
    age: int | None = None


def _next_number() -> str:
    """The next number for people, ``W-1001``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('risk_number')")
        return f"W-{cursor.fetchone()[0]}"


@pure
def reasons_of(decision: Decision) -> tuple[dict[str, object], ...]:
    """The reasons of a decision as they are kept."""
    return tuple({"code": r.code, "message": r.message, "params": dict(r.params)} for r in decision.reasons)


@command("risk:evaluation:recorded")
def record_evaluation(
    *, actor: Actor, sitting_id: int, scope_path: str, occasion: str, decision: Decision
) -> Evaluation:
    """The outcome of one pass of one rule set; a repeated pass returns the first."""
    evaluation, _ = Evaluation.objects.get_or_create(
        sitting_id=sitting_id,
        occasion=occasion,
        rule_set=decision.rule_set,
        defaults={
            "scope_path": scope_path,
            "level": int(decision.level),
            "reasons": list(reasons_of(decision)),
            "evaluated_at": clock.now(),
        },
    )
    return evaluation


@command("risk:contact_request:left")
def leave_contact_request(
    *,
    actor: Actor,
    area_id: int,
    scope_path: str,
    phone: str,
    phone_index: str,
    call_name: str,
    is_safe_now: str,
) -> ContactRequest:
    """An area and a phone, left by somebody who stays otherwise unknown."""
    return ContactRequest.objects.create(
        area_id=area_id,
        scope_path=scope_path,
        phone=phone,
        phone_index=phone_index,
        call_name=call_name,
        is_safe_now=is_safe_now,
        requested_at=clock.now(),
    )


@query()
def lock_person(*, resident_id: int | None, contact_request_id: int | None) -> None:
    """One raise at a time per person, so that two devices cannot make twins."""
    key = f"risk:{resident_id or ''}:{contact_request_id or ''}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


@query()
def find_open(*, actor: Actor, alarm: Alarm) -> Warning | None:
    """The warning this alarm is already part of, locked after its clock.

    That is the one of the same source, or an open one on the same person within 72 hours.
    """
    found = Warning.objects.filter(source_key=alarm.source_key).first() or _twin(alarm)
    if found is None:
        return None
    lock_clock(actor, found.uid)
    locked = Warning.objects.select_related("deadline").select_for_update(of=("self",)).get(id=found.id)
    ended_meanwhile = locked.state == WarningState.CLOSED and locked.source_key != alarm.source_key
    return None if ended_meanwhile else locked


def _twin(alarm: Alarm) -> Warning | None:
    if alarm.resident_id is None:
        return None
    return (
        Warning.objects.filter(resident_id=alarm.resident_id, raised_at__gte=clock.now() - TWIN_WINDOW)
        .exclude(state=WarningState.CLOSED)
        .order_by("-level", "-raised_at")
        .first()
    )


@command("risk:warning:raised")
def raise_warning(*, actor: Actor, alarm: Alarm, order: ClockOrder) -> Warning:
    """A new warning with its clock; both or neither. ``order.subject_uid`` is the uid the warning gets."""
    deadline = deadlines.start(actor=actor, order=order)
    warning = Warning.objects.create(
        uid=order.subject_uid,
        number=_next_number(),
        source=alarm.source.value,
        source_key=alarm.source_key,
        resident_id=alarm.resident_id,
        contact_request_id=alarm.contact_request_id,
        evaluation_id=alarm.evaluation_id,
        unit_id=alarm.unit_id,
        scope_path=alarm.scope_path,
        reach_path=alarm.reach_path,
        proposed_level=int(alarm.level),
        level=int(alarm.level),
        reasons=list(alarm.reasons),
        route_reason=alarm.route_reason,
        sex=alarm.sex,
        age=alarm.age,
        raised_at=clock.now(),
        acknowledge_due_at=order.due_at,
        deadline=deadline,
    )
    first = order.ladder.rungs[0]
    write_entry(
        warning,
        EntryKind.RAISED,
        actor=actor,
        level=int(alarm.level),
        holder=first.holder,
        unit=first.unit_name,
    )
    call_boards(warning)
    return warning


@command("risk:warning:repeated")
def fold_in(*, actor: Actor, warning: Warning, alarm: Alarm, order: ClockOrder | None) -> Warning:
    """A further alarm about the same person joins the open warning. The level can only rise; then the clock tightens.

    ``order`` is the clock of the present step at the higher level; it is used only when the level rises.
    """
    known = {(reason["code"], reason["message"]) for reason in warning.reasons}
    fresh = [reason for reason in alarm.reasons if (reason["code"], reason["message"]) not in known]
    rises = alarm.level > warning.level
    if not fresh and not rises:
        return warning
    warning.reasons = [*warning.reasons, *fresh]
    write_entry(
        warning, EntryKind.REPEATED, actor=actor, source=alarm.source.value, codes=[r["code"] for r in fresh]
    )
    if rises:
        write_entry(
            warning, EntryKind.LEVEL_RAISED, actor=actor, before=warning.level, after=int(alarm.level)
        )
        warning.level = int(alarm.level)
        warning.proposed_level = max(warning.proposed_level, int(alarm.level))
        if order is not None:
            switch_clock(warning, order, actor=actor, how=EndedHow.REPLACED)
            if warning.state == WarningState.NEW:
                warning.acknowledge_due_at = order.due_at
    return save(
        warning, "reasons", "level", "proposed_level", "deadline", "clock_running", "acknowledge_due_at"
    )


@command("risk:warning:answer_changed")
def note_changed_answer(*, actor: Actor, resident_id: int, saved: SavedAnswer) -> None:
    """A critical answer was changed afterwards: the open warning says so and stays."""
    warning = (
        Warning.objects.filter(
            resident_id=resident_id, source=Source.SELF_TEST, source_key__startswith=saved.sitting_uid
        )
        .exclude(state=WarningState.CLOSED)
        .first()
    )
    if warning is not None:
        write_entry(warning, EntryKind.ANSWER_CHANGED, actor=actor, item=saved.item)
        call_boards(warning)
