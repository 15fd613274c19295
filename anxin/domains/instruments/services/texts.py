"""Licensed texts (BYOT): recorded with their permission, looked at by another, in force until the permission ends."""

import re

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.instruments.contracts import (
    BoundText,
    LicenceExpired,
    LicenceMissing,
    LicenceRecord,
    Mode,
    NotKeyOnly,
    OwnWork,
    Permission,
    TextIncomplete,
    TextSettled,
    TextStands,
    TextState,
)
from anxin.domains.instruments.models import TextBinding
from anxin.domains.instruments.rules import bound_text
from anxin.domains.instruments.selectors import shelf
from anxin.domains.instruments.services.writing import locked_text, require, required_reason
from anxin.kernel import clock
from anxin.kernel.actor import Actor

S, P = TextState, Permission
_SHA256 = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
@command("instruments:text:recorded")
def record_text(
    *, actor: Actor, instrument: str, language: str, text: BoundText, licence: LicenceRecord
) -> TextBinding:
    """Keep a text with its permission. Nobody is shown it yet. The record may still lack its number.

    Raises ``UnknownInstrument``, ``NotKeyOnly``, ``TextIncomplete``.
    """
    staff_id = require(actor, P.EDIT)
    form = shelf.find(instrument)
    if form.mode is not Mode.KEY_ONLY:
        raise NotKeyOnly
    faults = bound_text.text_faults(form, text)
    if faults:
        raise TextIncomplete(faults)
    binding = TextBinding(
        instrument=form.id,
        language=language,
        form_hash=bound_text.form_hash(form),
        text=bound_text.plain(text),
        text_sha256=bound_text.sha256(text),
        holder=licence.holder.strip(),
        permission_number=licence.number.strip(),
        permission_scope=licence.scope.strip(),
        expires_on=licence.expires_on,
        evidence_name=licence.evidence_name.strip(),
        evidence_sha256=licence.evidence_sha256.strip().lower(),
        recorded_by_id=staff_id,
        recorded_at=clock.now(),
    )
    binding.save(force_insert=True)
    return binding


@transaction.atomic
@command("instruments:text:activated")
def activate_text(*, actor: Actor, uid: str) -> TextBinding:
    """A second person has compared text and permission with the papers: from now on colleagues are shown it.

    Raises ``OwnWork``, ``LicenceMissing``, ``LicenceExpired``, ``TextStands``.
    """
    binding, staff_id = locked_text(actor, uid, P.REVIEW)
    if binding.state != S.RECORDED:
        raise TextSettled
    if binding.recorded_by_id == staff_id:
        raise OwnWork
    record = (binding.holder, binding.permission_number, binding.permission_scope)
    if not all(record) or binding.expires_on is None or not _SHA256.fullmatch(binding.evidence_sha256):
        raise LicenceMissing
    if binding.expires_on < clock.today():
        raise LicenceExpired
    _require_place(binding)
    binding.state, binding.reviewed_by_id, binding.reviewed_at = S.ACTIVE, staff_id, clock.now()
    binding.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    return binding


@transaction.atomic
@command("instruments:text:ended")
def end_text(*, actor: Actor, uid: str, reason: str) -> TextBinding:
    """Not shown from now on, or never. The record stays."""
    binding, staff_id = locked_text(actor, uid, P.REVIEW)
    if binding.state == S.ENDED:
        raise TextSettled
    note = required_reason(reason)
    _end(binding, staff_id, note)
    return binding


def _require_place(binding: TextBinding) -> None:
    """Free, or held by a text whose permission has run out: that one is ended now."""
    held = TextBinding.objects.select_for_update(no_key=True).filter(
        instrument=binding.instrument, language=binding.language, state=S.ACTIVE
    )
    for one in held:
        if one.expires_on is None or one.expires_on >= clock.today():
            raise TextStands
        _end(one, None, "")


def _end(binding: TextBinding, staff_id: int | None, reason: str) -> None:
    binding.state, binding.ended_by_id, binding.ended_at, binding.end_reason = (
        S.ENDED,
        staff_id,
        clock.now(),
        reason,
    )
    binding.save(update_fields=["state", "ended_by", "ended_at", "end_reason"])
