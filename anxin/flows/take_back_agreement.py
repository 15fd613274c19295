"""Taking an agreement back: in force from the moment it commits (PIPL art. 15), for everything that stands on it."""

from anxin.domains.archives import api as archives
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

SYSTEM = Actor.system("agreements")


def take_back(*, actor: Actor, purpose: Purpose | str, recipient: str | None = None) -> None:
    """The person's own agreements to ``purpose``, for one recipient when named.

    Without the one to the archive nobody reads or writes it any more.
    """
    if actor.resident_id is None:
        raise NotPermitted
    with unit_of_work(actor):
        taken = residents.withdraw_consent(
            actor=actor, resident_id=actor.resident_id, purpose=purpose, recipient=recipient
        )
        if taken and purpose == Purpose.ARCHIVE:
            with unit_of_work(SYSTEM):
                archives.lock_withdrawn(actor=SYSTEM, resident_id=actor.resident_id)
