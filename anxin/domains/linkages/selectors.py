"""Reading linkages."""

from django.db.models import QuerySet

from anxin.domains.audit.api import query
from anxin.domains.linkages.contracts import LinkageNotFound, OwnCall, OwnSubmission, State
from anxin.domains.linkages.models import ExpertCall, Linkage
from anxin.domains.linkages.policies import visible_linkages
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

_WITH = ("deadline", "deadline__owner__staff", "unit", "asked_by", "answered_by")
_HOUSE = Actor.system("linkages")


@query()
def linkages_queryset(*, actor: Actor) -> QuerySet[Linkage]:
    """Linkages the actor may see, what waits first, the newest before the older."""
    found = visible_linkages(actor, Linkage.objects.select_related(*_WITH))
    return found.order_by("deadline__due_at", "-asked_at", "-id")


@query("linkages:linkage:viewed")
def access_linkage(*, actor: Actor, uid: str) -> Linkage:
    """One linkage with what was passed on. Seeing it is recorded. Raises ``LinkageNotFound``."""
    rows = linkages_queryset(actor=actor).prefetch_related("entries", "calls__expert")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise LinkageNotFound
    return found


@query()
def linkage_brief(*, actor: Actor, uid: str) -> Linkage:
    """Kind, state and clock of one linkage, for the step that follows. Raises ``LinkageNotFound``."""
    found = linkages_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise LinkageNotFound
    return found


@query("linkages:submissions:viewed")
def own_submissions(*, actor: Actor) -> list[OwnSubmission]:
    """What this account handed in: number, unit, whether it was accepted. Nothing of the person comes back."""
    if not actor.is_staff or not actor.uid:
        return []
    with unit_of_work(_HOUSE):
        rows = list(Linkage.objects.filter(submitter_uid=actor.uid).select_related("unit").order_by("-id"))
    return [OwnSubmission(one.number, one.unit.name, one.asked_at, State(one.state)) for one in rows]


@query()
def own_calls(*, actor: Actor) -> list[OwnCall]:
    """Where this expert is called to, newest first: the unit and what is asked, no name."""
    if actor.staff_id is None:
        return []
    with unit_of_work(_HOUSE):
        rows = list(
            ExpertCall.objects.filter(expert_id=actor.staff_id)
            .select_related("linkage__unit")
            .order_by("-id")[:50]
        )
    return [
        OwnCall(
            uid=one.uid,
            number=one.linkage.number,
            unit=one.linkage.unit.name,
            reason=one.linkage.reason,
            called_at=one.called_at,
            responded_at=one.responded_at,
            is_coming=one.is_coming,
        )
        for one in rows
    ]
