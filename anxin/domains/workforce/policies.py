"""Who may record and see credentials. Default: no."""

from django.db.models import Q, QuerySet

from anxin.domains.network import api as network
from anxin.domains.workforce.contracts import Permission
from anxin.domains.workforce.models import Credential
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def _paths(staff_id: int) -> list[str]:
    return [posting.unit.path for posting in network.postings_of(staff_id=staff_id, on=clock.today())]


def can_manage_credentials(actor: Actor, staff_id: int) -> bool:
    """Who is posted somewhere is looked after there; who is posted nowhere, by whoever looks after the whole city."""
    if actor.is_system:
        return True
    root = network.city()
    return any(
        actor.may(Permission.MANAGE, at=path) for path in _paths(staff_id) or [root.path if root else "/"]
    )


def can_view_credentials(actor: Actor, staff_id: int) -> bool:
    """Everybody sees their own; others need the right at one of the person's units."""
    if actor.is_system or (actor.staff_id is not None and actor.staff_id == staff_id):
        return True
    return any(actor.may(Permission.VIEW, at=path) for path in _paths(staff_id))


def visible_credentials(actor: Actor, credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """The same rule, for many."""
    if actor.is_system:
        return credentials
    rule = Q(staff_id=actor.staff_id) if actor.staff_id is not None else Q(pk__in=[])
    for path in actor.paths_with(Permission.VIEW):
        people = network.postings_queryset(path=path, on=clock.today()).order_by().values("staff_id")
        rule |= Q(staff_id__in=people)
    return credentials.filter(rule)
