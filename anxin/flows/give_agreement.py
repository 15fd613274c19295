"""Agreeing, and agreeing again: in force from the moment it commits, for what stands on it."""

from anxin.domains.archives import api as archives
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("agreements")


def give(*, actor: Actor, purpose: Purpose | str, text_version: str, recipient: str = "") -> None:
    """The person's own agreement to a text they have read; an archive they had locked themselves is in use again.

    Raises ``ConsentTextUnknown``, ``GuardianConsentNeeded``, ``RecipientWrong``.
    """
    if actor.resident_id is None:
        raise NotPermitted
    with unit_of_work(actor):
        residents.give_consent(
            actor=actor,
            resident_id=actor.resident_id,
            purpose=purpose,
            text_version=text_version,
            recipient=recipient,
        )
        if purpose == Purpose.ARCHIVE:
            with unit_of_work(SYSTEM):
                archives.reopen_agreed(actor=SYSTEM, resident_id=actor.resident_id)
