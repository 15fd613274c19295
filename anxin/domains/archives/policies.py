"""Who may meet an archive. Default: no; the database draws the same wall once more.

Three circles. *Existence* (number, status, keeping unit): who manages the unit. *Content*: the person, and whoever
holds ``VIEW`` at the person's node **and is helping**: named as helping, or with an open case, warning or interview of
this person in hand; ``READ_UNIT`` stands for everybody at the unit (a school's psychologist). *Custody*: an archive
that a custody station keeps is met from exactly that station, not from the nodes above, except by whoever is helping.
A restricted archive shows that it exists and nothing else.
"""

from django.db.models import Q, QuerySet

from anxin.domains.archives.contracts import Permission, Status
from anxin.domains.archives.models import Archive, Carer, DoctorContract, Merge, Transfer
from anxin.domains.campaigns import api as campaigns
from anxin.domains.cases import api as cases
from anxin.domains.residents import api as residents
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import WarningState
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

_HOUSE = Actor.system("archives")


def helped_by(actor: Actor) -> frozenset[int]:
    """The people the actor is helping now, as the rows that are kept. Nobody for anybody who is not staff."""
    if not actor.is_staff or not actor.posting_ids:
        return frozenset()
    named = Carer.objects.filter(posting_id__in=actor.posting_ids, until__isnull=True)
    managed = cases.cases_queryset(actor=actor).filter(
        manager_id__in=actor.posting_ids, closed_at__isnull=True, resident__isnull=False
    )
    in_hand = (
        risk.warnings_queryset(actor=actor)
        .filter(Q(holder_id__in=actor.posting_ids) | Q(deadline__owner_id__in=actor.posting_ids))
        .filter(resident__isnull=False)
        .exclude(state=WarningState.CLOSED)
    )
    found = {
        *named.values_list("archive__resident_id", flat=True),
        *managed.order_by().values_list("resident_id", flat=True),
        *in_hand.order_by().values_list("resident_id", flat=True),
        *campaigns.residents_in_interview(actor=actor),
    }
    if not found:
        return frozenset()
    with unit_of_work(_HOUSE):
        return residents.kept_ids(actor=_HOUSE, resident_ids=found)


def is_helping(actor: Actor, archive: Archive) -> bool:
    """Whether the actor is helping this person, asked once for each row as it was loaded: a page asks many times."""
    asked = archive.__dict__.setdefault("_helping", {})
    if actor not in asked:
        asked[actor] = archive.resident_id in helped_by(actor)
    return bool(asked[actor])


def _holds(actor: Actor, permission: Permission, archive: Archive) -> bool:
    """Whether the right reaches this archive: for one in custody only from the station itself."""
    if archive.is_custody:
        return archive.scope_path in actor.paths_with(permission)
    return actor.may(permission, at=archive.scope_path)


def _reached(actor: Actor, permission: Permission) -> Q:
    """The same for many."""
    paths = actor.paths_with(permission)
    rule = Q(is_custody=True, scope_path__in=paths)
    for path in paths:
        rule |= Q(is_custody=False, scope_path__startswith=path)
    return rule


def _below(actor: Actor, permission: Permission, field: str = "scope_path") -> Q:
    rule = Q(pk__in=[])
    for path in actor.paths_with(permission):
        rule |= Q(**{f"{field}__startswith": path})
    return rule


def can_read_archive(actor: Actor, archive: Archive) -> bool:
    """What is in it."""
    if actor.is_system:
        return True
    if actor.resident_id is not None:
        return archive.resident_id == actor.resident_id
    if not actor.is_staff:
        return False
    if actor.has_opened(Permission.VIEW, archive.resident_id):
        return True
    if archive.status == Status.RESTRICTED:
        return False
    if _holds(actor, Permission.READ_UNIT, archive):
        return True
    return actor.may(Permission.VIEW, at=archive.scope_path) and is_helping(actor, archive)


def readable_archives(actor: Actor, archives: QuerySet[Archive]) -> QuerySet[Archive]:
    """The same rule, for many."""
    if actor.is_system:
        return archives
    if actor.resident_id is not None:
        return archives.filter(resident_id=actor.resident_id)
    if not actor.is_staff:
        return archives.none()
    opened = Q(resident_id__in=actor.residents_opened_for(Permission.VIEW))
    helping = _below(actor, Permission.VIEW) & Q(resident_id__in=helped_by(actor))
    in_use = ~Q(status=Status.RESTRICTED) & (_reached(actor, Permission.READ_UNIT) | helping)
    return archives.filter(opened | in_use)


def can_see_archive(actor: Actor, archive: Archive) -> bool:
    """That it exists, where it is kept and how it stands."""
    if can_read_archive(actor, archive) or (actor.is_staff and _holds(actor, Permission.VIEW_META, archive)):
        return True
    if not actor.is_staff:
        return False
    return _holds(actor, Permission.READ_UNIT, archive) or (
        actor.may(Permission.VIEW, at=archive.scope_path) and is_helping(actor, archive)
    )


def visible_archives(actor: Actor, archives: QuerySet[Archive]) -> QuerySet[Archive]:
    """The same rule, for many."""
    if actor.is_system:
        return archives
    if actor.resident_id is not None:
        return archives.filter(resident_id=actor.resident_id)
    if not actor.is_staff:
        return archives.none()
    opened = Q(resident_id__in=actor.residents_opened_for(Permission.VIEW))
    helping = _below(actor, Permission.VIEW) & Q(resident_id__in=helped_by(actor))
    managed = _reached(actor, Permission.VIEW_META) | _reached(actor, Permission.READ_UNIT)
    return archives.filter(opened | helping | managed)


def can_write_archive(actor: Actor, archive: Archive) -> bool:
    """Who reads it and holds ``WRITE`` at its node."""
    return can_read_archive(actor, archive) and actor.may(Permission.WRITE, at=archive.scope_path)


def can_assign(actor: Actor, archive: Archive) -> bool:
    """Who helps is said by whoever manages the unit, or by somebody who helps already."""
    managed = actor.is_staff and _holds(actor, Permission.ASSIGN, archive)
    return managed or can_write_archive(actor, archive)


def can_see_transfer(actor: Actor, transfer: Transfer) -> bool:
    """Both stations: those who write archives there, and those who manage."""
    return any(
        actor.may(permission, at=path)
        for permission in (Permission.ASSIGN, Permission.WRITE)
        for path in (transfer.from_path, transfer.to_path)
    )


def visible_transfers(actor: Actor, transfers: QuerySet[Transfer]) -> QuerySet[Transfer]:
    """The same rule, for many."""
    if actor.is_system:
        return transfers
    rule = Q(pk__in=[])
    for permission in (Permission.ASSIGN, Permission.WRITE):
        rule |= _below(actor, permission, "from_path") | _below(actor, permission, "to_path")
    return transfers.filter(rule)


def can_see_merge(actor: Actor, merge: Merge) -> bool:
    """Whoever may merge at one of the two sides."""
    return any(actor.may(Permission.MERGE, at=path) for path in (merge.kept_path, merge.duplicate_path))


def visible_merges(actor: Actor, merges: QuerySet[Merge]) -> QuerySet[Merge]:
    """The same rule, for many."""
    if actor.is_system:
        return merges
    return merges.filter(
        _below(actor, Permission.MERGE, "kept_path") | _below(actor, Permission.MERGE, "duplicate_path")
    )


def is_in_team(actor: Actor, contract: DoctorContract) -> bool:
    """Whoever reads archives at the team's own unit."""
    return contract.team_path in actor.paths_with(Permission.VIEW)


def contracts_of_team(actor: Actor, contracts: QuerySet[DoctorContract]) -> QuerySet[DoctorContract]:
    """The same rule, for many."""
    return contracts.filter(team_path__in=actor.paths_with(Permission.VIEW))
