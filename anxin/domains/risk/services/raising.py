"""Evaluations and the raising of warnings: at most one open warning per person within 72 hours, never a lower level."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Q

from anxin.domains.assessments.contracts import SavedAnswer
from anxin.domains.audit.api import command, pure, query
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder
from anxin.domains.risk.contracts import Decision, EntryKind, Level, Source, WarningState
from anxin.domains.risk.models import AlarmRecord, ContactRequest, Evaluation, Warning
from anxin.domains.risk.services.writing import (
    REOPENED_FIELDS,
    call_boards,
    lock_clock,
    reopen,
    save,
    write_entry,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import newest_index

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
    resident_id: int | None = None
    contact_request_id: int | None = None
    phone_index: str = ""
    evaluation_id: int | None = None
    sex: str = ""
    age: int | None = None

    def is_news(self, warning: Warning) -> bool:
        """Whether it tells more than the warning knows.

        Handing in the sitting whose answer has raised the warning tells nothing new unless a reason or the level is.
        """
        known = {(reason["code"], reason["message"]) for reason in warning.reasons}
        fresh = any((reason["code"], reason["message"]) not in known for reason in self.reasons)
        same_sitting = warning.alarms.filter(
            source_key__startswith=self.source_key.partition(":")[0] + ":"
        ).exists()
        return fresh or self.level > warning.level or not same_sitting


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
    thread_id: int | None = None,
) -> ContactRequest:
    """An area and a phone, or a chat, left by somebody who stays otherwise unknown."""
    return ContactRequest.objects.create(
        area_id=area_id,
        scope_path=scope_path,
        phone=phone,
        phone_index=phone_index,
        thread_id=thread_id,
        call_name=call_name,
        is_safe_now=is_safe_now,
        requested_at=clock.now(),
    )


@query()
def lock_person(*, alarm: Alarm) -> None:
    """One raise at a time per person or phone, so that two devices cannot make twins."""
    key = f"risk:{alarm.resident_id or ''}:{newest_index(alarm.phone_index)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


@query()
def find_open(*, actor: Actor, alarm: Alarm) -> tuple[Warning | None, bool]:
    """The warning this alarm belongs to, locked after its clock, and whether this very event was counted already.

    That is the one it was counted to, or an open one about the same person or phone within 72 hours.
    """
    counted = AlarmRecord.objects.filter(source_key=alarm.source_key).select_related("warning").first()
    if counted is not None:
        return Warning.objects.select_related("deadline").get(id=counted.warning_id), True
    twin = _twin(alarm)
    if twin is None:
        return None, False
    lock_clock(actor, twin.uid)
    locked = Warning.objects.select_related("deadline").select_for_update(of=("self",)).get(id=twin.id)
    return (None if locked.state == WarningState.CLOSED else locked), False


def _twin(alarm: Alarm) -> Warning | None:
    about = (
        Q(resident_id=alarm.resident_id)
        if alarm.resident_id is not None
        else Q(contact_request__phone_index=alarm.phone_index)
    )
    since = clock.now() - TWIN_WINDOW
    return (
        Warning.objects.filter(about, Q(raised_at__gte=since) | Q(alarms__raised_at__gte=since))
        .exclude(state=WarningState.CLOSED)
        .order_by("-level", "-raised_at")
        .first()
    )


def _count(warning: Warning, alarm: Alarm, *, is_news: bool) -> None:
    AlarmRecord.objects.create(
        warning=warning,
        source=alarm.source.value,
        source_key=alarm.source_key,
        level=int(alarm.level),
        is_news=is_news,
        raised_at=clock.now(),
    )


@command("risk:warning:raised")
def raise_warning(*, actor: Actor, alarm: Alarm, order: ClockOrder, reach: str, route_reason: str) -> Warning:
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
        reach_path=reach,
        proposed_level=int(alarm.level),
        level=int(alarm.level),
        reasons=list(alarm.reasons),
        route_reason=route_reason,
        sex=alarm.sex,
        age=alarm.age,
        raised_at=clock.now(),
        acknowledge_due_at=order.due_at,
        deadline=deadline,
    )
    _count(warning, alarm, is_news=True)
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
def fold_in(
    *, actor: Actor, warning: Warning, alarm: Alarm, order: ClockOrder | None = None, reach: str = ""
) -> Warning:
    """A further alarm about the same person joins the open warning. The level can only rise.

    With ``order`` somebody has to take the warning over anew, whatever had been done; a proposed ending falls away.
    """
    known = {(reason["code"], reason["message"]) for reason in warning.reasons}
    fresh = [reason for reason in alarm.reasons if (reason["code"], reason["message"]) not in known]
    _count(warning, alarm, is_news=alarm.is_news(warning))
    warning.reasons = [*warning.reasons, *fresh]
    write_entry(
        warning,
        EntryKind.REPEATED,
        actor=actor,
        source=alarm.source.value,
        codes=[r["code"] for r in alarm.reasons],
    )
    if alarm.level > warning.level:
        write_entry(
            warning, EntryKind.LEVEL_RAISED, actor=actor, before=warning.level, after=int(alarm.level)
        )
        warning.level = int(alarm.level)
        warning.proposed_level = max(warning.proposed_level, int(alarm.level))
    if order is not None:
        reopen(warning, order, reach, actor=actor)
    return save(warning, "reasons", "level", "proposed_level", *REOPENED_FIELDS)


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
