"""Something is done about a person without asking them: a life is in danger, or the law demands a report.

Written down with its basis and reason in the same transaction as what follows from it. When a life was in danger the
person is told soon afterwards (PIPL 18). What protects a child from their own is told to nobody: it waits for the
privacy officer.
"""

from typing import TYPE_CHECKING

from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import Channel
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import LegalBasis, Purpose
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Permission
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.residents.models import ActWithoutConsent

SYSTEM = Actor.system("legal basis")


def act_without_consent(
    *,
    actor: Actor,
    resident_uid: str,
    basis: LegalBasis,
    purpose: Purpose,
    reason: str,
    recipient: str = "",
) -> "ActWithoutConsent":
    """Keep the act; tell the person, or withhold it. Raises ``ActReasonMissing``; ``NotFound`` for others' people."""
    with unit_of_work(actor):
        # It checks that the actor meets the person, and is the one line in the trail: a look of its own beside it would
        # tell of what is withheld.
        act = residents.act_without_consent(
            actor=actor,
            resident_uid=resident_uid,
            basis=basis,
            purpose=purpose,
            reason=reason,
            recipient=recipient,
        )
        person = act.resident
        if not actor.may(Permission.PROTECT, at=person.scope_path):
            raise NotPermitted
        with unit_of_work(SYSTEM):
            if basis.is_protective:
                rights.protect(actor=actor, person=person, subject_uid=act.uid, why=basis, reason=reason)
            else:
                notices.queue(
                    actor=SYSTEM,
                    key=f"act-without-consent:{act.uid}",
                    template="told_afterwards",
                    channel=Channel.SMS,
                    params={},
                    scope_path=person.scope_path,
                    resident_id=person.id,
                )
                act = residents.mark_told(actor=SYSTEM, act_uid=act.uid)
    return act
