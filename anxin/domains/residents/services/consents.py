"""The consent ledger. A withdrawal is dated, not deleted, and it is in force from the moment it commits."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from anxin.domains.residents.contracts import (
    ActReasonMissing,
    ChildAssentNeeded,
    ConsentText,
    ConsentTextUnknown,
    GivenBy,
    GuardianConsentNeeded,
    LegalBasis,
    Permission,
    Purpose,
    RecipientWrong,
)
from anxin.domains.residents.library import consent_text, rules_of_consent
from anxin.domains.residents.models import ActWithoutConsent, Consent, Resident
from anxin.domains.residents.policies import can_write_for
from anxin.domains.residents.rules.people import age_on, needs_guardian
from anxin.domains.residents.selectors import access_resident
from anxin.domains.residents.services.guardians import demand_guardian
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted


def give_consent(
    *,
    actor: Actor,
    resident_id: int,
    purpose: Purpose | str,
    text_version: str,
    guardian_token: str = "",
    recipient: str = "",
) -> Consent:
    """Agree to one purpose in the version that was read. Agreeing twice is agreeing once.

    Below 14 with a guardian's token: the child who presses the button is the assent beside it.
    """
    resident = _own(actor, resident_id)
    text = _read(purpose, text_version, recipient)
    given_by, assent = GivenBy.SELF, None
    if needs_guardian(resident.born_on, clock.today()) and not text.needed_in_crisis:
        demand_guardian(guardian_token, resident.phone_index or "")
        given_by, assent = GivenBy.GUARDIAN, actor.resident_id == resident.id or None
    return _keep(resident, text, recipient, given_by=given_by.value, child_assented=assent)


def record_paper_consent(
    *,
    actor: Actor,
    resident_uid: str,
    purpose: Purpose | str,
    text_version: str,
    signed_on: date,
    given_by: GivenBy = GivenBy.SELF,
    child_assents: bool | None = None,
    recipient: str = "",
) -> Consent:
    """Write down what somebody signed on paper, at the place of the person. Raises for a child without a guardian."""
    resident = access_resident(actor=actor, uid=resident_uid)
    if not actor.may(Permission.REGISTER, at=resident.scope_path):
        raise NotPermitted
    text = _read(purpose, text_version, recipient)
    today = clock.today()
    if signed_on > today:
        raise ConsentTextUnknown(field="signed_on")
    by_guardian = given_by is GivenBy.GUARDIAN
    if needs_guardian(resident.born_on, today) and not text.needed_in_crisis and not by_guardian:
        raise GuardianConsentNeeded(field="given_by")
    if by_guardian and _is_asked_too(resident, today) and not child_assents:
        raise ChildAssentNeeded(field="child_assents")
    return _keep(
        resident,
        text,
        recipient,
        given_by=given_by.value,
        child_assented=child_assents if by_guardian else None,
        signed_on=signed_on,
        recorded_by=actor.label,
    )


def withdraw_consent(
    *,
    actor: Actor,
    resident_id: int,
    purpose: Purpose | str,
    recipient: str | None = None,
    withdrawn_by: GivenBy = GivenBy.SELF,
) -> list[Consent]:
    """Take back every standing agreement to ``purpose`` (for one recipient, when named); what was taken back.

    It waits for whoever is using the agreement in this moment, and nobody uses it afterwards.
    """
    resident = _own(actor, resident_id)
    standing = Consent.objects.select_for_update().filter(
        resident=resident, purpose=str(purpose), withdrawn_at__isnull=True
    )
    if recipient is not None:
        standing = standing.filter(recipient=recipient)
    taken = list(standing)
    for consent in taken:
        _date(consent, withdrawn_by)
    return taken


def act_without_consent(
    *,
    actor: Actor,
    resident_uid: str,
    basis: LegalBasis | str,
    purpose: Purpose | str,
    reason: str,
    recipient: str = "",
) -> ActWithoutConsent:
    """Write down that personal data was used without asking, on what basis and why. Whoever may see the person may."""
    resident = access_resident(actor=actor, uid=resident_uid)
    if not (actor.is_system or actor.is_staff):
        raise NotPermitted
    if not reason.strip():
        raise ActReasonMissing(field="reason")
    ground, moment = LegalBasis(basis), clock.now()
    hours = timedelta(hours=rules_of_consent()["tell_within_hours"])
    return ActWithoutConsent.objects.create(
        resident=resident,
        basis=ground.value,
        purpose=str(purpose),
        recipient=recipient.strip(),
        reason=reason.strip(),
        acted_at=moment,
        acted_by=actor.label,
        tell_by=None if ground.is_protective else moment + hours,
    )


def mark_told(*, actor: Actor, act_uid: str) -> ActWithoutConsent:
    """The person was told of an act without consent. Marking twice keeps the first time. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    act = ActWithoutConsent.objects.select_for_update(of=("self",)).filter(uid=act_uid).first()
    if act is None:
        raise NotFound
    if act.told_at is None:
        act.told_at = clock.now()
        act.save(update_fields=["told_at"])
    return act


def _read(purpose: Purpose | str, text_version: str, recipient: str) -> ConsentText:
    text = consent_text(purpose=purpose)
    if text.version != text_version:
        raise ConsentTextUnknown
    if text.names_recipient != bool(recipient.strip()):
        raise RecipientWrong(field="recipient")
    return text


def _is_asked_too(resident: Resident, today: date) -> bool:
    return (
        resident.born_on is None or age_on(resident.born_on, today) >= rules_of_consent()["assent_from_age"]
    )


def _keep(resident: Resident, text: ConsentText, recipient: str, **facts: Any) -> Consent:
    key: dict[str, Any] = {
        "resident": resident,
        "purpose": text.purpose.value,
        "recipient": recipient.strip(),
        "withdrawn_at": None,
    }
    with transaction.atomic():
        standing = Consent.objects.select_for_update().filter(**key).first()
        if standing is not None:
            if standing.text_version == text.version:
                return standing
            _date(standing, GivenBy.NEWER_TEXT)
        try:
            with transaction.atomic():
                return Consent.objects.create(
                    **key,
                    **facts,
                    data_kinds=list(text.data_kinds),
                    text_version=text.version,
                    given_at=clock.now(),
                )
        except IntegrityError:
            return Consent.objects.get(**key)  # a rival was faster: then theirs counts


def _date(consent: Consent, by: GivenBy) -> None:
    consent.withdrawn_at, consent.withdrawn_by = clock.now(), by.value
    consent.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _own(actor: Actor, resident_id: int) -> Resident:
    if not can_write_for(actor, resident_id):
        raise NotPermitted
    return Resident.objects.get(id=resident_id)
