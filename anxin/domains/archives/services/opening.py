"""Beginning an archive, with the person's own agreement; and ending its use."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from anxin.domains.archives import library
from anxin.domains.archives.contracts import (
    ArchiveClosed,
    ArchiveElsewhere,
    ArchiveKnown,
    BirthdayDiffers,
    BirthdayImpossible,
    EntryKind,
    GivenBy,
    GuardianMissing,
    OpenDraft,
    Permission,
    Status,
)
from anxin.domains.archives.models import Archive, Carer
from anxin.domains.archives.rules.retention import keep_until
from anxin.domains.archives.services.families import write_guardian
from anxin.domains.archives.services.writing import (
    HOUSE,
    locked,
    next_number,
    require_words,
    staff_id_of,
    write_entry,
)
from anxin.domains.audit.api import command
from anxin.domains.network import api as network
from anxin.domains.network.contracts import AREA_KINDS, HostType, UnitKind
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.identifiers_cn import read_id_number
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.network.models import Posting, Unit
    from anxin.domains.residents.models import Resident


_EARLIEST = date(1900, 1, 1)


@transaction.atomic
@command("archives:archive:opened")
def open_archive(*, actor: Actor, unit_uid: str, draft: OpenDraft, resident_uid: str = "") -> Archive:
    """The archive of whoever stands at the counter and has signed (R-037); nothing is kept when anything is refused.

    ``resident_uid`` names somebody the house knows already. Who comes back with a new signature is met in the archive
    they have. Raises ``ArchiveElsewhere`` when another unit keeps one, ``GuardianConsentNeeded``, ``GuardianMissing``,
    ``ChildAssentNeeded``, ``ConsentTextUnknown``.
    """
    unit = network.unit_by_uid(uid=unit_uid)
    if not actor.may(Permission.OPEN, at=unit.path) or UnitKind(unit.kind) in AREA_KINDS:
        raise NotPermitted
    posting = _posting_at(actor, unit)
    resident = _person(actor, unit, draft, resident_uid)
    _record_consent(actor, resident, draft)
    archive = Archive.objects.select_for_update(of=("self",)).filter(resident=resident).first()
    if archive is not None:
        return _met_again(actor, archive, unit, posting)
    archive = _begun(actor, resident, unit)
    write_entry(
        archive,
        EntryKind.OPENED,
        actor=actor,
        unit=unit.name,
        given_by=draft.given_by.value,
        version=draft.text_version,
    )
    Carer.objects.create(archive=archive, posting=posting, since=archive.opened_at)
    if draft.guardian is not None:
        write_guardian(archive, draft.guardian, actor=actor)
    return archive


def _posting_at(actor: Actor, unit: "Unit") -> "Posting":
    staff_id_of(actor)
    mine = network.postings_by_id(posting_ids=actor.posting_ids)
    at_unit = [one for one in mine.values() if one.unit_id == unit.id]
    if not at_unit:
        raise NotPermitted
    return at_unit[0]


def _person(actor: Actor, unit: "Unit", draft: OpenDraft, resident_uid: str) -> "Resident":
    person = draft.person
    born_on = read_id_number(person.id_number).born_on if person.id_number else person.born_on
    if born_on is not None and not _EARLIEST <= born_on <= clock.today():
        raise BirthdayImpossible(field="id_number" if person.id_number else "born_on")
    if not residents.is_same_birthday(person.born_on, person.id_number):
        raise BirthdayDiffers(field="born_on")
    if resident_uid:
        resident = residents.access_resident(actor=actor, uid=resident_uid)
        if resident.scope_path != unit.path or resident.merged_into_id is not None:
            raise ArchiveElsewhere
        if person.id_number and resident.identity_index is None:
            resident = residents.complete_identity(
                actor=actor, resident_id=resident.id, id_number=person.id_number
            )
        return resident
    known = _known_by_identity(person.id_number)
    if not known:
        return residents.record_person(actor=actor, draft=person, home_unit=unit)
    try:
        resident = residents.access_resident(actor=actor, uid=known)
    except NotFound:
        raise ArchiveElsewhere(field="id_number") from None
    if resident.scope_path != unit.path:
        raise ArchiveElsewhere(field="id_number")
    return resident


def _known_by_identity(id_number: str) -> str:
    if not id_number:
        return ""
    with unit_of_work(HOUSE):
        return residents.kept_uid_of(actor=HOUSE, id_number=id_number)


def _record_consent(actor: Actor, resident: "Resident", draft: OpenDraft) -> None:
    is_child = residents.needs_guardian(resident.born_on, clock.today())
    if is_child and draft.given_by is GivenBy.GUARDIAN and draft.guardian is None:
        raise GuardianMissing(field="guardian_name")
    residents.record_paper_consent(
        actor=actor,
        resident_uid=resident.uid,
        purpose=Purpose.ARCHIVE,
        text_version=draft.text_version,
        signed_on=draft.signed_on,
        given_by=draft.given_by,
        child_assents=draft.child_assents,
    )


def _begun(actor: Actor, resident: "Resident", unit: "Unit") -> Archive:
    archive = Archive(
        number=next_number(),
        resident=resident,
        unit=unit,
        scope_path=resident.scope_path,
        is_custody=unit.host_type == HostType.CUSTODY,
        retention_class=library.default_class(),
        opened_at=clock.now(),
        opened_by_id=actor.staff_id,
        opened_unit=unit,
    )
    try:
        with transaction.atomic():
            archive.save(force_insert=True)
    except IntegrityError:
        rival = Archive.objects.get(resident=resident)
        raise ArchiveKnown(number=rival.number) from None
    return archive


def _met_again(actor: Actor, archive: Archive, unit: "Unit", posting: "Posting") -> Archive:
    if archive.unit_id != unit.id:
        raise ArchiveElsewhere(field="id_number")
    if archive.status == Status.RESTRICTED and not _is_locked_by_person(archive):
        raise ArchiveClosed
    if archive.status != Status.OPEN:
        archive.status, archive.retain_until = Status.OPEN.value, None
        archive.save(update_fields=["status", "retain_until"])
        write_entry(archive, EntryKind.REOPENED, actor=actor)
    _, is_new = Carer.objects.get_or_create(
        archive=archive, posting=posting, until=None, defaults={"since": clock.now()}
    )
    if is_new:
        write_entry(archive, EntryKind.CARER_ADDED, actor=actor, name=posting.staff.name, signed_again=True)
    return archive


def _is_locked_by_person(archive: Archive) -> bool:
    """Whether it was the person who took the agreement back; what an officer decided only an officer releases."""
    last = archive.entries.filter(kind=EntryKind.RESTRICTED).order_by("-id").first()
    return last is not None and bool(last.params.get("withdrawn"))


@transaction.atomic
@command("archives:archive:closed")
def close_archive(*, actor: Actor, archive_uid: str, reason: str) -> Archive:
    """Nobody works with it any more; from today it is kept as long as its class says."""
    archive = locked(actor, archive_uid)
    note = require_words(reason)
    kind = library.retention_classes()[archive.retention_class]
    archive.retain_until = keep_until(kind, closed_on=clock.today(), born_on=archive.resident.born_on)
    archive.status = Status.CLOSED.value
    archive.save(update_fields=["status", "retain_until"])
    write_entry(archive, EntryKind.CLOSED, actor=actor, note=note, until=archive.retain_until.isoformat())
    archive.carers.filter(until__isnull=True).update(until=clock.now())
    return archive


@transaction.atomic
@command("archives:archive:restricted", silent_on_none=True)
def restrict_archive(*, actor: Actor, resident_id: int, reason: str) -> Archive | None:
    """Kept, and not used: the person took the agreement back, or the privacy officer decided. For the house."""
    return _set_status(actor, resident_id, Status.RESTRICTED, EntryKind.RESTRICTED, require_words(reason))


@transaction.atomic
@command("archives:archive:released", silent_on_none=True)
def release_archive(*, actor: Actor, resident_id: int, reason: str) -> Archive | None:
    """In use again. For the house, after a decision."""
    return _set_status(actor, resident_id, Status.OPEN, EntryKind.RELEASED, require_words(reason))


@transaction.atomic
@command("archives:archive:restricted", silent_on_none=True)
def lock_withdrawn(*, actor: Actor, resident_id: int) -> Archive | None:
    """The person took the agreement back: nobody reads or writes it from this moment, until they sign again."""
    return _set_status(actor, resident_id, Status.RESTRICTED, EntryKind.RESTRICTED, "", withdrawn=True)


@transaction.atomic
@command("archives:archive:reopened", silent_on_none=True)
def reopen_agreed(*, actor: Actor, resident_id: int) -> Archive | None:
    """The person agrees again: what they locked themselves is in use again. What an officer restricted stays so."""
    if not actor.is_system:
        raise NotPermitted
    rows = residents.kept_ids(actor=actor, resident_ids={resident_id})
    archives = Archive.objects.select_for_update(of=("self",)).select_related("resident")
    locked_rows = [
        one
        for one in archives.filter(resident_id__in=rows, status=Status.RESTRICTED).order_by("id")
        if _is_locked_by_person(one)
    ]
    for archive in locked_rows:
        archive.status = Status.OPEN.value
        archive.save(update_fields=["status"])
        write_entry(archive, EntryKind.REOPENED, actor=actor)
    return locked_rows[0] if locked_rows else None


def _set_status(
    actor: Actor, resident_id: int, status: Status, kind: EntryKind, note: str, **params: bool
) -> Archive | None:
    """Of every row of the person; the one that is kept is answered.

    An officer's restriction is also written on what the person had locked, so that agreeing again does not undo it.
    """
    if not actor.is_system:
        raise NotPermitted
    rows = residents.kept_ids(actor=actor, resident_ids={resident_id})
    archives = Archive.objects.select_for_update(of=("self",)).select_related("resident")
    decided = kind is EntryKind.RESTRICTED and not params
    found = [
        one
        for one in archives.filter(resident_id__in=rows).order_by("id")
        if one.status != status or (decided and _is_locked_by_person(one))
    ]
    for archive in found:
        archive.status, archive.retain_until = status.value, None
        archive.save(update_fields=["status", "retain_until"])
        write_entry(archive, kind, actor=actor, note=note, **params)
    return next((one for one in found if one.resident.merged_into_id is None), found[0] if found else None)
