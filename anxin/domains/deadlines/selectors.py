"""Reading clocks, and the condition boards join on. Overdue is asked of the clock, never of the worker."""

from datetime import datetime

from django.db.models import Q, QuerySet

from anxin.domains.audit.api import pure, query
from anxin.domains.deadlines.models import Deadline
from anxin.domains.deadlines.policies import visible_deadlines
from anxin.kernel import clock
from anxin.kernel.actor import Actor


@pure
def is_overdue_q(*, at: datetime, prefix: str = "") -> Q:
    """Open, not paused and due at ``at`` or before; ``prefix`` is the way there, such as ``"deadline__"``."""
    return Q(
        **{f"{prefix}is_open": True, f"{prefix}paused_at__isnull": True, f"{prefix}due_at__lte": at},
    )


@query()
def overdue_queryset(*, actor: Actor) -> QuerySet[Deadline]:
    """The overdue clocks this actor may list, the most overdue first, whether or not anybody swept."""
    late = Deadline.objects.filter(is_overdue_q(at=clock.now())).select_related("owner_unit")
    return visible_deadlines(actor, late).order_by("due_at", "id")


@query()
def overdue(*, actor: Actor) -> list[Deadline]:
    """The same, read."""
    return list(overdue_queryset(actor=actor))


@query()
def open_deadline_of(
    *, actor: Actor, subject_kind: str, subject_uid: str, stage: str = ""
) -> Deadline | None:
    """The running clock of a subject (the one due first, or the one of ``stage``).

    The room that owns the subject has asked already whether ``actor`` may see it; the clock names nobody.
    """
    running = Deadline.objects.filter(is_open=True, subject_kind=subject_kind, subject_uid=subject_uid)
    if stage:
        running = running.filter(stage=stage)
    return running.order_by("due_at", "id").first()


@query()
def subjects_calling(*, actor: Actor, subject_kind: str, posting_id: int) -> list[str]:
    """The uids of the subjects whose running clock has this posting on a rung, now or later."""
    rungs = {"rungs": [{"posting_id": posting_id}]}
    running = Deadline.objects.filter(is_open=True, subject_kind=subject_kind, ladder__contains=rungs)
    return list(running.order_by("due_at", "id").values_list("subject_uid", flat=True))


@query()
def lock_clock(*, actor: Actor, subject_kind: str, subject_uid: str) -> None:
    """Hold the running clocks of a subject until the transaction ends.

    To be called before the subject itself is locked: the sweep takes the clock first and the subject second, and
    whoever took them the other way round could wait for the sweep while the sweep waits for them.
    """
    running = Deadline.objects.filter(is_open=True, subject_kind=subject_kind, subject_uid=subject_uid)
    list(running.order_by("id").select_for_update().values_list("id", flat=True))
