"""Calling the people a clock names: a line in their in-app list and a text on the duty phone, without any content."""

from typing import TYPE_CHECKING

from anxin.domains.cases.contracts import SUBJECT as CASE
from anxin.domains.deadlines.contracts import LadderRung
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.domains.risk.contracts import Level
from anxin.flows.ladders import SUBJECT as WARNING
from anxin.kernel.actor import Actor

if TYPE_CHECKING:
    from anxin.domains.campaigns.contracts import ClockSubject
    from anxin.domains.cases.models import Case
    from anxin.domains.risk.models import Warning

CHANNELS = ("in_app", "sms")
# What the clock of a thing is called: the call goes on only while that clock runs.
_KINDS = {"risk.warning": WARNING, "cases.case": CASE}


def call_holder(
    *, actor: Actor, subject: "Warning | Case | ClockSubject", rung: LadderRung, occasion: str
) -> None:
    """One call per channel and occasion; a repeated occasion is the same call."""
    posting = network.postings_by_id(posting_ids=[rung.posting_id])[rung.posting_id]
    call_staff(actor=actor, subject=subject, staff_id=posting.staff_id, occasion=occasion)


def _is_urgent(kind: str, subject: "Warning | Case | ClockSubject") -> bool:
    """Whether somebody may be in danger behind it: a high warning. The others have a clock of hours or days, which
    climbs by itself; a telephone that rings for them at night is soon a telephone nobody answers.
    """
    return kind == WARNING and int(getattr(subject, "level", 0)) >= Level.L3


def call_staff(
    *, actor: Actor, subject: "Warning | Case | ClockSubject", staff_id: int, occasion: str
) -> None:
    """Call one member of staff about one warning, case or campaign; who was not reached is followed by the next one.

    Number and level's urgency only, no name, no reason, no score.
    """
    kind = _KINDS.get(getattr(getattr(subject, "_meta", None), "label_lower", ""), "")
    notices.reach(
        actor=actor,
        key=f"call:{subject.uid}:{occasion}:{staff_id}",
        template="warning_waits",
        params={"number": subject.number},
        staff_id=staff_id,
        scope_path=subject.scope_path,
        ladder="call_staff" if _is_urgent(kind, subject) else "tell_staff",
        subject=(kind, subject.uid if kind else ""),
    )
