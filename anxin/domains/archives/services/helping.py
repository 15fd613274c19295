"""Who is helping, and moves between stations."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from anxin.domains.archives.contracts import (
    AlreadyHelping,
    ArchiveElsewhere,
    ArchiveNotFound,
    EntryKind,
    HelperUnknown,
    Permission,
    Status,
    TransferState,
    TransferWaits,
)
from anxin.domains.archives.models import Archive, Carer, Transfer
from anxin.domains.archives.policies import can_assign, can_see_transfer
from anxin.domains.archives.selectors import find_archive
from anxin.domains.archives.services.writing import (
    HOUSE,
    demand_use,
    house_archive,
    require_words,
    staff_id_of,
    write_entry,
)
from anxin.domains.audit.api import command
from anxin.domains.network import api as network
from anxin.domains.network.contracts import AREA_KINDS, HostType, UnitKind
from anxin.domains.residents import api as residents
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit


@transaction.atomic
@command("archives:helper:added")
def add_helper(*, actor: Actor, archive_uid: str, posting_uid: str) -> Carer:
    """Somebody of the keeping unit is helping from now on, and reads the archive."""
    archive = _assignable(actor, archive_uid)
    posting = network.posting_by_uid(uid=posting_uid)
    in_post = network.postings_queryset(path=archive.scope_path, on=clock.today())
    if not in_post.filter(id=posting.id).exists():
        raise HelperUnknown(field="posting")
    try:
        with transaction.atomic():
            carer = Carer.objects.create(archive=archive, posting=posting, since=clock.now())
    except IntegrityError:
        raise AlreadyHelping(field="posting") from None
    write_entry(archive, EntryKind.CARER_ADDED, actor=actor, name=posting.staff.name)
    return carer


@transaction.atomic
@command("archives:helper:left")
def end_helper(*, actor: Actor, archive_uid: str, carer_uid: str) -> Carer:
    """They are not helping any more, and from this moment do not read it."""
    archive = _assignable(actor, archive_uid)
    carer = archive.carers.select_for_update(of=("self",)).filter(uid=carer_uid, until__isnull=True).first()
    if carer is None:
        raise ArchiveNotFound
    carer.until = clock.now()
    carer.save(update_fields=["until"])
    write_entry(archive, EntryKind.CARER_LEFT, actor=actor, name=carer.posting.staff.name)
    return carer


def _assignable(actor: Actor, archive_uid: str) -> Archive:
    archive = find_archive(actor=actor, uid=archive_uid, lock=True)
    if not can_assign(actor, archive):
        raise NotPermitted
    demand_use(archive)
    return archive


@transaction.atomic
@command("archives:transfer:offered")
def offer_transfer(*, actor: Actor, archive_uid: str, unit_uid: str, reason: str) -> Transfer:
    """Offer the archive to another unit; it moves when somebody there accepts."""
    archive = _assignable(actor, archive_uid)
    return _propose(actor, archive, _keeper(unit_uid), is_asked_for=False, reason=reason)


@transaction.atomic
@command("archives:transfer:asked")
def ask_for_transfer(*, actor: Actor, unit_uid: str, id_number: str, reason: str) -> Transfer:
    """Ask the unit that keeps the archive of whoever stands here; nothing about it is said but that it exists.

    Raises ``ArchiveElsewhere`` when the person is on another unit's list without an archive.
    """
    unit = _keeper(unit_uid)
    if not actor.may(Permission.OPEN, at=unit.path):
        raise NotPermitted
    with unit_of_work(HOUSE):
        uid = residents.kept_uid_of(actor=HOUSE, id_number=id_number)
        archive = Archive.objects.select_related("resident", "unit").filter(resident__uid=uid).first()
        if archive is None:
            raise ArchiveElsewhere(field="id_number")
        return _propose(actor, archive, unit, is_asked_for=True, reason=reason)


def _keeper(unit_uid: str) -> "Unit":
    unit = network.unit_by_uid(uid=unit_uid)
    if UnitKind(unit.kind) in AREA_KINDS:
        raise HelperUnknown(field="unit")
    return unit


def _propose(actor: Actor, archive: Archive, unit: "Unit", *, is_asked_for: bool, reason: str) -> Transfer:
    note = require_words(reason)
    if archive.unit_id == unit.id or archive.status != Status.OPEN:
        raise MoveNotAllowed
    transfer = Transfer(
        archive=archive,
        archive_number=archive.number,
        from_unit=archive.unit,
        to_unit=unit,
        from_path=archive.unit.path,
        to_path=unit.path,
        is_asked_for=is_asked_for,
        reason=note,
        proposed_by_id=staff_id_of(actor),
        proposed_at=clock.now(),
    )
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError:
        raise TransferWaits from None
    write_entry(
        archive, EntryKind.TRANSFER_PROPOSED, actor=actor, before=transfer.from_unit.name, after=unit.name
    )
    return transfer


@transaction.atomic
@command("archives:transfer:accepted")
def accept_transfer(*, actor: Actor, transfer_uid: str) -> Transfer:
    """The other side agrees: archive and person belong to the new unit, and the old one's helpers are none any more.

    What the old unit wrote keeps its place; both keep the row of the move.
    """
    transfer = _decidable(actor, transfer_uid)
    with unit_of_work(HOUSE):
        archive = house_archive(Archive.objects.get(id=transfer.archive_id).uid)
        demand_use(archive)
        resident = residents.move_home(actor=HOUSE, resident_id=archive.resident_id, unit=transfer.to_unit)
        write_entry(
            archive,
            EntryKind.TRANSFERRED,
            actor=actor,
            before=transfer.from_unit.name,
            after=transfer.to_unit.name,
        )
        archive.unit, archive.scope_path = transfer.to_unit, resident.scope_path
        archive.is_custody = transfer.to_unit.host_type == HostType.CUSTODY
        archive.save(update_fields=["unit", "scope_path", "is_custody"])
        archive.carers.filter(until__isnull=True).update(until=clock.now())
        _name_receiver(actor, transfer, archive)
    return _decide(actor, transfer, TransferState.ACCEPTED)


def _name_receiver(actor: Actor, transfer: Transfer, archive: Archive) -> None:
    """Whoever asked, or accepted, at the receiving unit is helping from now on."""
    staff_id = transfer.proposed_by_id if transfer.is_asked_for else actor.staff_id
    postings = network.postings_of(staff_id=staff_id or 0, on=clock.today())
    mine = next((one for one in postings if one.unit_id == transfer.to_unit_id), None)
    if mine is not None:
        Carer.objects.create(archive=archive, posting=mine, since=clock.now())
        write_entry(archive, EntryKind.CARER_ADDED, actor=actor, name=mine.staff.name)


@transaction.atomic
@command("archives:transfer:declined")
def decline_transfer(*, actor: Actor, transfer_uid: str) -> Transfer:
    """The other side does not agree; nothing moves."""
    transfer = _decidable(actor, transfer_uid)
    with unit_of_work(HOUSE):
        archive = house_archive(Archive.objects.get(id=transfer.archive_id).uid)
        write_entry(
            archive,
            EntryKind.TRANSFER_DECLINED,
            actor=actor,
            before=transfer.from_unit.name,
            after=transfer.to_unit.name,
        )
    return _decide(actor, transfer, TransferState.DECLINED)


def may_decide(actor: Actor, transfer: Transfer) -> bool:
    """Only the side that was asked: the keeping unit, or the one an archive was offered to."""
    path = transfer.from_path if transfer.is_asked_for else transfer.to_path
    return actor.may(Permission.ASSIGN, at=path) or actor.may(Permission.WRITE, at=path)


def _decidable(actor: Actor, uid: str) -> Transfer:
    staff_id_of(actor)
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("from_unit", "to_unit")
    transfer = rows.filter(uid=uid).first()
    if transfer is None or not can_see_transfer(actor, transfer):
        raise ArchiveNotFound
    if not may_decide(actor, transfer) or transfer.proposed_by_id == actor.staff_id:
        raise NotPermitted
    if transfer.state != TransferState.PROPOSED:
        raise MoveNotAllowed
    return transfer


def _decide(actor: Actor, transfer: Transfer, state: TransferState) -> Transfer:
    transfer.state = state.value
    transfer.decided_by_id = actor.staff_id
    transfer.decided_at = clock.now()
    transfer.save(update_fields=["state", "decided_by", "decided_at"])
    return transfer
