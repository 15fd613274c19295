"""Endings.

Proposed by a person, signed by a second one for L3 and L4, declined with a reason; and the merging of twins.
"""

from django.db.models import Max, Q

from anxin.domains.audit.api import command
from anxin.domains.deadlines.contracts import ClockOrder
from anxin.domains.risk.contracts import (
    ContactChannel,
    ContactOutcome,
    Ending,
    EntryKind,
    Level,
    Permission,
    ReasonMissing,
    SecondPersonNeeded,
    TwinMismatch,
    WarningState,
)
from anxin.domains.risk.models import AlarmRecord, Warning
from anxin.domains.risk.rules.lifecycle import (
    STATE_OF_ENDING,
    TRANSITIONS,
    EndingFacts,
    check_ending,
    needs_signature,
)
from anxin.domains.risk.services.raising import TWIN_WINDOW
from anxin.domains.risk.services.writing import (
    REOPENED_FIELDS,
    lock_clock,
    locked,
    reopen,
    require_competence,
    save,
    staff_id_of,
    switch_clock,
    widen_reach,
    write_entry,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import newest_index
from anxin.kernel.errors import Conflict
from anxin.kernel.transitions import MoveNotAllowed

_FIELDS = (
    "state",
    "reach_path",
    "proposed_ending",
    "proposed_by",
    "signed_by",
    "deadline",
    "clock_running",
    "closed_at",
)


def _close(warning: Warning, *, actor: Actor) -> None:
    warning.state, warning.closed_at = WarningState.CLOSED, clock.now()
    switch_clock(warning, None, actor=actor)
    write_entry(warning, EntryKind.CLOSED, actor=actor, ending=warning.proposed_ending)


@command("risk:warning:ending_proposed")
def propose_ending(
    *,
    actor: Actor,
    warning_uid: str,
    ending: Ending,
    reason: str,
    sign_order: ClockOrder | None,
    sign_reach: str,
    review_order: ClockOrder | None,
) -> Warning:
    """Say how it shall end. Below L3 that ends it (a watch goes on to its review); L3 and L4 wait for the signature.

    ``sign_order`` is the clock of the signature, ``review_order`` that of a watch; each is needed only where it starts.
    """
    warning = locked(actor, warning_uid, Permission.ACT)
    missed = warning.attempts.exclude(outcome=ContactOutcome.REACHED)
    attempts = [ContactChannel(value) for value in missed.values_list("channel", flat=True)]
    facts = EndingFacts(
        level=Level(warning.level),
        state=WarningState(warning.state),
        has_competent_assessment=_is_assessed_since_the_last_alarm(warning),
        attempt_channels=attempts,
        reason=reason,
    )
    check_ending(ending, facts)
    warning.proposed_ending, warning.proposed_by_id, warning.signed_by_id = (
        ending.value,
        staff_id_of(actor),
        None,
    )
    write_entry(warning, EntryKind.ENDING_PROPOSED, actor=actor, note=reason, ending=ending.value)
    if needs_signature(Level(warning.level)):
        state = STATE_OF_ENDING[ending]
        warning.state = WarningState.WATCH if state is WarningState.CLOSED else state
        switch_clock(warning, _needed(sign_order), actor=actor)
        widen_reach(warning, sign_reach)
    else:
        _carry_out(warning, actor=actor, review_order=review_order)
    return save(warning, *_FIELDS)


def _is_assessed_since_the_last_alarm(warning: Warning) -> bool:
    told = AlarmRecord.objects.filter(Q(warning=warning) | Q(warning__merged_into=warning), is_news=True)
    last = told.aggregate(at=Max("raised_at"))["at"] or warning.raised_at
    return warning.assessments.filter(is_competent=True, assessed_at__gte=last).exists()


def _needed(order: ClockOrder | None) -> ClockOrder:
    """The clock that starts here. Without one the warning would end."""
    if order is None:
        raise ValueError("this step of a warning takes a clock")
    return order


def _carry_out(warning: Warning, *, actor: Actor, review_order: ClockOrder | None) -> None:
    if warning.proposed_ending == Ending.WATCH:
        warning.state = WarningState.WATCH
        switch_clock(warning, _needed(review_order), actor=actor)
    else:
        _close(warning, actor=actor)


def _check_second_person(warning: Warning, actor: Actor, seen_version: int | None) -> None:
    if not warning.proposed_ending or warning.signed_by_id is not None:
        raise MoveNotAllowed
    if staff_id_of(actor) == warning.proposed_by_id:
        raise SecondPersonNeeded
    if seen_version is not None and seen_version != warning.row_version:
        raise Conflict("This warning changed while you were reading it. Read it again before you sign.")


@command("risk:warning:ending_signed")
def sign_ending(
    *,
    actor: Actor,
    warning_uid: str,
    reason: str = "",
    is_competent: bool,
    review_order: ClockOrder | None,
    seen_version: int | None = None,
) -> Warning:
    """The second competent person agrees. Raises ``SecondPersonNeeded`` for the one who proposed."""
    warning = locked(actor, warning_uid, Permission.SIGN)
    _check_second_person(warning, actor, seen_version)
    require_competence(is_competent)
    warning.signed_by_id = staff_id_of(actor)
    write_entry(warning, EntryKind.ENDING_SIGNED, actor=actor, note=reason, ending=warning.proposed_ending)
    _carry_out(warning, actor=actor, review_order=review_order)
    return save(warning, *_FIELDS)


@command("risk:warning:ending_declined")
def decline_ending(*, actor: Actor, warning_uid: str, reason: str, decide_order: ClockOrder) -> Warning:
    """The second person does not agree: back to where a decision is due, with the reason."""
    warning = locked(actor, warning_uid, Permission.SIGN)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    _check_second_person(warning, actor, None)
    warning.state = WarningState.ASSESSED if warning.assessed_at else WarningState.ACKNOWLEDGED
    ending, warning.proposed_ending, warning.proposed_by_id = warning.proposed_ending, "", None
    write_entry(warning, EntryKind.ENDING_DECLINED, actor=actor, note=reason, ending=ending)
    switch_clock(warning, decide_order, actor=actor)
    return save(warning, *_FIELDS)


@command("risk:warning:merged")
def merge(
    *,
    actor: Actor,
    warning_uid: str,
    into_uid: str,
    reason: str,
    order: ClockOrder | None = None,
    reach: str = "",
) -> Warning:
    """Fold a twin into another open warning about the same person; the higher level and all reasons stay.

    With ``order`` somebody has to take the target over anew, because the twin tells more than was dealt with.
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    lock_clock(actor, warning_uid, into_uid)
    first, second = sorted([warning_uid, into_uid])
    both = {uid: locked(actor, uid, Permission.ACT) for uid in (first, second)}
    twin, target = both[warning_uid], both[into_uid]
    _check_twins(twin, target)
    before = target.level
    target.level = max(target.level, twin.level)
    target.proposed_level = max(target.proposed_level, twin.proposed_level)
    known = {(item["code"], item["message"]) for item in target.reasons}
    target.reasons = [
        *target.reasons,
        *(item for item in twin.reasons if (item["code"], item["message"]) not in known),
    ]
    twin.merged_into, twin.state, twin.closed_at = target, WarningState.CLOSED, clock.now()
    twin.proposed_by_id = staff_id_of(actor)
    switch_clock(twin, None, actor=actor)
    write_entry(twin, EntryKind.MERGED, actor=actor, note=reason, into=target.number)
    write_entry(target, EntryKind.MERGED, actor=actor, note=reason, twin=twin.number)
    if target.level > before:
        write_entry(target, EntryKind.LEVEL_RAISED, actor=actor, before=before, after=target.level)
    if order is not None:
        reopen(target, order, reach, actor=actor)
    save(twin, *_FIELDS, "merged_into")
    return save(target, "level", "proposed_level", "reasons", *REOPENED_FIELDS)


def _check_twins(twin: Warning, target: Warning) -> None:
    ended = {twin.state, target.state} & {WarningState.CLOSED}
    if ended:
        TRANSITIONS.check(WarningState.CLOSED, WarningState.CLOSED)
    close_in_time = abs(twin.raised_at - target.raised_at) <= TWIN_WINDOW
    if twin.id == target.id or not close_in_time or not _same_person(twin, target):
        raise TwinMismatch


def _same_person(twin: Warning, target: Warning) -> bool:
    if twin.resident_id and target.resident_id:
        return twin.resident_id == target.resident_id
    if twin.contact_request and target.contact_request:
        return _same(twin.contact_request.phone_index, target.contact_request.phone_index)
    named, asked = (twin, target) if twin.resident_id else (target, twin)
    return bool(
        named.resident
        and asked.contact_request
        and named.resident.phone_index
        and _same(named.resident.phone_index, asked.contact_request.phone_index)
    )


def _same(one: str, other: str) -> bool:
    """Whether two indexes stand for one value, also while they change keys."""
    return newest_index(one) == newest_index(other)
