"""What every write of the room shares: the locked referral, one move of its state, its timeline and its clock."""

from dataclasses import replace
from typing import Any

from django.db import connection

from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder, EndedHow
from anxin.domains.referrals import library
from anxin.domains.referrals.contracts import (
    SUBJECT,
    Act,
    Draw,
    EntryKind,
    ReferralChanged,
    ReferralNotFound,
    ReferralReasonMissing,
    Side,
    State,
    Step,
    Urgency,
)
from anxin.domains.referrals.models import Referral, ReferralEntry
from anxin.domains.referrals.policies import may_act
from anxin.domains.referrals.rules import states
from anxin.domains.referrals.rules.times import step_from
from anxin.domains.referrals.selectors import find_referral
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.working_days import add_working_time


def next_number() -> str:
    """The next number for people, ``T-1001``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('referrals_number')")
        return f"T-{cursor.fetchone()[0]}"


def require_words(text: str, error: type[Exception], field: str) -> str:
    """The words, trimmed. Raises ``error``."""
    if not text.strip():
        raise error(field=field)  # type: ignore[call-arg]
    return text.strip()


def require_reason(reason: str) -> str:
    """The reason, trimmed. Raises ``ReferralReasonMissing``."""
    return require_words(reason, ReferralReasonMissing, "reason")


def staff_id_of(actor: Actor) -> int:
    """The member of staff who acts; a program decides nothing about a referral."""
    if actor.staff_id is None:
        raise NotPermitted
    return actor.staff_id


def relock(uid: str, *, actor: Actor) -> Referral | None:
    """The referral under lock; its clock first, as the sweep takes them."""
    deadlines.lock_clock(actor=actor, subject_kind=SUBJECT, subject_uid=uid)
    rows = Referral.objects.select_related("deadline", "from_unit", "to_unit", "sender__staff")
    return rows.select_for_update(of=("self",), no_key=True).filter(uid=uid).first()


def locked(actor: Actor, uid: str, act: Act, seen_version: int | None = None) -> tuple[Referral, State]:
    """The referral under lock and the state ``act`` leads to. Raises ``MoveNotAllowed`` when it is elsewhere by now."""
    side = states.MOVES[act].side
    referral = locked_for(actor, uid, side, seen_version)
    return referral, states.after(State(referral.state), act, side)


def locked_for(actor: Actor, uid: str, side: Side, seen_version: int | None = None) -> Referral:
    """The referral under lock, for somebody who acts for ``side``.

    ``ReferralNotFound`` outside both sides, ``NotPermitted`` for the other one, ``ReferralChanged`` when somebody wrote
    in between.
    """
    staff_id_of(actor)
    find_referral(actor=actor, uid=uid)
    referral = relock(uid, actor=actor)
    if referral is None:
        raise ReferralNotFound
    if not may_act(actor, side, referral):
        raise NotPermitted
    if seen_version is not None and seen_version != referral.row_version:
        latest = referral.entries.order_by("-id").first()
        assert latest is not None
        raise ReferralChanged(who=latest.author_label, at=f"{clock.local(latest.happened_at):%m-%d %H:%M}")
    return referral


def write_entry(
    referral: Referral,
    kind: EntryKind,
    *,
    actor: Actor,
    act: Act | None = None,
    note: str = "",
    is_internal: bool = False,
    **params: object,
) -> ReferralEntry:
    """One line of the timeline, with its author as they were."""
    return ReferralEntry.objects.create(
        referral=referral,
        happened_at=clock.now(),
        kind=kind.value,
        side=states.MOVES[act].side.value if act else "",
        act=act.value if act else "",
        is_internal=is_internal,
        author_kind=actor.kind.value,
        author_uid=actor.uid,
        author_label=actor.label,
        params=params,
        note=note,
    )


def step_now(referral: Referral, state: State) -> Step:
    """What is owed if the referral enters ``state`` this moment."""
    side, stage = states.OWED[state]
    return step_from(
        library.referral_times(),
        stage=stage,
        side=side,
        urgency=Urgency(referral.urgency),
        since=clock.now(),
        add_working_time=add_working_time,
    )


def order_for(referral: Referral, step: Step, draw: Draw) -> ClockOrder:
    """The clock of ``step``."""
    return ClockOrder(SUBJECT, referral.uid, step.stage.value, step.due_at, draw(referral, step))


def move(
    referral: Referral,
    target: State,
    act: Act,
    *,
    actor: Actor,
    draw: Draw,
    note: str = "",
    params: dict[str, object] | None = None,
    **fields: Any,
) -> Referral:
    """Enter ``target``: the fields, the line of the timeline, and the clock of what is owed next; or its end."""
    for name, value in fields.items():
        setattr(referral, name, value)
    referral.state = target.value
    write_entry(referral, EntryKind.ACT, actor=actor, act=act, note=note, **(params or {}))
    running = referral.deadline_id
    assert running is not None
    if target in states.FINAL:
        deadlines.meet(actor=actor, deadline_id=running)
        referral.deadline, referral.clock_running, referral.ended_at = None, None, clock.now()
    else:
        step = step_now(referral, target)
        if act is not Act.SEND_ON:
            step = _not_later(step, referral)
        order = order_for(referral, step, draw)
        referral.deadline = deadlines.replace(actor=actor, deadline_id=running, order=order, how=EndedHow.MET)
    return save(referral, "state", "deadline", "clock_running", "ended_at", *fields)


def _not_later(step: Step, referral: Referral) -> Step:
    """While the same thing is owed its time runs on: an appointment does not put off when the person has to be seen."""
    running = referral.deadline
    if running is None or running.stage != step.stage or running.due_at >= step.due_at:
        return step
    by = running.due_at - step.due_at
    return replace(step, due_at=running.due_at, climbs_at=tuple(moment + by for moment in step.climbs_at))


def save(referral: Referral, *fields: str) -> Referral:
    """Write the named fields and count the version up."""
    referral.row_version += 1
    referral.save(update_fields=[*fields, "row_version"])
    return referral
