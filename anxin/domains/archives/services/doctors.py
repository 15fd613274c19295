"""Family doctors' contracts: written down, asked under, and guidance that goes back to the team (R-042)."""

from django.db import IntegrityError, transaction

from anxin.domains.archives.contracts import (
    ArchiveNotFound,
    ContractDraft,
    ContractNotInForce,
    ContractOverlaps,
    EntryKind,
)
from anxin.domains.archives.models import DoctorContract, DoctorRequest
from anxin.domains.archives.rules.doctors import in_force
from anxin.domains.archives.services.writing import locked, require_words, staff_id_of, write_entry
from anxin.domains.audit.api import command
from anxin.domains.network import api as network
from anxin.domains.network.contracts import PeriodNotPossible
from anxin.kernel import clock
from anxin.kernel.actor import Actor


@transaction.atomic
@command("archives:contract:noted")
def note_contract(*, actor: Actor, archive_uid: str, draft: ContractDraft) -> DoctorContract:
    """A family doctors' team looks after the person for a term. Raises ``ContractOverlaps``."""
    archive = locked(actor, archive_uid)
    if draft.ends_on < draft.starts_on:
        raise PeriodNotPossible(field="ends_on")
    unit = network.unit_by_uid(uid=draft.unit_uid)
    others = DoctorContract.objects.filter(
        resident_id=archive.resident_id, starts_on__lte=draft.ends_on, ends_on__gte=draft.starts_on
    )
    # The archive is locked, so two of one person are written one after the other.
    if others.exists():
        raise ContractOverlaps(field="starts_on")
    contract = DoctorContract(
        number=require_words(draft.number, field="number"),
        resident_id=archive.resident_id,
        scope_path=archive.scope_path,
        unit=unit,
        team_path=unit.path,
        team=require_words(draft.team, field="team"),
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        noted_at=clock.now(),
    )
    try:
        with transaction.atomic():
            contract.save(force_insert=True)
    except IntegrityError:
        raise ContractOverlaps(field="number") from None
    write_entry(archive, EntryKind.CONTRACT_ADDED, actor=actor, team=contract.team, unit=unit.name)
    return contract


@transaction.atomic
@command("archives:assessment:asked")
def ask_under_contract(
    *, actor: Actor, archive_uid: str, contract_uid: str, instrument: str, sitting_id: int | None
) -> DoctorRequest:
    """An assessment is done because the team asked for it. Raises ``ContractNotInForce``."""
    archive = locked(actor, archive_uid)
    contract = DoctorContract.objects.filter(uid=contract_uid, resident_id=archive.resident_id).first()
    if contract is None:
        raise ArchiveNotFound
    if not in_force(clock.today(), starts_on=contract.starts_on, ends_on=contract.ends_on):
        raise ContractNotInForce
    request = DoctorRequest.objects.create(
        contract=contract,
        instrument=instrument,
        sitting_id=sitting_id,
        asked_by_id=staff_id_of(actor),
        asked_at=clock.now(),
    )
    write_entry(archive, EntryKind.DOCTOR_ASKED, actor=actor, team=contract.team, instrument=instrument)
    return request


@transaction.atomic
@command("archives:guidance:returned")
def return_guidance(*, actor: Actor, archive_uid: str, request_uid: str, guidance: str) -> DoctorRequest:
    """Advice in words goes back to the team; answers and scores stay here. Said once: a correction is a new request."""
    archive = locked(actor, archive_uid)
    rows = DoctorRequest.objects.select_for_update(of=("self",)).select_related("contract")
    request = rows.filter(
        uid=request_uid, contract__resident_id=archive.resident_id, returned_at__isnull=True
    ).first()
    if request is None:
        raise ArchiveNotFound
    request.guidance = require_words(guidance, field="guidance")
    request.returned_by_id, request.returned_at = staff_id_of(actor), clock.now()
    request.save(update_fields=["guidance", "returned_by", "returned_at"])
    write_entry(archive, EntryKind.GUIDANCE_RETURNED, actor=actor, team=request.contract.team)
    return request
