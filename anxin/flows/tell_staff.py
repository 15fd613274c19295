"""Calling the people a clock names: a line in their in-app list and a text on the duty phone, without any content."""

from typing import TYPE_CHECKING

from anxin.domains.deadlines.contracts import LadderRung
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.kernel.actor import Actor

if TYPE_CHECKING:
    from anxin.domains.campaigns.contracts import ClockSubject
    from anxin.domains.cases.models import Case
    from anxin.domains.risk.models import Warning

CHANNELS = ("in_app", "sms")


def call_holder(
    *, actor: Actor, subject: "Warning | Case | ClockSubject", rung: LadderRung, occasion: str
) -> None:
    """One call per channel and occasion; a repeated occasion is the same call."""
    posting = network.postings_by_id(posting_ids=[rung.posting_id])[rung.posting_id]
    call_staff(actor=actor, subject=subject, staff_id=posting.staff_id, occasion=occasion)


def call_staff(
    *, actor: Actor, subject: "Warning | Case | ClockSubject", staff_id: int, occasion: str
) -> None:
    """Call one member of staff about one warning or case.

    Number and level's urgency only, no name, no reason, no score.
    """
    for channel in CHANNELS:
        notices.queue(
            actor=actor,
            key=f"call:{subject.uid}:{occasion}:{staff_id}:{channel}",
            template="warning_waits",
            channel=channel,
            params={"number": subject.number},
            staff_id=staff_id,
            scope_path=subject.scope_path,
        )
