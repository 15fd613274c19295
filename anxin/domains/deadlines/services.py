"""Writing clocks: start, meet, replace, cancel, pause, resume, and the sweep that climbs.

Rights are the business of the room that owns the subject: it asks before it starts or ends a clock. What is
written here about rung, owner, breach and pages is always what the pure standing says at that moment.
"""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from anxin.domains.audit.api import command
from anxin.domains.deadlines.contracts import (
    AlreadyPaused,
    CancelReasonMissing,
    Climb,
    ClockAlreadyRuns,
    ClockOrder,
    DeadlineEnded,
    EndedHow,
    LadderRung,
    NotPaused,
    PauseReasonMissing,
    Standing,
)
from anxin.domains.deadlines.models import Deadline
from anxin.domains.deadlines.rules.ladder import (
    dump_ladder,
    load_ladder,
    shift,
    standing,
    standing_of,
    with_rung,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

Resolve = Callable[[LadderRung], LadderRung]

_STANDING_FIELDS = ["rung_index", "owner", "owner_unit", "pages", "next_change_at", "breached_at"]


def _write(deadline: Deadline, now_at: Standing) -> None:
    """Materialise the standing. A breach is dated by the due time, whenever it is noticed."""
    deadline.rung_index = now_at.index
    deadline.owner_id = now_at.rung.posting_id
    deadline.owner_unit_id = now_at.rung.unit_id
    deadline.pages = now_at.pages
    deadline.next_change_at = now_at.next_change_at
    if now_at.is_overdue and deadline.breached_at is None:
        deadline.breached_at = deadline.due_at


def _open_locked(deadline_id: int) -> Deadline:
    deadline = Deadline.objects.select_for_update().filter(id=deadline_id).first()
    if deadline is None or not deadline.is_open:
        raise DeadlineEnded
    return deadline


def _start(order: ClockOrder) -> Deadline:
    moment = clock.now()
    now_at = standing(order.ladder, order.due_at, moment)
    deadline = Deadline(
        subject_kind=order.subject_kind,
        subject_uid=order.subject_uid,
        stage=order.stage,
        # An order that is due at once was written a moment ago; it must not fail on that moment.
        started_at=min(moment, order.due_at),
        due_at=order.due_at,
        ladder=dump_ladder(order.ladder),
    )
    _write(deadline, now_at)
    if now_at.is_overdue:
        # Left to the next sweep, which tells the people: a clock born late is not breached in silence.
        deadline.breached_at, deadline.next_change_at = None, moment
    try:
        with transaction.atomic():
            deadline.save(force_insert=True)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name == "deadline_one_open_per_stage":
            raise ClockAlreadyRuns from error
        raise
    return deadline


def _end(actor: Actor, deadline_id: int, how: EndedHow) -> Deadline:
    deadline = _open_locked(deadline_id)
    moment = clock.now()
    _write(deadline, standing_of(deadline, moment))
    deadline.is_open, deadline.ended_at, deadline.ended_how = False, moment, how.value
    deadline.ended_by = (actor.label or actor.uid or actor.kind.value)[:120]
    deadline.save(update_fields=[*_STANDING_FIELDS, "is_open", "ended_at", "ended_how", "ended_by"])
    return deadline


@command("deadlines:deadline:started")
def start(*, actor: Actor, order: ClockOrder) -> Deadline:
    """A running clock. Raises ``ClockAlreadyRuns`` when the same thing is owed already."""
    return _start(order)


@transaction.atomic
@command("deadlines:deadline:met")
def meet(*, actor: Actor, deadline_id: int) -> Deadline:
    """What was owed is done, in time or late. Raises ``DeadlineEnded``."""
    return _end(actor, deadline_id, EndedHow.MET)


@transaction.atomic
@command("deadlines:deadline:replaced")
def replace(
    *, actor: Actor, deadline_id: int, order: ClockOrder, how: EndedHow = EndedHow.REPLACED
) -> Deadline:
    """End one clock as ``how`` and start the next, with no moment between. Raises ``DeadlineEnded``."""
    _end(actor, deadline_id, how)
    return _start(order)


@transaction.atomic
@command("deadlines:deadline:cancelled")
def cancel(*, actor: Actor, deadline_id: int, reason: str) -> Deadline:
    """It is owed no longer. The reason goes into the trail."""
    if not reason.strip():
        raise CancelReasonMissing(field="reason")
    return _end(actor, deadline_id, EndedHow.CANCELLED)


@transaction.atomic
@command("deadlines:deadline:paused")
def pause(*, actor: Actor, deadline_id: int, reason: str) -> Deadline:
    """Stop the clock where it is. A breach that has happened stays one."""
    if not reason.strip():
        raise PauseReasonMissing(field="reason")
    deadline = _open_locked(deadline_id)
    if deadline.paused_at is not None:
        raise AlreadyPaused
    moment = clock.now()
    _write(deadline, standing_of(deadline, moment))
    deadline.paused_at, deadline.pause_reason = moment, reason.strip()[:200]
    deadline.save(update_fields=[*_STANDING_FIELDS, "paused_at", "pause_reason"])
    return deadline


@transaction.atomic
@command("deadlines:deadline:resumed")
def resume(*, actor: Actor, deadline_id: int) -> Deadline:
    """Let the clock go on, due time and turns later by the paused time, so that it stands where it stood."""
    deadline = _open_locked(deadline_id)
    if deadline.paused_at is None:
        raise NotPaused
    moment = clock.now()
    paused_for = moment - deadline.paused_at
    deadline.due_at += paused_for
    deadline.ladder = dump_ladder(shift(load_ladder(deadline.ladder), paused_for))
    deadline.paused_at, deadline.pause_reason = None, ""
    _write(deadline, standing_of(deadline, moment))
    deadline.save(update_fields=[*_STANDING_FIELDS, "due_at", "ladder", "paused_at", "pause_reason"])
    return deadline


def _climb(deadline: Deadline, resolve: Resolve | None) -> Climb | None:
    """Write down where ``deadline`` stands now; a report if somebody has to be called, else ``None``."""
    before = deadline.rung_index
    now_at = standing_of(deadline, clock.now())
    breached_now = now_at.is_overdue and deadline.breached_at is None
    paged_now = now_at.pages > deadline.pages
    is_call = now_at.index != before or breached_now or paged_now
    ladder = load_ladder(deadline.ladder)
    if is_call and resolve is not None:
        ladder = with_rung(ladder, now_at.index, resolve(now_at.rung))
        deadline.ladder = dump_ladder(ladder)
        now_at = standing_of(deadline, clock.now())
    _write(deadline, now_at)
    if not is_call:
        return None
    return Climb(
        deadline_uid=deadline.uid,
        subject_kind=deadline.subject_kind,
        subject_uid=deadline.subject_uid,
        stage=deadline.stage,
        due_at=deadline.due_at,
        from_index=before,
        to_index=now_at.index,
        rung=now_at.rung,
        entered=ladder.rungs[before + 1 : now_at.index + 1],
        breached_now=breached_now,
        paged_now=paged_now,
        pages=now_at.pages,
    )


@transaction.atomic
@command("deadlines:deadline:climbed")
def climb_due(*, actor: Actor, limit: int = 100, resolve: Resolve | None = None) -> list[Climb]:
    """Write down what has changed for up to ``limit`` clocks, the longest due first, and report whom to call.

    Rivals skip each other's rows; a second sweep at the same moment reports nothing. ``resolve`` is asked who
    holds a rung now whenever somebody is about to be called: the roster may have changed since the ladder was
    drawn.
    """
    if not actor.is_system:
        raise NotPermitted
    due = Deadline.objects.filter(is_open=True, paused_at__isnull=True, next_change_at__lte=clock.now())
    rows = list(due.order_by("next_change_at", "id").select_for_update(skip_locked=True)[:limit])
    climbs = [climb for row in rows if (climb := _climb(row, resolve)) is not None]
    Deadline.objects.bulk_update(rows, [*_STANDING_FIELDS, "ladder"])
    return climbs
