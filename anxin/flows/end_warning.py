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


def propose(*, actor: Actor, warning_uid: str, ending: Ending, reason: str) -> "Warning":
    """Propose. The clock of the signature runs with somebody who is not the proposer."""
    with unit_of_work(actor):
        (warning,) = risk.lock_warnings(actor=actor, uids=[warning_uid])
        level, me = Level(warning.level), standing_of(actor, warning)
        signer = review = None
        if risk.needs_signature(level):
            signer = draw_clock(
                unit_id=warning.unit_id,
                level=level,
                stage=Stage.SIGN,
                subject_uid=warning.uid,
                without_staff=(actor.staff_id,) if actor.staff_id else (),
            )
        elif ending is Ending.WATCH:
            review = draw_clock(
                unit_id=warning.unit_id, level=level, stage=Stage.REVIEW, subject_uid=warning.uid, first=me
            )
        ended = risk.propose_ending(
            actor=actor,
            warning_uid=warning_uid,
            ending=ending,
            reason=reason,
            sign_order=signer.order if signer else None,
            sign_reach=signer.reach if signer else "",
            review_order=review.order if review else None,
        )
        if signer is not None:
            rung = signer.order.ladder.rungs[0]
            call_holder(actor=actor, subject=ended, rung=rung, occasion=f"sign:{ended.row_version}")
        return ended


def sign(*, actor: Actor, warning_uid: str, reason: str = "", seen_version: int | None = None) -> "Warning":
    """Sign. Raises ``SecondPersonNeeded`` for the proposer, ``NotCompetent`` without the credential."""
    with unit_of_work(actor):
        (warning,) = risk.lock_warnings(actor=actor, uids=[warning_uid])
        is_watch = warning.proposed_ending == Ending.WATCH
        return risk.sign_ending(
            actor=actor,
            warning_uid=warning_uid,
            reason=reason,
            is_competent=is_competent_for_high(actor),
            review_order=_holder_clock(warning, Stage.REVIEW).order if is_watch else None,
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
