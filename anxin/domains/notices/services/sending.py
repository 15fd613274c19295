"""Handing over what waits. Each attempt is claimed, sent and marked in its own transactions: a gateway that hangs holds
no locks.

A crash between handing over and marking sends again, under the same key: the provider sees one letter.
"""

from datetime import timedelta

from anxin.domains.notices import library
from anxin.domains.notices.contracts import CARRIED, WAITING, Channel, Delivery, Lane, Letter, Outcome
from anxin.domains.notices.models import ContactWish, Notice
from anxin.domains.notices.rules.reach import opens_at, pause, refusal
from anxin.domains.notices.rules.wording import render
from anxin.domains.notices.services import quotas, reaching
from anxin.domains.notices.services.carriers import existing, gateway_for, hand_over, sender
from anxin.domains.notices.services.queueing import LANGUAGE, read_wishes, wishes_of
from anxin.domains.residents import api as residents
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

LEASE = timedelta(minutes=2)
PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
ATTEMPTS = 8


def send_due(*, actor: Actor, lane: Lane = Lane.PROMPT, limit: int = 50) -> list[Notice]:
    """Send what waits in ``lane``, oldest first; what was handed over."""
    sent = []
    for _ in range(limit):
        notice = _claim(actor, lane)
        if notice is None:
            break
        if _send(actor, notice):
            sent.append(notice)
    return sent


def _claim(actor: Actor, lane: Lane) -> Notice | None:
    """Lease the oldest message that waits, or that a crashed sender left behind; rivals never get the same one."""
    moment = clock.now()
    with unit_of_work(actor):
        notice = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(channel__in=CARRIED, lane=lane, outcome__in=WAITING, next_try_at__lte=moment)
            .select_related("staff")
            .order_by("queued_at", "id")
            .first()
        )
        if notice is not None:
            notice.outcome, notice.next_try_at = Outcome.SENDING, moment + LEASE
            notice.attempts += 1
            notice.save(update_fields=["outcome", "next_try_at", "attempts"])
        return notice


def _send(actor: Actor, notice: Notice) -> bool:
    with unit_of_work(actor):
        letter = _prepare(actor, notice)
    if letter is None:
        return False
    delivery = hand_over(letter)
    with unit_of_work(actor):
        _mark(notice, delivery)
    return delivery.is_accepted


def _prepare(actor: Actor, notice: Notice) -> Letter | None:
    """The letter, or none when it may not leave now or at all; which is written down."""
    row, wishes = wishes_of(notice.resident_id)
    lane, channel = Lane(notice.lane), Channel(notice.channel)
    local = clock.local(clock.now())
    opens = opens_at(local, lane=lane, quiet=library.orders().quiet, wishes=wishes)
    if opens > local:
        _put_off(notice, opens - local)
        return None
    if notice.resident_id is not None and refusal(channel, wishes=wishes, lane=lane, existing=existing()):
        return _end(notice, Outcome.WITHHELD)
    to = _address(actor, notice, row)
    if not to:
        return _end(notice, Outcome.NO_ADDRESS)
    if not notice.is_counted:
        if channel is Channel.WECHAT and not _take_subscription(row):
            return _end(notice, Outcome.WITHHELD)
        if not quotas.spend(notice):
            return _end(notice, Outcome.OVER_QUOTA)
        notice.is_counted = True
        notice.save(update_fields=["is_counted"])
    chosen = library.template(notice.template)
    values = {**notice.params, chosen.secret: notice.secret} if chosen.secret else notice.params
    return Letter(channel, to, render(chosen, values, LANGUAGE), notice.uid, sender(), notice.template)


def _put_off(notice: Notice, by: timedelta) -> None:
    """Not now: no try was made."""
    Notice.objects.filter(id=notice.id, outcome=Outcome.SENDING).update(
        outcome=Outcome.QUEUED, attempts=notice.attempts - 1, next_try_at=clock.now() + by
    )


def _end(notice: Notice, outcome: Outcome) -> None:
    """It will not leave by this way."""
    notice.outcome = outcome
    notice.phone = notice.secret = ""
    notice.save(update_fields=["outcome", "phone", "secret"])
    reaching.heed(notice)


def _mark(notice: Notice, delivery: Delivery) -> None:
    """Write down what the gateway did. What a receipt said meanwhile is better known and stays."""
    kept = Notice.objects.select_for_update(of=("self",)).get(id=notice.id)
    moment = clock.now()
    kept.gateway = delivery.gateway
    if delivery.is_accepted:
        kept.sent_at = kept.sent_at or moment
        kept.provider_number = delivery.receipt[:80]
        if kept.outcome in WAITING:
            kept.outcome = Outcome.SENT
    elif kept.outcome in WAITING:
        if delivery.is_final or kept.attempts >= ATTEMPTS:
            kept.outcome = Outcome.FAILED
            quotas.give_back(kept)
        else:
            kept.outcome = Outcome.QUEUED
            kept.next_try_at = moment + pause(
                kept.attempts, base=PAUSE, longest=LONGEST_PAUSE, asked=delivery.retry_after
            )
    if kept.outcome not in WAITING:
        kept.phone = kept.secret = ""
    kept.save()
    if kept.outcome not in WAITING:
        reaching.heed(kept, gives_receipts=gateway_for(Channel(kept.channel)).gives_receipts)


def _address(actor: Actor, notice: Notice, row: ContactWish | None) -> str:
    channel = Channel(notice.channel)
    if channel is Channel.EMAIL:
        return row.email if row else ""
    if channel is Channel.WECHAT:
        return row.wechat_openid if row else ""
    if notice.phone:
        return notice.phone
    if notice.staff is not None:
        return notice.staff.duty_phone
    return residents.phone_of(actor=actor, resident_id=notice.resident_id) if notice.resident_id else ""


def _take_subscription(row: ContactWish | None) -> bool:
    """One subscription buys one message; whether there was one left."""
    if row is None:
        return False
    held = ContactWish.objects.select_for_update(of=("self",)).get(id=row.id)
    if held.wechat_left < 1:
        return False
    held.wechat_left -= 1
    held.save(update_fields=["wechat_left"])
    return Channel.WECHAT not in read_wishes(held).refused
