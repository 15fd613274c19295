"""接手: a colleague takes a warning over; from now on they are its owner, and the clock waits for the first contact."""

from typing import TYPE_CHECKING

from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, Stage
from anxin.flows.ladders import draw_clock
from anxin.flows.staff_side import standing_of
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning


def acknowledge(*, actor: Actor, warning_uid: str) -> "Warning":
    """Take over. Raises ``AlreadyTaken`` with who and when, ``WarningNotFound`` outside the scope."""
    with unit_of_work(actor):
        (warning,) = risk.lock_warnings(actor=actor, uids=[warning_uid])
        me = standing_of(actor, warning)
        drawn = draw_clock(
            unit_id=warning.unit_id,
            level=Level(warning.level),
            stage=Stage.CONTACT,
            subject_uid=warning.uid,
            first=me,
        )
        return risk.acknowledge(
            actor=actor, warning_uid=warning_uid, posting_id=me.posting_id, order=drawn.order
        )


def join(*, actor: Actor, warning_uid: str) -> "Warning":
    """一起处理: help with a warning somebody else holds."""
    with unit_of_work(actor):
        return risk.join(actor=actor, warning_uid=warning_uid)
