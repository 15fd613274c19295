"""Promising, sending and reading messages."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from anxin.domains.notices import library
from anxin.domains.notices.contracts import (
    Channel,
    Delivery,
    Forgotten,
    Lane,
    Outcome,
    ParamsWrong,
    SmsGateway,
)
from anxin.domains.notices.models import Notice
from anxin.domains.notices.policies import can_read_notice
from anxin.domains.notices.rules.wording import check_params, render
from anxin.domains.residents import api as residents
from anxin.kernel import clock, jobs
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.paths import rebase
from anxin.kernel.unit_of_work import unit_of_work

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
PAUSE = timedelta(seconds=30)
ATTEMPTS = 8
SENDING = "notices.send_ordinary"
LANGUAGE = "zh"


def queue(
    *,
    actor: Actor,
    key: str,
    template: str,
    channel: Channel | str,
    params: dict[str, str],
    scope_path: str,
    staff_id: int | None = None,
    resident_id: int | None = None,
    phone: str = "",
    secret: str = "",
) -> Notice:
    """Promise one message to one person. A second promise with the same ``key`` is the same promise.

    ``phone`` is for somebody without an archive. What the template calls secret comes apart from the other values.
    """
    chosen = library.template(template)
    if bool(secret) != bool(chosen.secret) or chosen.secret in params:
        raise ParamsWrong(field=template)
    check_params(chosen, {**params, chosen.secret: secret} if chosen.secret else params)
    notice, is_new = Notice.objects.get_or_create(
        key=key,
        defaults={
            "lane": chosen.lane.value,
            "phone": phone,
            "secret": secret,
            "template": template,
            "channel": Channel(channel).value,
            "params": params,
            "staff_id": staff_id,
            "resident_id": resident_id,
            "scope_path": scope_path,
            "queued_at": clock.now(),
            "next_try_at": clock.now(),
        },
    )
    if is_new and chosen.lane is Lane.ORDINARY:
        jobs.defer(job=SENDING, queue=jobs.Queue.NOTICES, key="all", payload={})
    return notice


def send_due(*, actor: Actor, lane: Lane = Lane.PROMPT, limit: int = 50) -> list[Notice]:
    """Send what waits in ``lane``, oldest first; what was handed over.

    Each message is claimed, sent and marked in its own transactions, so a gateway that hangs holds no locks. A crash
    between sending and marking sends twice: a second call to a phone is the smaller harm.
    """
    sent = []
    for _ in range(limit):
        notice = _claim(actor, lane)
        if notice is None:
            break
        if _send(actor, notice):
            sent.append(notice)
    return sent


def text_now(
    *, actor: Actor, phone: str, template: str, params: dict[str, str], language: str = LANGUAGE
) -> Delivery:
    """Send one text at once and keep nothing of it: for codes, which must not lie in a table."""
    chosen = library.template(template)
    check_params(chosen, params)
    return _hand_over(phone, render(chosen, params, language))


def mark_read(*, actor: Actor, uid: str) -> Notice:
    """The receiver has seen it. Marking twice keeps the first time."""
    notice = Notice.objects.select_for_update().filter(uid=uid).first()
    if notice is None or not can_read_notice(actor, notice):
        raise NotFound
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    return notice


def gateway() -> SmsGateway:
    """The gateway the settings name."""
    made: SmsGateway = import_string(settings.ANXIN_SMS_GATEWAY)()
    return made


def _claim(actor: Actor, lane: Lane) -> Notice | None:
    """Lease the oldest message that waits, or that a crashed sender left behind; rivals never get the same one."""
    moment = clock.now()
    with unit_of_work(actor):
        notice = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(
                channel=Channel.SMS,
                lane=lane,
                outcome__in=(Outcome.QUEUED, Outcome.SENDING),
                next_try_at__lte=moment,
            )
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
        phone = _phone_of(actor, notice)
    if not phone:
        _mark(actor, notice, Outcome.NO_ADDRESS, gateway_name="")
        return False
    chosen = library.template(notice.template)
    values = {**notice.params, chosen.secret: notice.secret} if chosen.secret else notice.params
    delivery = _hand_over(phone, render(chosen, values, LANGUAGE))
    if delivery.is_accepted:
        _mark(actor, notice, Outcome.SENT, gateway_name=delivery.gateway)
    else:
        gave_up = notice.attempts >= ATTEMPTS
        _mark(actor, notice, Outcome.FAILED if gave_up else Outcome.QUEUED, gateway_name=delivery.gateway)
    return delivery.is_accepted


def _hand_over(phone: str, text: str) -> Delivery:
    carrier = gateway()
    try:
        return carrier.send(phone=phone, text=text)
    except Exception:
        log.exception("the %s gateway did not take a text", carrier.name)
        return Delivery(gateway=carrier.name, is_accepted=False)


def _mark(actor: Actor, notice: Notice, outcome: Outcome, *, gateway_name: str) -> None:
    moment = clock.now()
    kept: dict[str, str] = {} if outcome is Outcome.QUEUED else {"phone": "", "secret": ""}
    with unit_of_work(actor):
        Notice.objects.filter(id=notice.id).update(
            outcome=outcome,
            gateway=gateway_name,
            sent_at=moment if outcome is Outcome.SENT else None,
            next_try_at=moment + PAUSE * notice.attempts,
            **kept,
        )


def _phone_of(actor: Actor, notice: Notice) -> str:
    if notice.phone:
        return notice.phone
    if notice.staff is not None:
        return notice.staff.duty_phone
    return residents.phone_of(actor=actor, resident_id=notice.resident_id) if notice.resident_id else ""


def forget_messages(*, actor: Actor, resident_id: int, person_uid: str) -> Forgotten | None:
    """Delete what was sent to one person, because they asked. What still waits to be sent stays. For the house."""
    if not actor.is_system:
        raise NotPermitted
    done = Notice.objects.filter(resident_id=resident_id).exclude(
        outcome__in=(Outcome.QUEUED, Outcome.SENDING)
    )
    count = done.delete()[0]
    return Forgotten(person_uid, count) if count else None


def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """A node of the tree moved: what is kept by its path moves with it. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    rebase(Notice.objects.all(), "scope_path", old=old_path, new=new_path)
