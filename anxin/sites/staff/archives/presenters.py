"""Archives for one reader, as plain values: names masked, nothing of what they may not know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import Ground, Permission, Relation, Status
from anxin.domains.network import api as network
from anxin.domains.network.contracts import UnitKind
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Permission as ResidentsPermission
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound
from anxin.sites.staff.archives.timeline import KINDS, timeline
from anxin.sites.staff.archives.words import (
    GIVEN_BY,
    GROUNDS,
    PURPOSES,
    RELATIONS,
    RETENTION,
    STATUSES,
)
from anxin.sites.staff.timeline import Day
from anxin.sites.staff.words import Words

if TYPE_CHECKING:
    from anxin.domains.archives.models import Archive

KEEPING_KINDS = (UnitKind.STATION, UnitKind.COUNTY_CENTRE, UnitKind.CITY_CENTRE)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One line of the ledger."""

    purpose: Words
    given_at: datetime
    given_by: Words
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the household."""

    uid: str
    name: str
    relation: Words
    is_head: bool


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody who answers for the person."""

    uid: str
    name: str
    phone: str
    relation: Words
    ground: Words
    starts_on: date
    ends_on: date | None
    is_in_force: bool
    is_linked: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One assessment for the team."""

    uid: str
    asked_at: datetime
    asked_by: str
    guidance: str
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Contract:
    """A family doctor's contract."""

    uid: str
    number: str
    team: str
    unit: str
    starts_on: date
    ends_on: date
    is_in_force: bool
    requests: list[Asked]


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody named as helping."""

    uid: str
    name: str
    unit: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """What is in it, for whoever reads it."""

    person_uid: str
    person_number: str
    name: str
    phone: str
    age: int | None
    sex: str
    is_revealed: bool
    agreements: list[Agreement]
    household: list[Member]
    guardians: list[Guardian]
    contracts: list[Contract]
    twins: list[archives.Side]
    days: list[Day]
    shown: list[tuple[str, str, bool]]
    rebind_url: str = ""


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """Everything the page draws."""

    uid: str
    number: str
    unit: str
    status: Words
    is_open: bool
    opened_at: datetime
    retention: Words
    retention_years: int
    retain_until: date | None
    is_custody: bool
    helpers: list[Helper]
    may_write: bool
    may_assign: bool
    may_merge: bool
    content: Content | None


def archive_page(
    actor: Actor, uid: str, *, kind: str = "", is_revealed: bool = False
) -> "tuple[ArchivePage, Archive]":
    """One archive, drawn and as it was read. Raises ``ArchiveNotFound``."""
    brief = archives.archive_brief(actor=actor, uid=uid)
    is_read = archives.can_read_archive(actor, brief)
    archive = archives.access_archive(actor=actor, uid=uid) if is_read else brief
    kept = archives.retention_classes()[archive.retention_class]
    is_open = archive.status == Status.OPEN

    def may(permission: Permission) -> bool:
        return is_open and is_read and actor.may(permission, at=archive.scope_path)

    view = ArchivePage(
        uid=archive.uid,
        number=archive.number,
        unit=archive.unit.name,
        status=STATUSES[Status(archive.status)],
        is_open=is_open,
        opened_at=archive.opened_at,
        retention=RETENTION[archive.retention_class],
        retention_years=kept.years,
        retain_until=archive.retain_until,
        is_custody=archive.is_custody,
        helpers=[
            Helper(one.uid, one.posting.staff.name, one.posting.unit.name, one.since)
            for one in archives.carers_of(actor=actor, archive=archive)
        ],
        may_write=may(Permission.WRITE),
        may_assign=is_open and archives.can_assign(actor, archive),
        may_merge=may(Permission.MERGE),
        content=_content(actor, archive, kind, is_revealed=is_revealed) if is_read else None,
    )
    return view, archive


def _content(actor: Actor, archive: "Archive", kind: str, *, is_revealed: bool) -> Content:
    person = archive.resident
    if is_revealed:
        person = residents.unmask_resident(actor=actor, uid=person.uid)
    here = reverse("staff:archive", args=[archive.uid])
    can_rebind = person.account_id is not None and actor.may(
        ResidentsPermission.REGISTER, at=person.scope_path
    )
    return Content(
        rebind_url=reverse("staff:rebind", args=[person.uid]) if can_rebind else "",
        person_uid=person.uid,
        person_number=person.number,
        name=person.name if is_revealed else residents.mask_name(person.name),
        phone=person.phone if is_revealed else residents.mask_phone(person.phone),
        age=residents.age_on(person.born_on, clock.today()) if person.born_on else None,
        sex=person.sex,
        is_revealed=is_revealed,
        agreements=_agreements(actor, archive),
        household=_household(actor, archive),
        guardians=_guardians(actor, archive, is_revealed=is_revealed),
        contracts=_contracts(actor, archive),
        twins=archives.suspected_of(actor=actor, archive=archive),
        days=timeline(actor, archive, kind),
        shown=[
            (str(label), f"{here}?show={key}" if key else here, key == kind) for key, label in KINDS.items()
        ],
    )


def _agreements(actor: Actor, archive: "Archive") -> list[Agreement]:
    try:
        ledger = residents.consents_of(actor=actor, resident_uid=archive.resident.uid)
    except NotFound:
        return []
    return [
        Agreement(
            PURPOSES.get(one.purpose, one.purpose),
            one.given_at,
            GIVEN_BY.get(one.given_by, one.given_by),
            one.withdrawn_at,
        )
        for one in ledger
    ]


def _household(actor: Actor, archive: "Archive") -> list[Member]:
    members = archives.household_of(actor=actor, archive=archive)
    names = archives.names_of(
        actor=actor, resident_ids=[one.resident_id for one in members if one.resident_id]
    )
    return [
        Member(
            one.uid,
            names.get(one.resident_id, _("kept by another unit"))
            if one.resident_id
            else residents.mask_name(one.name),
            RELATIONS[Relation(one.relation)],
            one.is_head,
        )
        for one in members
    ]


def _guardians(actor: Actor, archive: "Archive", *, is_revealed: bool) -> list[Guardian]:
    today = clock.today()
    return [
        Guardian(
            uid=one.uid,
            name=one.name if is_revealed else residents.mask_name(one.name),
            phone=one.phone if is_revealed else residents.mask_phone(one.phone),
            relation=RELATIONS[Relation(one.relation)],
            ground=GROUNDS[Ground(one.ground)],
            starts_on=one.starts_on,
            ends_on=one.ended_on or one.ends_on,
            is_in_force=archives.is_guardian_on(
                today, starts_on=one.starts_on, ends_on=one.ends_on, ended_on=one.ended_on
            ),
            is_linked=one.guardian_id is not None,
        )
        for one in archives.guardians_of(actor=actor, archive=archive)
    ]


def _contracts(actor: Actor, archive: "Archive") -> list[Contract]:
    today = clock.today()
    return [
        Contract(
            uid=one.uid,
            number=one.number,
            team=one.team,
            unit=one.unit.name,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            is_in_force=archives.contract_in_force(today, starts_on=one.starts_on, ends_on=one.ends_on),
            requests=[
                Asked(asked.uid, asked.asked_at, asked.asked_by.name, asked.guidance, asked.returned_at)
                for asked in one.requests.all()
            ],
        )
        for one in archives.contracts_of(actor=actor, archive=archive)
    ]


def units_to_open_at(actor: Actor) -> list[tuple[str, str]]:
    """Where the actor works and may begin an archive."""
    mine = network.postings_by_id(posting_ids=actor.posting_ids).values()
    return [(one.unit.uid, one.unit.name) for one in mine if actor.may(Permission.OPEN, at=one.unit.path)]


def units_to_move_to(archive_unit: str = "") -> list[tuple[str, str]]:
    """Every station and centre that could keep an archive."""
    units = network.units_queryset(kinds=KEEPING_KINDS).order_by("number")
    return [(one.uid, one.name) for one in units if one.name != archive_unit]


def medical_units() -> list[tuple[str, str]]:
    """Where family doctors' teams work."""
    units = network.units_queryset().filter(is_medical_institution=True).order_by("number")
    return [(one.uid, one.name) for one in units]


def colleagues(path: str, named: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Everybody in post where an archive is kept."""
    people = network.postings_queryset(path=path, on=clock.today())
    return [
        (one.uid, f"{one.staff.name}·{one.unit.name}") for one in people if one.staff.name not in set(named)
    ]
