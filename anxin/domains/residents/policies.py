"""Who may meet a person by name. The default is no; the database draws the same wall once more."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from anxin.domains.residents.contracts import Permission
from anxin.domains.residents.models import Resident
from anxin.kernel.actor import Actor


def can_view_resident(actor: Actor, resident: Resident) -> bool:
    """The person, the house, staff with the right at a node above the person's station, or with the record opened."""
    if actor.is_system:
        return True
    if actor.resident_id is not None:
        return resident.id == actor.resident_id
    return actor.is_staff and (
        actor.may(Permission.VIEW, at=resident.scope_path) or actor.has_opened(Permission.VIEW, resident.id)
    )


def visible_residents(actor: Actor, residents: QuerySet[Resident]) -> QuerySet[Resident]:
    """The same for many."""
    if actor.is_system:
        return residents
    if actor.resident_id is not None:
        return residents.filter(id=actor.resident_id)
    if not actor.is_staff:
        return residents.none()
    rules = [Q(scope_path__startswith=path) for path in actor.paths_with(Permission.VIEW)]
    opened = actor.residents_opened_for(Permission.VIEW)
    if opened:
        rules.append(Q(id__in=opened))
    return residents.filter(reduce(or_, rules)) if rules else residents.none()


def can_write_for(actor: Actor, resident_id: int) -> bool:
    """Consents are given and taken back by the person; the house writes them down during registration."""
    return actor.is_system or (actor.resident_id is not None and actor.resident_id == resident_id)
