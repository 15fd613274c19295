"""Who may list clocks: their owner, and those who may meet named people at the owner's unit. Default: no.

A clock names no person. Whoever may see a subject sees its clock through that subject's room, not this list.
"""

from django.db.models import Q, QuerySet

from anxin.domains.deadlines.models import Deadline
from anxin.kernel.actor import Actor, is_within


def can_view_deadline(actor: Actor, deadline: Deadline) -> bool:
    """The house; the owner; staff with identified rights at the owner's unit or above it."""
    if actor.is_system or deadline.owner_id in actor.posting_ids:
        return True
    return actor.is_staff and is_within(deadline.owner_unit.path, actor.identified_paths)


def visible_deadlines(actor: Actor, deadlines: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """The same rule, for many."""
    if actor.is_system:
        return deadlines
    rule = Q(owner__in=actor.posting_ids)
    if actor.is_staff:
        for path in actor.identified_paths:
            rule |= Q(owner_unit__path__startswith=path)
    return deadlines.filter(rule)
