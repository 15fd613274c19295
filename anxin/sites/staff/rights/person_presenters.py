"""A person's agreements in plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import ConsentTextUnknown, LegalBasis
from anxin.domains.residents.contracts import Permission as ResidentsPermission
from anxin.domains.rights.contracts import Permission
from anxin.kernel import clock, masking
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound
from anxin.sites.staff.rights.words import BASES, GIVERS
from anxin.sites.staff.words import Words

if TYPE_CHECKING:
    from anxin.domains.residents.models import ActWithoutConsent, Consent, Resident


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One agreement."""

    title: str
    recipient: str
    given_at: datetime
    given_by: Words
    recorded_by: str
    withdrawn_at: datetime | None
    withdrawn_by: Words


@dataclass(frozen=True, slots=True)
class ActRow:
    """Something done without one."""

    basis: Words
    recipient: str
    reason: str
    at: datetime
    by: str
    told_at: datetime | None
    is_protective: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """The page."""

    uid: str
    number: str
    name: str
    age: int | None
    consents: list[ConsentRow]
    acts: list[ActRow]
    may_register: bool
    may_protect: bool


def met(actor: Actor, uid: str) -> "Resident":
    """The person as the actor meets them in lists: of a custody station only from there. Raises ``NotFound``."""
    found = residents.residents_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def person_page(actor: Actor, uid: str) -> PersonPage:
    """The whole ledger; the look is recorded, and the person sees it."""
    person = met(actor, uid)
    may_protect = actor.may(Permission.PROTECT, at=person.scope_path)
    return PersonPage(
        uid=person.uid,
        number=person.number,
        name=masking.mask_name(person.name) or _("no name"),
        age=residents.age_on(person.born_on, clock.today()) if person.born_on else None,
        consents=[_consent(one) for one in residents.consents_of(actor=actor, resident_uid=uid)],
        acts=[_act(one) for one in residents.acts_without_consent(actor=actor, resident_uid=uid)]
        if may_protect
        else [],
        may_register=actor.may(ResidentsPermission.REGISTER, at=person.scope_path),
        may_protect=may_protect,
    )


def _consent(one: "Consent") -> ConsentRow:
    try:
        title = residents.consent_text(purpose=one.purpose, language=get_language() or "zh").title
    except ConsentTextUnknown:
        title = one.purpose
    return ConsentRow(
        title=title,
        recipient=one.recipient,
        given_at=one.given_at,
        given_by=GIVERS.get(one.given_by, one.given_by),
        recorded_by=one.recorded_by,
        withdrawn_at=one.withdrawn_at,
        withdrawn_by=GIVERS.get(one.withdrawn_by, one.withdrawn_by),
    )


def _act(one: "ActWithoutConsent") -> ActRow:
    basis = LegalBasis(one.basis)
    return ActRow(
        basis=BASES[basis],
        recipient=one.recipient,
        reason=one.reason,
        at=one.acted_at,
        by=one.acted_by,
        told_at=one.told_at,
        is_protective=basis.is_protective,
    )
