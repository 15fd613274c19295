"""Reading people."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from anxin.domains.network.contracts import HostType
from anxin.domains.residents.contracts import ConsentMissing, Permission
from anxin.domains.residents.models import ActWithoutConsent, Consent, Resident
from anxin.domains.residents.policies import can_view_resident, visible_residents
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted

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
    """Everybody the actor may meet, for lists: people of a custody station only from that station itself (R-055)."""
    met = visible_residents(actor, Resident.objects.order_by("-id"))
    if not actor.is_staff:
        return met
    own = actor.paths_with(Permission.VIEW)
    return met.exclude(~Q(scope_path__in=own), home_unit__host_type=HostType.CUSTODY)


def has_consent(*, resident_id: int, purpose: str, text_version: str = "", actor: Actor = _HOUSE) -> bool:
    """Whether a consent stands: in ``text_version``, or in any when none is named."""
    standing = Consent.objects.filter(resident_id=resident_id, purpose=purpose, withdrawn_at__isnull=True)
    if text_version:
        standing = standing.filter(text_version=text_version)
    return standing.exists()


def consent_in_force(*, actor: Actor, resident_id: int, purpose: str, recipient: str = "") -> bool:
    """Whether ``purpose`` may be served now. Ask inside the transaction of the use: until it ends, a withdrawal waits.

    For the house and the person; which is why it says nothing about a person to anybody else.
    """
    if not (actor.is_system or actor.resident_id == resident_id):
        raise NotPermitted
    standing = Consent.objects.select_for_update(of=("self",), no_key=True).filter(
        resident_id=resident_id, purpose=purpose, recipient=recipient, withdrawn_at__isnull=True
    )
    return standing.first() is not None


def demand_consent(*, actor: Actor, resident_id: int, purpose: str, recipient: str = "") -> None:
    """Raise ``ConsentMissing`` unless ``consent_in_force``."""
    if not consent_in_force(actor=actor, resident_id=resident_id, purpose=purpose, recipient=recipient):
        raise ConsentMissing


def acts_without_consent(*, actor: Actor, resident_uid: str) -> list[ActWithoutConsent]:
    """What was done about one person without asking them, newest first."""
    resident = access_resident(actor=actor, uid=resident_uid)
    acts = ActWithoutConsent.objects.filter(resident=resident).select_related("resident")
    return list(acts.order_by("-acted_at", "-id"))


def consents_of(*, actor: Actor, resident_uid: str) -> list[Consent]:
    """The whole ledger of one person, newest first, taken back or not."""
    resident = access_resident(actor=actor, uid=resident_uid)
    return list(resident.consents.select_related("resident").order_by("-given_at", "-id"))


def phone_of(*, actor: Actor, resident_id: int) -> str:
    """The number a message goes to, for the house alone; people meet it with the person, where the look is recorded."""
    found = Resident.objects.filter(id=resident_id).first() if actor.is_system else None
    return found.phone if found is not None else ""
