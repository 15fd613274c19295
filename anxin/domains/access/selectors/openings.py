"""Reading openings, and whether a minor's content asks for a confirmation."""

from datetime import date

from django.db.models import QuerySet

from anxin.domains.access.contracts import ConfirmationNeeded, Permission
from anxin.domains.access.library import load_limits
from anxin.domains.access.models import BreakGlass, Export
from anxin.domains.access.policies import can_decide_export, visible_exports, visible_openings
from anxin.domains.access.rules.openings import Limits, asks_confirmation
from anxin.domains.audit.api import query
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound

_SCHOOL = "school_psychology_teacher"


@query()
def limits() -> Limits:
    """Windows, clocks and limits, for saying them on a page."""
    return load_limits()


@query()
def openings_queryset(*, actor: Actor) -> QuerySet[BreakGlass]:
    """The openings the actor did, and those the actor reviews: what waits comes first, the longest due before all."""
    found = visible_openings(actor, BreakGlass.objects.select_related("account", "reviewed_by"))
    return found.order_by("reviewed_at", "review_due_at", "id")


@query()
def access_opening(*, actor: Actor, uid: str) -> BreakGlass:
    """One opening with its reason. Raises ``NotFound``."""
    found = openings_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


@query()
def running_openings(*, actor: Actor) -> list[BreakGlass]:
    """What the actor has open now, for the banner; no query for nearly everybody."""
    if not actor.opened:
        return []
    return list(BreakGlass.objects.filter(uid__in=[one.uid for one in actor.opened]).order_by("ends_at"))


@query()
def reviews_waiting(*, actor: Actor) -> tuple[int, int]:
    """How many openings wait for a review by the actor, and how many of these are overdue."""
    if not actor.may(Permission.REVIEW_OPENINGS):
        return 0, 0
    waiting = [
        one.review_due_at
        for one in visible_openings(actor, BreakGlass.objects.filter(reviewed_at__isnull=True))
        .exclude(account__uid=actor.uid)
        .only("review_due_at")
    ]
    moment = clock.now()
    return len(waiting), sum(1 for due in waiting if due <= moment)


@query()
def needs_confirmation(*, actor: Actor, resident_uid: str, born_on: date | None) -> bool:
    """Whether this person's answers and notes ask the actor for one more step in this session."""
    if not actor.is_staff or resident_uid in actor.confirmed:
        return False
    return asks_confirmation(
        born_on,
        clock.today(),
        load_limits().confirm_below_age,
        by_school=any(grant.role == _SCHOOL for grant in actor.grants),
    )


@query()
def demand_confirmation(*, actor: Actor, resident_uid: str, born_on: date | None) -> None:
    """Raises ``ConfirmationNeeded`` where ``needs_confirmation``: the site then says how it is given."""
    if needs_confirmation(actor=actor, resident_uid=resident_uid, born_on=born_on):
        raise ConfirmationNeeded(person=resident_uid)


@query()
def exports_queryset(*, actor: Actor) -> QuerySet[Export]:
    """The ledger, as far as the actor may read it, newest first."""
    found = visible_exports(actor, Export.objects.select_related("account", "decided_by"))
    return found.order_by("-asked_at", "-id")


@query()
def access_export(*, actor: Actor, uid: str) -> Export:
    """One export. Raises ``NotFound``."""
    found = exports_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


@query()
def exports_waiting(*, actor: Actor) -> list[Export]:
    """What waits for the actor's yes or no."""
    if not actor.may(Permission.APPROVE_EXPORTS):
        return []
    asked = visible_exports(
        actor,
        Export.objects.filter(
            needs_approval=True, is_approved__isnull=True, expires_at__gt=clock.now()
        ).select_related("account"),
    )
    return [
        one
        for one in asked.order_by("asked_at", "id")
        if one.account.uid != actor.uid and can_decide_export(actor, one)
    ]
