"""Reading archives: lists without content, one archive with its history, and figures that count people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from anxin.domains.archives.contracts import ArchiveNotFound, Permission, Status
from anxin.domains.archives.models import (
    Archive,
    ArchiveEntry,
    Carer,
    DoctorContract,
    DoctorRequest,
    Guardianship,
    HouseholdMember,
    Merge,
    Transfer,
)
from anxin.domains.archives.policies import (
    can_read_archive,
    can_see_archive,
    contracts_of_team,
    readable_archives,
    visible_archives,
    visible_merges,
    visible_transfers,
)
from anxin.domains.archives.rules.families import HouseholdCount, coverage
from anxin.domains.audit.api import query
from anxin.domains.residents import api as residents
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.proportions import Proportion
from anxin.kernel.unit_of_work import unit_of_work

_HOUSE = Actor.system("archives")
_WITH = ("resident", "unit")
FOUND_AT_MOST = 10


@query()
def archives_queryset(*, actor: Actor) -> QuerySet[Archive]:
    """Archives the actor may know of, the newest first; of one person only the one that is kept."""
    seen = visible_archives(actor, Archive.objects.select_related(*_WITH))
    return seen.filter(resident__merged_into__isnull=True).order_by("-id")


@query()
def readable_queryset(*, actor: Actor) -> QuerySet[Archive]:
    """Archives whose content the actor may read, the newest first."""
    read = readable_archives(actor, Archive.objects.select_related(*_WITH))
    return read.filter(resident__merged_into__isnull=True).order_by("-id")


@query()
def find_archives(*, actor: Actor, typed: str) -> list[Archive]:
    """The archives of whoever bears exactly this number, telephone or identity number, as far as the actor may know.

    Equality on a key, never part of a name; what belongs to others is not there.
    """
    marks = residents.marks_of(typed)
    seen = visible_archives(actor, Archive.objects.all())
    if "number" in marks:
        ids = seen.filter(number=marks["number"]).values_list("resident_id", flat=True)[:FOUND_AT_MOST]
        people = list(ids) or _people(seen, "resident__number", marks["number"])
    else:
        ((column, value),) = marks.items()
        people = _people(seen, f"resident__{column}", value)
    if not people:
        return []
    with unit_of_work(_HOUSE):
        kept = residents.kept_ids(actor=_HOUSE, resident_ids=people)
    return list(archives_queryset(actor=actor).filter(resident_id__in=kept)[:FOUND_AT_MOST])


def _people(seen: QuerySet[Archive], column: str, value: str) -> list[int]:
    return list(seen.filter(**{column: value}).values_list("resident_id", flat=True)[:FOUND_AT_MOST])


def find_archive(*, actor: Actor, uid: str, lock: bool = False) -> Archive:
    """One the actor may know of, for the step that follows. Raises ``ArchiveNotFound``."""
    archives = Archive.objects.select_related(*_WITH)
    found = (archives.select_for_update(of=("self",)) if lock else archives).filter(uid=uid).first()
    if found is None or not can_see_archive(actor, found):
        raise ArchiveNotFound
    return found


@query()
def archive_brief(*, actor: Actor, uid: str) -> Archive:
    """That it exists and how it stands; no content, so no trace of a look. Raises ``ArchiveNotFound``."""
    return find_archive(actor=actor, uid=uid)


@query("archives:archive:viewed")
def access_archive(*, actor: Actor, uid: str) -> Archive:
    """One archive to be read. Seeing it is recorded and shown to the person. Raises ``ArchiveNotFound``."""
    found = find_archive(actor=actor, uid=uid)
    if not can_read_archive(actor, found):
        raise ArchiveNotFound
    return found


@query()
def archive_of(*, actor: Actor, resident_id: int) -> Archive | None:
    """The archive of a person (as the row that is kept), as far as the actor may know of it."""
    with unit_of_work(_HOUSE):
        rows = residents.kept_ids(actor=_HOUSE, resident_ids={resident_id})
    return archives_queryset(actor=actor).filter(resident_id__in=rows).first()


@query()
def rows_of(*, actor: Actor, archive: Archive) -> tuple[int, ...]:
    """The ids under which things are known about the person of an archive the actor reads: the kept row, duplicates."""
    if not can_read_archive(actor, archive):
        return ()
    known = archive.__dict__
    if "_rows" not in known:  # a page asks many times about the row it has loaded
        with unit_of_work(_HOUSE):
            known["_rows"] = residents.rows_of_person(actor=_HOUSE, resident_id=archive.resident_id)
    found: tuple[int, ...] = known["_rows"]
    return found


@query()
def history_of(*, actor: Actor, archive: Archive) -> list[ArchiveEntry]:
    """The archive's own lines, and those of archives that were merged into it, for whoever reads it."""
    rows = rows_of(actor=actor, archive=archive)
    mine = Archive.objects.filter(resident_id__in=rows).values("id")
    return list(ArchiveEntry.objects.filter(archive__in=mine).order_by("-happened_at", "-id"))


@query()
def carers_of(*, actor: Actor, archive: Archive) -> list[Carer]:
    """Who is named as helping, for everybody who may know of the archive."""
    if not can_see_archive(actor, archive):
        return []
    named = archive.carers.filter(until__isnull=True).select_related("posting__staff", "posting__unit")
    return list(named.order_by("since", "id"))


@query()
def transfers_queryset(*, actor: Actor) -> QuerySet[Transfer]:
    """Moves that touch a unit of the actor, the newest first."""
    rows = Transfer.objects.select_related("from_unit", "to_unit", "proposed_by", "decided_by")
    return visible_transfers(actor, rows).order_by("-id")


@query()
def merges_queryset(*, actor: Actor) -> QuerySet[Merge]:
    """Merges that touch a unit where the actor may merge, the newest first."""
    rows = Merge.objects.select_related("proposed_by", "decided_by", "undone_by")
    return visible_merges(actor, rows).order_by("-id")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two of a merge, as much as somebody needs who decides: no more is said of another unit's person."""

    number: str
    name: str
    born_year: int | None
    unit: str


@query("archives:merge:viewed")
def access_sides(*, actor: Actor, merge_uid: str) -> tuple[Side, Side]:
    """The duplicate and the one that is kept, masked. Raises ``ArchiveNotFound``."""
    merge = merges_queryset(actor=actor).filter(uid=merge_uid).first()
    if merge is None:
        raise ArchiveNotFound
    with unit_of_work(_HOUSE):
        people = [
            residents.access_resident(actor=_HOUSE, uid=uid) for uid in (merge.duplicate_uid, merge.kept_uid)
        ]
        first, second = (
            Side(
                number=one.number,
                name=residents.mask_name(one.name),
                born_year=one.born_on.year if one.born_on else None,
                unit=one.home_unit.name,
            )
            for one in people
        )
    return first, second


@query()
def suspected_of(*, actor: Actor, archive: Archive) -> list[Side]:
    """People of the whole city who may be the same one, masked, for somebody who may merge here."""
    if not (can_read_archive(actor, archive) and actor.may(Permission.MERGE, at=archive.scope_path)):
        return []
    with unit_of_work(_HOUSE):
        uids = residents.likely_duplicates(actor=_HOUSE, resident_id=archive.resident_id)
        people = [residents.access_resident(actor=_HOUSE, uid=uid) for uid in uids]
        return [
            Side(
                number=one.number,
                name=residents.mask_name(one.name),
                born_year=one.born_on.year if one.born_on else None,
                unit=one.home_unit.name,
            )
            for one in people
        ]


@query()
def household_of(*, actor: Actor, archive: Archive) -> list[HouseholdMember]:
    """Who lives together with the person now, for whoever reads the archive."""
    rows = rows_of(actor=actor, archive=archive)
    own = HouseholdMember.objects.filter(resident_id__in=rows, left_at__isnull=True).first()
    if own is None:
        return []
    living = HouseholdMember.objects.filter(household_id=own.household_id, left_at__isnull=True)
    return list(living.select_related("household").order_by("-is_head", "id"))


@query()
def names_of(*, actor: Actor, resident_ids: Iterable[int]) -> dict[int, str]:
    """Masked names of people the actor may meet; of others nothing."""
    met = residents.residents_queryset(actor=actor).filter(id__in=list(resident_ids))
    return {one.id: residents.mask_name(one.name) for one in met}


@query()
def guardians_of(*, actor: Actor, archive: Archive) -> list[Guardianship]:
    """Everybody who answers or answered for the person, for whoever reads the archive."""
    rows = rows_of(actor=actor, archive=archive)
    return list(Guardianship.objects.filter(ward_id__in=rows).order_by("-starts_on", "-id"))


@query()
def guardianships_of_guardian(*, actor: Actor, resident_id: int) -> list[Guardianship]:
    """Whom a person answers for, ended or not. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    return list(Guardianship.objects.select_related("ward").filter(guardian_id=resident_id).order_by("id"))


@query()
def contracts_of(*, actor: Actor, archive: Archive) -> list[DoctorContract]:
    """The person's family doctors' contracts, for whoever reads the archive."""
    rows = rows_of(actor=actor, archive=archive)
    contracts = DoctorContract.objects.filter(resident_id__in=rows).select_related("unit")
    return list(
        contracts.prefetch_related("requests__asked_by", "requests__returned_by").order_by(
            "-starts_on", "-id"
        )
    )


@query()
def has_team(*, actor: Actor) -> bool:
    """Whether a family doctors' team works where the actor reads archives."""
    return contracts_of_team(actor, DoctorContract.objects.all()).exists()


@query("archives:guidance:viewed")
def guidance_for_team(*, actor: Actor) -> list[DoctorRequest]:
    """What has come back to the actor's own teams: the guidance and whose contract, no answers and no score."""
    contracts = contracts_of_team(actor, DoctorContract.objects.all())
    returned = DoctorRequest.objects.filter(contract__in=contracts, returned_at__isnull=False)
    return list(returned.select_related("contract", "returned_by").order_by("-returned_at", "-id")[:50])


@query()
def count_people(*, actor: Actor, node_path: str) -> int:
    """Distinct people with an open archive at a node and below: people, not visits (K-16, R-069).

    Row security shows leaders nothing, so the house counts for them; the right to counts is checked here.
    """
    _demand_count(actor, node_path)
    with unit_of_work(_HOUSE):
        open_here = Archive.objects.filter(status=Status.OPEN, scope_path__startswith=node_path)
        person = Coalesce("resident__merged_into_id", "resident_id")
        found: int = open_here.aggregate(people=Count(person, distinct=True))["people"]
        return found


@query()
def archives_past_keeping(*, actor: Actor, today: date, held: Collection[str] = ()) -> list[str]:
    """Numbers of closed archives whose time of keeping is over, people the law holds left out. For the house."""
    if not actor.is_system:
        return []
    over = Archive.objects.filter(status=Status.CLOSED, retain_until__lte=today)
    free = over.exclude(resident__uid__in=list(held))
    return list(free.order_by("retain_until", "id").values_list("number", flat=True))


@query()
def household_coverage(*, actor: Actor, node_path: str) -> Proportion | None:
    """Households of a node with at least one open archive, of all households noted there (R-026)."""
    _demand_count(actor, node_path)
    with unit_of_work(_HOUSE):
        open_archives = Archive.objects.filter(status=Status.OPEN)
        has_archive = Exists(open_archives.filter(resident_id=OuterRef("resident_id"))) | Exists(
            open_archives.filter(resident_id=OuterRef("resident__merged_into_id"))
        )
        households = (
            HouseholdMember.objects.filter(left_at__isnull=True, household__scope_path__startswith=node_path)
            .values("household_id")
            .annotate(lives=Count("id"), has=Count("id", filter=Q(has_archive)))
            .values_list("lives", "has")
        )
        return coverage(HouseholdCount(lives, has) for lives, has in households)


def _demand_count(actor: Actor, node_path: str) -> None:
    if not (actor.may(Permission.COUNT, at=node_path) or actor.may(Permission.VIEW_META, at=node_path)):
        raise NotPermitted


@query()
def may_on_archive(*, actor: Actor, permission: Permission, archive: Archive) -> bool:
    """Whether the actor reads the archive and holds ``permission`` at its node."""
    return can_read_archive(actor, archive) and actor.may(permission, at=archive.scope_path)
