"""Reading sittings and counts."""

from datetime import date, datetime

from django.db.models import QuerySet, Sum

from anxin.domains.assessments.contracts import SittingNotFound, SittingState
from anxin.domains.assessments.models import AnonymousCount, Sitting
from anxin.domains.assessments.policies import visible_sittings
from anxin.domains.audit.api import query
from anxin.kernel.actor import Actor


def _one(actor: Actor, uid: str) -> Sitting:
    sittings = Sitting.objects.select_related("score_sheet", "resident")
    found = visible_sittings(actor, sittings).filter(uid=uid).first()
    if found is None:
        raise SittingNotFound
    return found


@query("assessments:sitting:viewed")
def access_sitting(*, actor: Actor, uid: str) -> Sitting:
    """One sitting with its score sheet, if any. Raises ``SittingNotFound`` for a thing that is not theirs, too."""
    return _one(actor, uid)


@query()
def own_sittings(*, actor: Actor) -> QuerySet[Sitting]:
    """The resident's own drafts and results, newest first; looking at oneself leaves no trace to explain."""
    if actor.resident_id is None:
        return Sitting.objects.none()
    return (
        Sitting.objects.filter(resident_id=actor.resident_id)
        .exclude(state=SittingState.DISCARDED)
        .select_related("score_sheet")
        .order_by("-started_at")
    )


@query()
def own_sitting(*, actor: Actor, uid: str) -> Sitting:
    """One of the resident's own sittings. Raises ``SittingNotFound``."""
    found = own_sittings(actor=actor).filter(uid=uid).first()
    if found is None:
        raise SittingNotFound
    return found


@query()
def unevaluated_uids(*, actor: Actor, before: datetime, limit: int = 200) -> list[str]:
    """Sittings handed in before ``before`` that no rule has looked at yet, oldest first: what the sweep is for."""
    if not actor.is_system:
        return []
    waiting = Sitting.objects.filter(
        state=SittingState.SUBMITTED, evaluated_at__isnull=True, submitted_at__lt=before
    )
    return list(waiting.order_by("submitted_at").values_list("uid", flat=True)[:limit])


@query()
def sitting_for_evaluation(*, actor: Actor, uid: str) -> Sitting:
    """The sitting as the rules need it, for the house only."""
    if not actor.is_system:
        raise SittingNotFound
    found = Sitting.objects.select_related("resident", "score_sheet").filter(uid=uid).first()
    if found is None:
        raise SittingNotFound
    return found


@query()
def answer_given(*, actor: Actor, sitting: Sitting, entry_id: int) -> tuple[int, int]:
    """Question and value of one line of the answer log, whatever was answered later. For the house only."""
    entry = sitting.entries.filter(id=entry_id).first() if actor.is_system else None
    if entry is None:
        raise SittingNotFound
    return entry.item, entry.value


@query()
def previous_total(*, actor: Actor, sitting: Sitting) -> float | None:
    """The total of the same person's sitting of the same instrument before this one."""
    if not actor.is_system:
        return None
    earlier = (
        Sitting.objects.filter(
            resident_id=sitting.resident_id, instrument=sitting.instrument, state=SittingState.SUBMITTED
        )
        .exclude(id=sitting.id)
        .filter(submitted_at__lt=sitting.submitted_at)
        .order_by("-submitted_at")
        .select_related("score_sheet")
        .first()
    )
    return earlier.score_sheet.scores.get("total") if earlier else None


@query()
def anonymous_total(*, since: date | None = None, until: date | None = None) -> int:
    """Anonymous runs finished in the days from ``since`` to ``until``, both included."""
    counts = AnonymousCount.objects.all()
    if since:
        counts = counts.filter(day__gte=since)
    if until:
        counts = counts.filter(day__lte=until)
    return counts.aggregate(total=Sum("count"))["total"] or 0
