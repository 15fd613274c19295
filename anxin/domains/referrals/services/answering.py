"""The receiving side: receipt, yes, no, onward; the appointment, the feedback, the return."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.deadlines.contracts import Climb
from anxin.domains.referrals import library
from anxin.domains.referrals.contracts import (
    Act,
    AppointmentMissing,
    DestinationMissing,
    DestinationUnfit,
    DiagnosisNotAgreed,
    Disposition,
    Draw,
    EntryKind,
    Feedback,
    FeedbackIncomplete,
    Side,
    Stage,
    State,
    Urgency,
)
from anxin.domains.referrals.models import Referral, ReferralEvidence
from anxin.domains.referrals.rules.states import IN_CARE
from anxin.domains.referrals.services.writing import (
    locked,
    locked_for,
    move,
    relock,
    require_reason,
    require_words,
    save,
    write_entry,
)
from anxin.domains.workforce.contracts import ActReserved
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.paths import rebase
from anxin.kernel.transitions import MoveNotAllowed
from anxin.kernel.working_days import add_working_time

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit

_ANSWERED = frozenset({Stage.RECEIVE.value, Stage.DECIDE.value})


@transaction.atomic
@command("referrals:referral:received")
def receive(*, actor: Actor, uid: str, draw: Draw, seen_version: int | None = None) -> Referral:
    """It has arrived and somebody looks at it."""
    referral, target = locked(actor, uid, Act.RECEIVE, seen_version)
    return move(referral, target, Act.RECEIVE, actor=actor, draw=draw, received_at=clock.now())


@transaction.atomic
@command("referrals:referral:accepted")
def accept(
    *, actor: Actor, uid: str, holder_id: int, draw: Draw, note: str = "", seen_version: int | None = None
) -> Referral:
    """Yes: from now on the evidence is open to this side, and it owes the person to be seen."""
    referral, target = locked(actor, uid, Act.ACCEPT, seen_version)
    if holder_id not in actor.posting_ids:
        raise NotPermitted
    moment = clock.now()
    ReferralEvidence.objects.filter(referral=referral).update(open_path=referral.to_path)
    return move(
        referral,
        target,
        Act.ACCEPT,
        actor=actor,
        draw=draw,
        note=note.strip(),
        params={"unit": referral.to_unit.name},
        holder_id=holder_id,
        received_at=referral.received_at or moment,
        accepted_at=moment,
    )


def _turn_away(
    act: Act,
    *,
    actor: Actor,
    uid: str,
    destination: "Unit | None",
    reason: str,
    draw: Draw,
    seen_version: int | None,
) -> Referral:
    referral, target = locked(actor, uid, act, seen_version)
    reason = require_reason(reason)
    if destination is None:
        raise DestinationMissing(field="to_unit")
    if destination.id in (referral.to_unit_id, referral.from_unit_id):
        raise DestinationUnfit(field="to_unit")
    return move(
        referral,
        target,
        act,
        actor=actor,
        draw=draw,
        note=reason,
        params={"from": referral.to_unit.name, "to": destination.name},
        proposed_unit=destination,
        to_path="",
        received_at=referral.received_at or clock.now(),
    )


@transaction.atomic
@command("referrals:referral:redirected")
def redirect(
    *,
    actor: Actor,
    uid: str,
    destination: "Unit | None",
    reason: str,
    draw: Draw,
    seen_version: int | None = None,
) -> Referral:
    """Another unit is right. It goes back to the sender's clock with that name; this side sees it no more."""
    return _turn_away(
        Act.REDIRECT,
        actor=actor,
        uid=uid,
        destination=destination,
        reason=reason,
        draw=draw,
        seen_version=seen_version,
    )


@transaction.atomic
@command("referrals:referral:rejected")
def reject(
    *,
    actor: Actor,
    uid: str,
    destination: "Unit | None",
    reason: str,
    draw: Draw,
    seen_version: int | None = None,
) -> Referral:
    """No, and who is right instead. Raises ``DestinationMissing`` without one."""
    return _turn_away(
        Act.REJECT,
        actor=actor,
        uid=uid,
        destination=destination,
        reason=reason,
        draw=draw,
        seen_version=seen_version,
    )


@transaction.atomic
@command("referrals:referral:passed_on")
def pass_on(*, actor: Actor, uid: str, receivers: frozenset[int], draw: Draw) -> Referral | None:
    """After a redirection the person agreed to beforehand: on to the named unit at once. For the house only.

    ``None`` when the consent does not reach that far or nobody there could answer: then the sender decides.
    """
    if not actor.is_system:
        raise NotPermitted
    referral = relock(uid, actor=actor)
    if referral is None or referral.state != State.REDIRECTED or referral.proposed_unit is None:
        return None
    reaches = referral.allows_onward or referral.consent_at is None
    if not reaches or not receivers:
        return None
    destination = referral.proposed_unit
    return move(
        referral,
        State.SENT,
        Act.SEND_ON,
        actor=actor,
        draw=draw,
        params={"from": referral.to_unit.name, "to": destination.name},
        to_unit=destination,
        to_path=destination.path,
        proposed_unit=None,
        received_at=None,
        timed_out_at=None,
    )


@transaction.atomic
@command("referrals:referral:scheduled")
def schedule(
    *,
    actor: Actor,
    uid: str,
    at: datetime | None,
    draw: Draw,
    note: str = "",
    seen_version: int | None = None,
) -> Referral:
    """When the person is to be seen. The clock stays what it was: an appointment after it is late all the same."""
    referral, target = locked(actor, uid, Act.SCHEDULE, seen_version)
    if at is None or at <= clock.now():
        raise AppointmentMissing(field="at")
    return move(
        referral,
        target,
        Act.SCHEDULE,
        actor=actor,
        draw=draw,
        note=note.strip(),
        params={"at": at.isoformat()},
        appointment_at=at,
    )


def _seen(actor: Actor, uid: str, act: Act, note: str, draw: Draw, seen_version: int | None) -> Referral:
    referral, target = locked(actor, uid, act, seen_version)
    moment = clock.now()
    span = library.referral_times().steps[Stage.FEEDBACK, Urgency(referral.urgency)]
    return move(
        referral,
        target,
        act,
        actor=actor,
        draw=draw,
        note=note.strip(),
        seen_at=moment if act is Act.ATTEND else None,
        was_attended=act is Act.ATTEND,
        feedback_due_at=span.after(moment, add_working_time),
    )


@transaction.atomic
@command("referrals:referral:attended")
def attend(
    *, actor: Actor, uid: str, draw: Draw, note: str = "", seen_version: int | None = None
) -> Referral:
    """The person came."""
    return _seen(actor, uid, Act.ATTEND, note, draw, seen_version)


@transaction.atomic
@command("referrals:referral:missed")
def miss(*, actor: Actor, uid: str, note: str, draw: Draw, seen_version: int | None = None) -> Referral:
    """The person did not come; how they were asked again is written down."""
    return _seen(actor, uid, Act.MISS, require_reason(note), draw, seen_version)


@transaction.atomic
@command("referrals:feedback:given")
def feed_back(
    *,
    actor: Actor,
    uid: str,
    feedback: Feedback,
    may_diagnose: bool,
    draw: Draw,
    seen_version: int | None = None,
) -> Referral:
    """Tell the sender. Raises ``DiagnosisNotAgreed`` for a diagnosis or medication that the person did not agree to
    pass back, ``ActReserved`` for one by somebody who may not diagnose.
    """
    referral, target = locked(actor, uid, Act.FEED_BACK, seen_version)
    advice = require_words(feedback.advice, FeedbackIncomplete, "advice")
    clinical = feedback.diagnosis.strip(), feedback.medication.strip()
    if any(clinical):
        if not referral.allows_diagnosis:
            raise DiagnosisNotAgreed(field="diagnosis" if clinical[0] else "medication")
        if not may_diagnose:
            raise ActReserved(field="diagnosis")
    was_seen = referral.state == State.ATTENDED
    if was_seen is (feedback.disposition is Disposition.NOT_SEEN):
        raise FeedbackIncomplete(field="disposition")
    return move(
        referral,
        target,
        Act.FEED_BACK,
        actor=actor,
        draw=draw,
        note=advice,
        params={"disposition": feedback.disposition.value},
        feedback_at=clock.now(),
        disposition=feedback.disposition.value,
        advice=advice,
        next_review_on=feedback.next_review_on,
        diagnosis=clinical[0],
        medication=clinical[1],
    )


@transaction.atomic
@command("referrals:referral:returned")
def hand_back(
    *, actor: Actor, uid: str, draw: Draw, note: str = "", seen_version: int | None = None
) -> Referral:
    """Back to the station that sent the person."""
    referral, target = locked(actor, uid, Act.RETURN, seen_version)
    return move(referral, target, Act.RETURN, actor=actor, draw=draw, note=note.strip())


@transaction.atomic
@command("referrals:note:written")
def write_note(*, actor: Actor, uid: str, note: str) -> Referral:
    """A note of the receiving side, which the other side does not see. It moves nothing."""
    referral = locked_for(actor, uid, Side.RECEIVER)
    if State(referral.state) not in IN_CARE:
        raise MoveNotAllowed(source=referral.state, target=referral.state)
    note = require_words(note, FeedbackIncomplete, "note")
    write_entry(
        referral, EntryKind.ACT, actor=actor, act=Act.FEED_BACK, note=note, is_internal=True, noted=True
    )
    return save(referral)


@command("referrals:referral:climbed", silent_on_none=True)
def record_climb(*, actor: Actor, climb: Climb) -> Referral | None:
    """What the clock did: a breach, a rung, a page. ``None`` when the referral ended meanwhile.

    The first climb off a receiver who does not answer is the time-out: it is the sender's again to ask somebody else.
    """
    referral = relock(climb.subject_uid, actor=actor)
    if referral is None or referral.ended_at is not None:
        return None
    rung = climb.rung
    if climb.breached_now:
        write_entry(referral, EntryKind.BREACHED, actor=actor, stage=climb.stage)
    if climb.to_index > climb.from_index:
        write_entry(
            referral,
            EntryKind.CLIMBED,
            actor=actor,
            rung=rung.rung.value,
            holder=rung.holder,
            unit=rung.unit_name,
        )
        if climb.stage in _ANSWERED and referral.timed_out_at is None:
            referral.timed_out_at = clock.now()
            save(referral, "timed_out_at")
    elif climb.paged_now:
        write_entry(referral, EntryKind.PAGED, actor=actor, holder=rung.holder, unit=rung.unit_name)
    return referral


@command("referrals:referrals:moved")
def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """Rewrite the paths referrals and their evidence are kept by. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    for field in ("from_path", "to_path"):
        rebase(Referral.objects.all(), field, old=old_path, new=new_path)
    for field in ("from_path", "open_path"):
        rebase(ReferralEvidence.objects.all(), field, old=old_path, new=new_path)
