"""Reaching one person: which way is tried now, what came of it, who takes over when no way works."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from anxin.domains.notices import library
from anxin.domains.notices.contracts import (
    CARRIED,
    LOST,
    AlreadySettled,
    Channel,
    Enough,
    Ladder,
    Lane,
    NoteMissing,
    Outcome,
    Reach,
    Rung,
    Settlement,
)
from anxin.domains.notices.models import Message, Notice
from anxin.domains.notices.policies import can_follow_up
from anxin.domains.notices.rules.reach import is_enough, next_rung, order_for
from anxin.domains.notices.services.carriers import existing
from anxin.domains.notices.services.queueing import (
    HOUSE,
    check_words,
    put_in_line,
    wishes_of,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

log = logging.getLogger(__name__)
AGAIN = timedelta(minutes=1)
IsOver = Callable[[str, str, datetime], bool]
"""Asked of kind, uid and the moment of the promise: whether the call is no longer needed."""
_BY_ACT = "act"


def reach(
    *,
    actor: Actor,
    key: str,
    template: str,
    params: dict[str, str],
    scope_path: str,
    staff_id: int | None = None,
    resident_id: int | None = None,
    ladder: str = "",
    subject: tuple[str, str] = ("", ""),
) -> Message:
    """Promise to reach one person about one thing; the first way is tried now. The same ``key`` is the same promise.

    ``subject`` is what it is about, as kind and uid: whoever calls the next colleague asks for it.
    """
    chosen = library.template(template)
    check_words(chosen, params, "")
    named = ladder or chosen.ladder
    library.ladder(named)
    moment = clock.now()
    with unit_of_work(HOUSE):
        message, is_new = Message.objects.get_or_create(
            key=key,
            defaults={
                "template": template,
                "params": params,
                "lane": chosen.lane.value,
                "ladder": named,
                "staff_id": staff_id,
                "resident_id": resident_id,
                "scope_path": scope_path,
                "subject_kind": subject[0],
                "subject_uid": subject[1],
                "promised_at": moment,
                "step_at": moment,
            },
        )
        if is_new:
            _step(message)
    return message


def carry_on(*, actor: Actor, is_over: IsOver, limit: int = 50) -> int | None:
    """Try the next way for everybody whose time for the last one is up; how many. For the house.

    ``is_over`` is asked about the subject first: what somebody has taken over needs no further call. A fault about one
    message is logged, put off, and holds up no other.
    """
    if not actor.is_system:
        raise NotPermitted
    done = 0
    while done < limit:
        uid = _carry_one(actor, is_over)
        if uid is None:
            break
        done += 1
    return done or None


def _carry_one(actor: Actor, is_over: IsOver) -> str | None:
    uid = ""
    try:
        with unit_of_work(actor):
            due = Message.objects.filter(state=Reach.TRYING, step_at__lte=clock.now())
            message = due.select_for_update(skip_locked=True, of=("self",)).order_by("step_at", "id").first()
            if message is None:
                return None
            uid = message.uid
            if message.subject_kind and is_over(
                message.subject_kind, message.subject_uid, message.promised_at
            ):
                _finish(message, Reach.REACHED, by=_BY_ACT)
            else:
                _step(message)
    except Exception:
        if not uid:
            raise
        log.exception("the next way for message %s could not be tried; again in a minute", uid)
        with unit_of_work(actor):
            Message.objects.filter(uid=uid, state=Reach.TRYING).update(step_at=clock.now() + AGAIN)
    return uid


def _step(message: Message) -> None:
    """Try ways until one has to be given time, or none is left."""
    found = library.orders().ladders.get(message.ladder)
    _, wishes = wishes_of(message.resident_id)
    lane = Lane(message.lane)
    while True:
        tried = {line["channel"] for line in message.course}
        rungs = [one for one in (order_for(found, wishes) if found else ()) if one.channel not in tried]
        chosen = next_rung(rungs, start=0, wishes=wishes, lane=lane, existing=existing())
        for channel, why in chosen.passed:
            _write(message, channel, why)
        if chosen.rung is None or chosen.rung.channel is Channel.DUTY_PHONE:
            if found and (until := _list_has_until(message, found)) > clock.now():
                message.step_at = until
                message.save(update_fields=["course", "step_at"])
                return
            _write(message, Channel.DUTY_PHONE, "")
            _finish(message, Reach.UNREACHED)
            return
        rung = chosen.rung
        _write(message, rung.channel, "")
        attempt = put_in_line(
            Notice(
                key=f"{message.uid}:{rung.channel.value}",
                message=message,
                template=message.template,
                channel=rung.channel.value,
                params=message.params,
                lane=message.lane,
                staff_id=message.staff_id,
                resident_id=message.resident_id,
                scope_path=message.scope_path,
            ),
            wishes,
        )
        if rung.wait:
            message.step_at = max(attempt.next_try_at, clock.now()) + rung.wait
            message.save(update_fields=["course", "step_at"])
            return


def _list_has_until(message: Message, ladder: Ladder) -> datetime:
    """Until when the list here is waited for. Where every other way fails at once it still gets its time to be seen."""
    waits = [rung.wait for rung in ladder.rungs if rung.wait]
    is_listed = any(line["channel"] == Channel.IN_APP and not line["why"] for line in message.course)
    return message.promised_at + min(waits) if waits and is_listed else message.promised_at


def heed(notice: Notice, *, gives_receipts: bool = True) -> None:
    """What became of one attempt decides what its message does next. The caller holds the row of ``notice``."""
    if notice.message_id is None:
        if notice.outcome in LOST and notice.channel in CARRIED:
            _list_dead_letter(notice)
        return
    message = Message.objects.select_for_update(of=("self",)).get(id=notice.message_id)
    if message.state not in (Reach.TRYING, Reach.UNREACHED):
        return
    if is_enough(Outcome(notice.outcome), _rung_of(message, notice), gives_receipts=gives_receipts):
        _finish(message, Reach.REACHED, by=notice.channel)
    elif notice.outcome in LOST and message.state == Reach.TRYING and _is_last(message, notice):
        message.step_at = clock.now()
        message.save(update_fields=["step_at"])


def is_read(notice: Notice) -> None:
    """The person has it before their eyes: nobody needs to try anything else."""
    if notice.message_id is not None:
        message = Message.objects.select_for_update(of=("self",)).get(id=notice.message_id)
        if message.state in (Reach.TRYING, Reach.UNREACHED):
            _finish(message, Reach.REACHED, by=notice.channel)


def end_taken_over(*, actor: Actor, is_over: IsOver, limit: int = 500) -> int | None:
    """Calls to colleagues that reached nobody, about what is in good hands by now; how many. For the house."""
    if not actor.is_system:
        raise NotPermitted
    rows = Message.objects.filter(state=Reach.UNREACHED, staff__isnull=False).exclude(subject_kind="")
    over = [
        message
        for message in rows.select_for_update(skip_locked=True, of=("self",)).order_by("-ended_at")[:limit]
        if is_over(message.subject_kind, message.subject_uid, message.promised_at)
    ]
    for message in over:
        _finish(message, Reach.REACHED, by=_BY_ACT)
    return len(over) or None


def settle(*, actor: Actor, uid: str, how: Settlement, note: str) -> Message:
    """A person took care of it: what they did is kept. Raises ``AlreadySettled``, ``NoteMissing``, ``NotFound``."""
    message = Message.objects.select_for_update(of=("self",)).filter(uid=uid).first()
    if message is None or not can_follow_up(actor, message):
        raise NotFound
    if actor.staff_id is None:
        raise NotPermitted
    if message.state != Reach.UNREACHED:
        raise AlreadySettled
    if not note.strip():
        raise NoteMissing(field="note")
    message.state, message.settled_at, message.settled_by_id = Reach.SETTLED, clock.now(), actor.staff_id
    message.settled_how, message.settled_note = how.value, note.strip()
    message.save(update_fields=["state", "settled_at", "settled_by", "settled_how", "settled_note"])
    return message


def to_raise(*, actor: Actor, limit: int = 50) -> list[Message]:
    """What cannot wait, reached nobody, and was not yet given to the next colleague; locked. For the house."""
    if not actor.is_system:
        raise NotPermitted
    rows = Message.objects.filter(state=Reach.UNREACHED, lane=Lane.PROMPT, raised_at__isnull=True)
    return list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("ended_at", "id")[:limit])


def mark_raised(*, actor: Actor, uid: str) -> Message:
    """The next colleague was called about it. For the house."""
    if not actor.is_system:
        raise NotPermitted
    message = Message.objects.get(uid=uid)
    message.raised_at = clock.now()
    message.save(update_fields=["raised_at"])
    return message


def _finish(message: Message, state: Reach, *, by: str = "") -> None:
    message.state, message.step_at, message.ended_at = state, None, clock.now()
    message.reached_by = by
    message.save(update_fields=["state", "step_at", "ended_at", "reached_by", "course"])


def _write(message: Message, channel: Channel, why: str) -> None:
    message.course.append({"channel": channel.value, "at": clock.now().isoformat(), "why": why})


def _rung_of(message: Message, notice: Notice) -> Rung:
    """The rung an attempt stands on. One without a ladder was a single attempt: delivered is all it wanted."""
    found = library.orders().ladders.get(message.ladder)
    channel = Channel(notice.channel)
    for rung in found.rungs if found else ():
        if rung.channel is channel:
            return rung
    return Rung(channel, timedelta(0), Enough.DELIVERED)


def _is_last(message: Message, notice: Notice) -> bool:
    """Whether the attempt is the newest way tried: an older one that fails late must not cut short a newer one."""
    used = [line["channel"] for line in message.course if not line["why"]]
    return bool(used) and used[-1] == notice.channel


def _list_dead_letter(notice: Notice) -> None:
    """A single attempt that reached nobody is a person who was not reached."""
    line = {"channel": notice.channel, "at": clock.now().isoformat(), "why": ""}
    message, _ = Message.objects.get_or_create(
        key=notice.key,
        defaults={
            "template": notice.template,
            "params": notice.params,
            "lane": notice.lane,
            "staff_id": notice.staff_id,
            "resident_id": notice.resident_id,
            "scope_path": notice.scope_path,
            "state": Reach.UNREACHED,
            "course": [line],
            "promised_at": notice.queued_at,
            "ended_at": clock.now(),
        },
    )
    notice.message = message
    notice.save(update_fields=["message"])
