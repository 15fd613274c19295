"""Who may change the network. Default: no."""

from django.db.models import Q, QuerySet

from anxin.domains.network.contracts import Permission
from anxin.domains.network.models import Unit
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


def can_manage_unit(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may change this unit, and make units below it."""
    return actor.may(Permission.MANAGE, at=unit.path)


def manageable_units(actor: Actor, units: QuerySet[Unit]) -> QuerySet[Unit]:
    """The same rule, for many."""
    return _within(actor, units, Permission.MANAGE)


def can_manage_divisions(actor: Actor) -> bool:
    """The legal tree belongs to the whole city: only who manages the root of the network may change it."""
    root = Unit.objects.filter(parent__isnull=True).values_list("path", flat=True).first()
    return actor.may(Permission.MANAGE, at=root or "/")


def can_manage_roster(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may change who is on duty for this unit."""
    return actor.may(Permission.MANAGE_ROSTER, at=unit.path) or can_manage_unit(actor, unit)


def can_view_roster(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may see the whole roster of this unit, not only who is on duty now."""
    return actor.may(Permission.VIEW_ROSTER, at=unit.path) or can_manage_roster(actor, unit)


def visible_rosters(actor: Actor, units: QuerySet[Unit]) -> QuerySet[Unit]:
    """The same rule, for many units."""
    return _within(actor, units, Permission.VIEW_ROSTER, Permission.MANAGE_ROSTER, Permission.MANAGE)


def _within(actor: Actor, units: QuerySet[Unit], *permissions: Permission) -> QuerySet[Unit]:
    if actor.is_system:
        return units
    rule = Q(pk__in=[])
    for permission in permissions:
        for path in actor.paths_with(permission):
            rule |= Q(path__startswith=path)
    return units.filter(rule)


def require(allowed: bool) -> None:
    """Raise ``NotPermitted`` unless allowed."""
    if not allowed:
        raise NotPermitted
