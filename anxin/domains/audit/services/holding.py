"""Legal hold: what is kept about a person stays, for a court or an inquiry, whatever the times of keeping say."""

from django.db import transaction

from anxin.domains.audit.contracts import AlreadyHeld, HoldReasonMissing, NotHeld, Subject
from anxin.domains.audit.models import LegalHold
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


@transaction.atomic
def hold(*, actor: Actor, person: Subject, ground: str) -> LegalHold:
    """From now on nothing about this person is destroyed. Raises ``AlreadyHeld``, ``HoldReasonMissing``."""
    _demand(actor, ground)
    if LegalHold.objects.filter(person_uid=person.person_uid, lifted_at__isnull=True).exists():
        raise AlreadyHeld
    return LegalHold.objects.create(
        person_uid=person.person_uid,
        node_path=person.node_path,
        reason=ground.strip(),
        set_by=actor.label,
        set_by_uid=actor.uid,
        set_at=clock.now(),
    )


@transaction.atomic
def lift_hold(*, actor: Actor, person_uid: str, ground: str) -> LegalHold:
    """The times of keeping count again. Raises ``NotHeld``, ``HoldReasonMissing``."""
    _demand(actor, ground)
    found = LegalHold.objects.select_for_update().filter(person_uid=person_uid, lifted_at=None).first()
    if found is None:
        raise NotHeld
    found.lifted_at, found.lifted_by, found.lift_reason = clock.now(), actor.label, ground.strip()
    found.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    return found


def _demand(actor: Actor, ground: str) -> None:
    if not actor.is_system:
        raise NotPermitted
    if not ground.strip():
        raise HoldReasonMissing
