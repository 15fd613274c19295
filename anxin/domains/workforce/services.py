"""Recording, confirming and suspending credentials."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from anxin.domains.audit.api import command
from anxin.domains.network.contracts import PeriodNotPossible
from anxin.domains.workforce.contracts import (
    CredentialAlreadyRecorded,
    CredentialDraft,
    CredentialKind,
    OwnCredential,
    SubjectMissing,
)
from anxin.domains.workforce.models import Credential
from anxin.domains.workforce.policies import can_manage_credentials
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


def _require(actor: Actor, staff_id: int) -> None:
    if not can_manage_credentials(actor, staff_id):
        raise NotPermitted


def _check_draft(actor: Actor, draft: CredentialDraft) -> None:
    _require(actor, draft.staff_id)
    if draft.valid_until is not None and draft.valid_until < draft.valid_from:
        raise PeriodNotPossible(field="valid_until")
    if (draft.kind is CredentialKind.INSTRUMENT_TRAINING) != bool(draft.subject):
        raise SubjectMissing(field="subject")
    if draft.verified_on is not None and actor.staff_id == draft.staff_id:
        raise OwnCredential


def _record(actor: Actor, drafts: Sequence[CredentialDraft]) -> list[Credential]:
    for draft in drafts:
        _check_draft(actor, draft)
    rows = [
        Credential(
            staff_id=draft.staff_id,
            kind=draft.kind.value,
            subject=draft.subject,
            number=draft.number,
            verified_on=draft.verified_on,
            valid_from=draft.valid_from,
            valid_until=draft.valid_until,
        )
        for draft in drafts
    ]
    try:
        with transaction.atomic():
            return Credential.objects.bulk_create(rows, batch_size=2000)
    except IntegrityError as error:
        raise CredentialAlreadyRecorded(field="kind") from error


@transaction.atomic
@command("workforce:credential:recorded")
def record_credential(*, actor: Actor, draft: CredentialDraft) -> Credential:
    """Enter a credential. It counts from the day it is verified: the original was seen by somebody else.

    Raises ``PeriodNotPossible``, ``SubjectMissing``, ``OwnCredential``, ``CredentialAlreadyRecorded``.
    """
    return _record(actor, [draft])[0]


@transaction.atomic
@command("workforce:credential:recorded")
def record_credentials(*, actor: Actor, drafts: Sequence[CredentialDraft]) -> list[Credential]:
    """Enter many, for imports and the demo city. One refusal refuses all."""
    return _record(actor, drafts)


def _locked(actor: Actor, credential: Credential) -> Credential:
    found = Credential.objects.select_for_update().get(id=credential.id)
    _require(actor, found.staff_id)
    return found


@transaction.atomic
@command("workforce:credential:verified")
def verify_credential(*, actor: Actor, credential: Credential) -> Credential:
    """The original was seen today. Raises ``OwnCredential``."""
    found = _locked(actor, credential)
    if actor.staff_id == found.staff_id:
        raise OwnCredential
    found.verified_on = found.verified_on or clock.today()
    found.save(update_fields=["verified_on"])
    return found


@transaction.atomic
@command("workforce:credential:suspended")
def suspend_credential(*, actor: Actor, credential: Credential, reason: str) -> Credential:
    """It counts no longer, from today on; ``reason`` goes into the trail."""
    found = _locked(actor, credential)
    found.suspended_on = found.suspended_on or clock.today()
    found.save(update_fields=["suspended_on"])
    return found
