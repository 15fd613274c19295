"""Who may see a sitting, and who may take one: owners, and staff with the right at the person's node. Default: no."""

from django.db.models import Q, QuerySet

from anxin.domains.assessments.contracts import Permission
from anxin.domains.assessments.models import Sitting
from anxin.kernel.actor import Actor


def can_view_sitting(actor: Actor, sitting: Sitting) -> bool:
    """The owner sees their own; the house sees all; staff need the right at the node, or the record opened to them."""
    if actor.resident_id is not None and sitting.resident_id == actor.resident_id:
        return True
    return actor.may(Permission.READ_RESULT, at=sitting.scope_path) or actor.has_opened(
        Permission.READ_RESULT, sitting.resident_id
    )


def visible_sittings(actor: Actor, sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """The same rule, for many."""
    if actor.is_system:
        return sittings
    rule = Q(pk__in=[])
    if actor.resident_id is not None:
        rule |= Q(resident_id=actor.resident_id)
    for path in actor.paths_with(Permission.READ_RESULT):
        rule |= Q(scope_path__startswith=path)
    opened = actor.residents_opened_for(Permission.READ_RESULT)
    if opened:
        rule |= Q(resident_id__in=opened)
    return sittings.filter(rule)


def can_read_answers(actor: Actor, sitting: Sitting) -> bool:
    """Whether the actor reads what was answered, item by item."""
    return actor.may(Permission.READ_ANSWERS, at=sitting.scope_path) or actor.has_opened(
        Permission.READ_ANSWERS, sitting.resident_id
    )


def can_administer(actor: Actor, sitting: Sitting) -> bool:
    """Staff who may ask people of this node."""
    return actor.is_staff and actor.may(Permission.ADMINISTER, at=sitting.scope_path)


def administrable_sittings(actor: Actor, sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """The same rule, for many."""
    rule = Q(pk__in=[])
    for path in actor.paths_with(Permission.ADMINISTER) if actor.is_staff else ():
        rule |= Q(scope_path__startswith=path)
    return sittings.filter(rule)
