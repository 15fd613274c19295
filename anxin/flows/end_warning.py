"""定去向.

An ending is proposed with its reason; for L3 and L4 a second competent person, from any node above, signs it.
"""

from typing import TYPE_CHECKING

from anxin.domains.network import api as network
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Ending, Level, Stage
from anxin.flows.ladders import DrawnClock, draw_clock
from anxin.flows.staff_side import is_competent_for_high, standing_of
from anxin.flows.tell_staff import call_holder
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning


def _clock(actor: Actor, warning: "Warning", stage: Stage) -> DrawnClock:
    return draw_clock(
        unit_id=warning.unit_id,
        level=Level(warning.level),
        stage=stage,
        subject_uid=warning.uid,
        first=standing_of(actor, warning),
    )


def propose(*, actor: Actor, warning_uid: str, ending: Ending, reason: str) -> "Warning":
    """Propose. The clock of the signature runs with somebody who is not the proposer."""
    with unit_of_work(actor):
        (warning,) = risk.lock_warnings(actor=actor, uids=[warning_uid])
        signer = draw_clock(
            unit_id=warning.unit_id,
            level=Level(warning.level),
            stage=Stage.SIGN,
            subject_uid=warning.uid,
            without_staff=(actor.staff_id,) if actor.staff_id else (),
        )
        ended = risk.propose_ending(
            actor=actor,
            warning_uid=warning_uid,
            ending=ending,
            reason=reason,
            sign_order=signer.order,
            sign_reach=signer.reach,
            review_order=_clock(actor, warning, Stage.REVIEW).order,
        )
        if risk.needs_signature(Level(ended.level)):
            rung = signer.order.ladder.rungs[0]
            call_holder(actor=actor, subject=ended, rung=rung, occasion=f"sign:{ended.row_version}")
        return ended


def sign(*, actor: Actor, warning_uid: str, reason: str = "", seen_version: int | None = None) -> "Warning":
    """Sign. Raises ``SecondPersonNeeded`` for the proposer, ``NotCompetent`` without the credential."""
    with unit_of_work(actor):
        (warning,) = risk.lock_warnings(actor=actor, uids=[warning_uid])
        return risk.sign_ending(
            actor=actor,
            warning_uid=warning_uid,
            reason=reason,
            is_competent=is_competent_for_high(actor),
            review_order=_holder_clock(warning, Stage.REVIEW).order,
            seen_version=seen_version,
        )


def decline(*, actor: Actor, warning_uid: str, reason: str) -> "Warning":
    """先不结束: do not sign, with the reason; the holder decides again."""
    with unit_of_work(actor):
        (warning,) = risk.lock_warnings(actor=actor, uids=[warning_uid])
        stage = Stage.DECIDE if warning.assessed_at else Stage.CONTACT
        return risk.decline_ending(
            actor=actor,
            warning_uid=warning_uid,
            reason=reason,
            decide_order=_holder_clock(warning, stage).order,
        )


def _holder_clock(warning: "Warning", stage: Stage) -> DrawnClock:
    holder = None
    if warning.holder is not None:
        holder = network.candidate_for(
            staff_id=warning.holder.staff_id, unit_id=warning.unit_id, at=clock.now()
        )
    return draw_clock(
        unit_id=warning.unit_id,
        level=Level(warning.level),
        stage=stage,
        subject_uid=warning.uid,
        first=holder,
    )
