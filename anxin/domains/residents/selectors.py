"""Reading people."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from anxin.domains.residents.models import Consent, Resident
from anxin.domains.residents.policies import can_view_resident, visible_residents
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account

_HOUSE = Actor.system("residents")


def resident_of(*, account: "Account", actor: Actor = _HOUSE) -> Resident | None:
    """The archive behind an account, for the entrance and other parts of the house."""
    found = Resident.objects.filter(account_id=account.id).first()
    return found if found is not None and can_view_resident(actor, found) else None


def access_resident(*, actor: Actor, uid: str) -> Resident:
    """One person, after checking the right. Raises ``NotFound`` for others' people as for nobody."""
    found = Resident.objects.select_related("home_unit").filter(uid=uid).first()
    if found is None or not can_view_resident(actor, found):
        raise NotFound
    return found


def residents_queryset(*, actor: Actor) -> QuerySet[Resident]:
    """Everybody the actor may meet."""
    return visible_residents(actor, Resident.objects.order_by("-id"))


def has_consent(*, resident_id: int, purpose: str, text_version: str = "", actor: Actor = _HOUSE) -> bool:
    """Whether a consent stands: in ``text_version``, or in any when none is named."""
    standing = Consent.objects.filter(resident_id=resident_id, purpose=purpose, withdrawn_at__isnull=True)
    if text_version:
        standing = standing.filter(text_version=text_version)
    return standing.exists()


def consents_of(*, actor: Actor, resident_uid: str) -> list[Consent]:
    """The whole ledger of one person, newest first, taken back or not."""
    resident = access_resident(actor=actor, uid=resident_uid)
    return list(resident.consents.select_related("resident").order_by("-given_at", "-id"))


def phone_of(*, actor: Actor, resident_id: int) -> str:
    """The number a message goes to, for the house alone; people meet it with the person, where the look is recorded."""
    found = Resident.objects.filter(id=resident_id).first() if actor.is_system else None
    return found.phone if found is not None else ""
