"""记联系: one attempt to reach the person is kept; reaching them lets the clock wait for the assessment."""

from typing import TYPE_CHECKING

from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Level, Stage
from anxin.flows.ladders import draw_clock
from anxin.flows.staff_side import standing_of
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.risk.models import ContactAttempt


def log_contact(
    *, actor: Actor, warning_uid: str, channel: ContactChannel, outcome: ContactOutcome, note: str = ""
) -> "ContactAttempt":
    """Keep the attempt. Raises ``MoveNotAllowed`` before anybody has taken the warning over."""
    with unit_of_work(actor):
        (warning,) = risk.lock_warnings(actor=actor, uids=[warning_uid])
        me = standing_of(actor, warning)
        drawn = None
        if outcome is ContactOutcome.REACHED:
            drawn = draw_clock(
                unit_id=warning.unit_id,
                level=Level(warning.level),
                stage=Stage.ASSESS,
                subject_uid=warning.uid,
                first=me,
            )
        return risk.log_contact(
            actor=actor,
            warning_uid=warning_uid,
            channel=channel,
            outcome=outcome,
            note=note,
            order_if_reached=drawn.order if drawn else None,
        )
