"""转介, the receiving side: receipt, yes, no, onward; the appointment, the feedback, the return.

The decision is the actor's, by their rights; it is kept by the house, because saying no takes the referral out of the
actor's sight.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from anxin.domains.network import api as network
from anxin.domains.referrals import api as referrals
from anxin.domains.referrals.contracts import Feedback
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.flows.referral_ladders import SYSTEM, call_whoever_is_next, draw, receiver_ids, tell_sender
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit
    from anxin.domains.referrals.models import Referral


def _kept(actor: Actor, uid: str, act: Callable[["Referral"], "Referral"]) -> "Referral":
    """Seen by the actor through both walls, then written by the house; the sender learns that there is news."""
    with unit_of_work(actor):
        before = referrals.referral_brief(actor=actor, uid=uid)
        with unit_of_work(SYSTEM):
            done = act(before)
        tell_sender(done)
        return done


def receive(*, actor: Actor, uid: str, seen_version: int | None = None) -> "Referral":
    """确认收到."""
    return _kept(
        actor,
        uid,
        lambda before: referrals.receive(actor=actor, uid=uid, draw=draw, seen_version=seen_version),
    )


def accept(*, actor: Actor, uid: str, note: str = "", seen_version: int | None = None) -> "Referral":
    """接受: whoever says yes holds it from now on."""
    return _kept(
        actor,
        uid,
        lambda before: referrals.accept(
            actor=actor,
            uid=uid,
            holder_id=_own_posting(actor, before.to_unit),
            draw=draw,
            note=note,
            seen_version=seen_version,
        ),
    )


def _own_posting(actor: Actor, unit: "Unit") -> int:
    """The actor's posting at the unit that is asked, or else the one through which they answer for it."""
    held = network.postings_of(staff_id=actor.staff_id, on=clock.today()) if actor.staff_id else []
    if not held:
        raise NotPermitted
    return next((one.id for one in held if one.unit_id == unit.id), held[0].id)


def redirect(
    *, actor: Actor, uid: str, to_unit_uid: str, reason: str, seen_version: int | None = None
) -> "Referral":
    """改转: another unit is right. Where the person agreed to that beforehand, it goes there at once."""
    destination = network.unit_by_uid(uid=to_unit_uid) if to_unit_uid else None

    def act(before: "Referral") -> "Referral":
        turned = referrals.redirect(
            actor=actor,
            uid=uid,
            destination=destination,
            reason=reason,
            draw=draw,
            seen_version=seen_version,
        )
        able = receiver_ids(destination, before.tier) if destination is not None else frozenset[int]()
        passed = referrals.pass_on(actor=SYSTEM, uid=uid, receivers=able, draw=draw)
        if passed is not None:
            call_whoever_is_next(passed)
        return passed or turned

    return _kept(actor, uid, act)


def reject(
    *, actor: Actor, uid: str, to_unit_uid: str, reason: str, seen_version: int | None = None
) -> "Referral":
    """不接受, with the unit that is right instead."""
    destination = network.unit_by_uid(uid=to_unit_uid) if to_unit_uid else None
    return _kept(
        actor,
        uid,
        lambda before: referrals.reject(
            actor=actor,
            uid=uid,
            destination=destination,
            reason=reason,
            draw=draw,
            seen_version=seen_version,
        ),
    )


def schedule(
    *, actor: Actor, uid: str, at: datetime | None, note: str = "", seen_version: int | None = None
) -> "Referral":
    """约定时间."""
    return _kept(
        actor,
        uid,
        lambda before: referrals.schedule(
            actor=actor, uid=uid, at=at, draw=draw, note=note, seen_version=seen_version
        ),
    )


def attend(*, actor: Actor, uid: str, note: str = "", seen_version: int | None = None) -> "Referral":
    """已到访."""
    return _kept(
        actor,
        uid,
        lambda before: referrals.attend(
            actor=actor, uid=uid, draw=draw, note=note, seen_version=seen_version
        ),
    )


def miss(*, actor: Actor, uid: str, note: str, seen_version: int | None = None) -> "Referral":
    """未到访."""
    return _kept(
        actor,
        uid,
        lambda before: referrals.miss(actor=actor, uid=uid, draw=draw, note=note, seen_version=seen_version),
    )


def feed_back(
    *,
    actor: Actor,
    uid: str,
    feedback: Feedback,
    returns: bool = False,
    seen_version: int | None = None,
) -> "Referral":
    """反馈, and with it the return to the station if that is what it says."""

    def act(before: "Referral") -> "Referral":
        may_diagnose = actor.staff_id is not None and workforce.may_perform(
            staff_id=actor.staff_id, act=Act.DIAGNOSE, on=clock.today(), unit=before.to_unit
        )
        told = referrals.feed_back(
            actor=actor,
            uid=uid,
            feedback=feedback,
            may_diagnose=may_diagnose,
            draw=draw,
            seen_version=seen_version,
        )
        return referrals.hand_back(actor=actor, uid=uid, draw=draw) if returns else told

    return _kept(actor, uid, act)


def hand_back(*, actor: Actor, uid: str, note: str = "", seen_version: int | None = None) -> "Referral":
    """转回."""
    return _kept(
        actor,
        uid,
        lambda before: referrals.hand_back(
            actor=actor, uid=uid, draw=draw, note=note, seen_version=seen_version
        ),
    )


def write_note(*, actor: Actor, uid: str, note: str) -> "Referral":
    """A note of this side alone."""
    with unit_of_work(actor):
        return referrals.write_note(actor=actor, uid=uid, note=note)
