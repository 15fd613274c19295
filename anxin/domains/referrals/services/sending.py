"""The sending side: drafting, consent, sending, asking somebody else, taking back, ending."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from anxin.domains.audit.api import command
from anxin.domains.deadlines import api as deadlines
from anxin.domains.referrals.contracts import (
    Act,
    ChainStillOpen,
    ConsentNeeded,
    ConsentScope,
    DestinationUnfit,
    Draw,
    EntryKind,
    Evidence,
    LegalBasis,
    NobodyReceives,
    NoEmergency,
    Permission,
    ReferralDraft,
    ReferralIncomplete,
    ReferralNotFound,
    State,
    Urgency,
)
from anxin.domains.referrals.models import Referral, ReferralEvidence
from anxin.domains.referrals.rules.direction import check_tier, direction_of
from anxin.domains.referrals.selectors import find_referral
from anxin.domains.referrals.services.writing import (
    locked,
    move,
    next_number,
    order_for,
    require_reason,
    require_words,
    staff_id_of,
    step_now,
    write_entry,
)
from anxin.domains.risk.contracts import HIGH
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.ids import new_uid

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case
    from anxin.domains.network.models import Posting, Unit
    from anxin.domains.risk.models import Warning

_MINIMUM = ("basis", "reason", "measures")


def _check(draft: ReferralDraft, sender: "Posting", to_unit: "Unit") -> None:
    for name in _MINIMUM:
        require_words(getattr(draft, name), ReferralIncomplete, name)
    if not (draft.contact.name.strip() or draft.contact.phone.strip()):
        raise ReferralIncomplete(field="contact_name")
    if to_unit.id == sender.unit_id:
        raise DestinationUnfit(field="to_unit")
    if draft.legal_basis is LegalBasis.EMERGENCY and (
        draft.urgency is not Urgency.EMERGENCY or draft.level < HIGH
    ):
        raise NoEmergency(field="legal_basis")


@transaction.atomic
@command("referrals:referral:drafted")
def draft_referral(
    *,
    actor: Actor,
    sender: "Posting",
    to_unit: "Unit",
    draft: ReferralDraft,
    subject: "Case | Warning",
    receivers: frozenset[int],
    draw: Draw,
) -> Referral:
    """A referral about the person of ``subject``, shown to nobody else yet.

    ``receivers`` are the postings at ``to_unit`` that could answer it. Raises ``NobodyReceives`` without one,
    ``TierTooLow``, ``StepSkipped``, ``NoEmergency``, ``ReferralIncomplete``, ``ChainStillOpen``.
    """
    staff_id_of(actor)
    if sender.id not in actor.posting_ids or not actor.may(Permission.SEND, at=sender.unit.path):
        raise NotPermitted
    _check(draft, sender, to_unit)
    direction = direction_of(draft.ranks, (draft.own_tier, draft.tier))
    check_tier(direction, own=draft.own_tier, asked=draft.tier, level=draft.level)
    if not receivers:
        raise NobodyReceives(field="to_unit")
    previous = find_referral(actor=actor, uid=draft.previous_uid) if draft.previous_uid else None
    if previous is not None and previous.resident_id != subject.resident_id:
        raise ReferralNotFound
    uid = new_uid()
    is_case = subject._meta.label == "cases.Case"
    referral = Referral(
        uid=uid,
        number=next_number(),
        chain_uid=previous.chain_uid if previous else uid,
        previous=previous,
        case_id=subject.id if is_case else None,
        warning_id=None if is_case else subject.id,
        resident_id=subject.resident_id,
        person_uid=subject.resident.uid if subject.resident is not None else "",
        from_unit=sender.unit,
        from_path=sender.unit.path,
        sender=sender,
        to_unit=to_unit,
        direction=direction.value,
        urgency=draft.urgency.value,
        own_tier=draft.own_tier,
        tier=draft.tier,
        level=draft.level,
        basis=draft.basis.strip(),
        reason=draft.reason.strip(),
        measures=draft.measures.strip(),
        key_scores=draft.scores.strip(),
        contact_name=draft.contact.name.strip(),
        contact_phone=draft.contact.phone.strip(),
        contact_hours=draft.contact.hours.strip(),
        contact_guardian=draft.contact.guardian.strip(),
        legal_basis=draft.legal_basis.value,
        written_at=clock.now(),
    )
    order = order_for(referral, step_now(referral, State.DRAFTED), draw)
    referral.deadline = deadlines.start(actor=actor, order=order)
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name == "referral_one_open_in_chain":
            raise ChainStillOpen from error
        raise
    for item in draft.evidence:
        ReferralEvidence.objects.create(
            referral=referral,
            resident_id=referral.resident_id,
            from_path=referral.from_path,
            kind=item.kind.value,
            title=item.title,
            body=item.body,
            taken_at=clock.now(),
        )
    write_entry(referral, EntryKind.ACT, actor=actor, to=to_unit.name, written=True)
    return referral


@transaction.atomic
@command("referrals:consent:recorded")
def record_consent(
    *, actor: Actor, uid: str, scope: ConsentScope, draw: Draw, seen_version: int | None = None
) -> Referral:
    """What the person agreed to. Evidence they did not agree to does not travel, and is deleted here."""
    referral, target = locked(actor, uid, Act.RECORD_CONSENT, seen_version)
    how = require_words(scope.how, ReferralIncomplete, "how")
    ReferralEvidence.objects.filter(referral=referral).exclude(kind__in=scope.evidence).delete()
    return move(
        referral,
        target,
        Act.RECORD_CONSENT,
        actor=actor,
        draw=draw,
        note=how,
        params={"evidence": sorted(scope.evidence)},
        legal_basis=LegalBasis.CONSENT.value,
        consent_at=clock.now(),
        consent_how=how,
        consent_evidence=[one.value for one in Evidence if one in scope.evidence],
        allows_onward=scope.allows_onward,
        allows_diagnosis=scope.allows_diagnosis,
    )


@transaction.atomic
@command("referrals:referral:sent")
def send(
    *, actor: Actor, uid: str, receivers: frozenset[int], draw: Draw, seen_version: int | None = None
) -> Referral:
    """To the other side. Raises ``ConsentNeeded`` without consent, unless it is an emergency at L3 or L4."""
    referral, target = locked(actor, uid, Act.SEND, seen_version)
    if referral.consent_at is None and (
        referral.legal_basis != LegalBasis.EMERGENCY or referral.level < HIGH
    ):
        raise ConsentNeeded
    if not receivers:
        raise NobodyReceives
    return move(
        referral,
        target,
        Act.SEND,
        actor=actor,
        draw=draw,
        params={"to": referral.to_unit.name},
        to_path=referral.to_unit.path,
        sent_at=clock.now(),
    )


@transaction.atomic
@command("referrals:referral:sent_on")
def send_on(
    *,
    actor: Actor,
    uid: str,
    to_unit: "Unit",
    receivers: frozenset[int],
    draw: Draw,
    reason: str,
    seen_version: int | None = None,
) -> Referral:
    """Ask somebody else: after a no, a redirection, or when nobody answers. The chain and everything in it stay."""
    referral, target = locked(actor, uid, Act.SEND_ON, seen_version)
    reason = require_reason(reason)
    if to_unit.id in (referral.from_unit_id, referral.to_unit_id):
        raise DestinationUnfit(field="to_unit")
    if not receivers:
        raise NobodyReceives(field="to_unit")
    if referral.legal_basis == LegalBasis.CONSENT and not referral.allows_onward:
        raise ConsentNeeded
    return move(
        referral,
        target,
        Act.SEND_ON,
        actor=actor,
        draw=draw,
        note=reason,
        params={"from": referral.to_unit.name, "to": to_unit.name},
        to_unit=to_unit,
        to_path=to_unit.path,
        proposed_unit=None,
        received_at=None,
        timed_out_at=None,
    )


@transaction.atomic
@command("referrals:consent:widened")
def widen_consent(*, actor: Actor, uid: str, how: str, seen_version: int | None = None) -> Referral:
    """The person agrees that another unit is asked. The clock of the sender runs on meanwhile."""
    referral, _ = locked(actor, uid, Act.SEND_ON, seen_version)
    how = require_words(how, ReferralIncomplete, "how")
    write_entry(referral, EntryKind.ACT, actor=actor, act=Act.RECORD_CONSENT, note=how, onward=True)
    referral.allows_onward, referral.row_version = True, referral.row_version + 1
    referral.save(update_fields=["allows_onward", "row_version"])
    return referral


@transaction.atomic
@command("referrals:referral:taken_back")
def take_back(
    *, actor: Actor, uid: str, draw: Draw, note: str = "", seen_version: int | None = None
) -> Referral:
    """The station takes the person back; the first follow-up is owed within 14 days."""
    referral, target = locked(actor, uid, Act.TAKE_BACK, seen_version)
    return move(
        referral,
        target,
        Act.TAKE_BACK,
        actor=actor,
        draw=draw,
        note=note.strip(),
        taken_back_at=clock.now(),
    )


@transaction.atomic
@command("referrals:referral:followed_up")
def follow_up(*, actor: Actor, uid: str, note: str, draw: Draw, seen_version: int | None = None) -> Referral:
    """The first follow-up after the return is done; with it the referral ends."""
    referral, target = locked(actor, uid, Act.FOLLOW_UP, seen_version)
    note = require_words(note, ReferralIncomplete, "note")
    return move(referral, target, Act.FOLLOW_UP, actor=actor, draw=draw, note=note)


@transaction.atomic
@command("referrals:referral:closed")
def close(*, actor: Actor, uid: str, draw: Draw, note: str = "", seen_version: int | None = None) -> Referral:
    """The sender has read the feedback, and the person stays where they are."""
    referral, target = locked(actor, uid, Act.CLOSE, seen_version)
    return move(referral, target, Act.CLOSE, actor=actor, draw=draw, note=note.strip())


@transaction.atomic
@command("referrals:referral:withdrawn")
def withdraw(*, actor: Actor, uid: str, reason: str, draw: Draw, seen_version: int | None = None) -> Referral:
    """It is not needed, or cannot be. Not once the other side has accepted: then only feedback ends it."""
    referral, target = locked(actor, uid, Act.WITHDRAW, seen_version)
    reason = require_reason(reason)
    return move(referral, target, Act.WITHDRAW, actor=actor, draw=draw, note=reason, to_path="")
