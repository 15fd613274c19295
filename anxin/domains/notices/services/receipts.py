"""What providers report of what they were handed: each report once, in any order. The signature was checked before."""

import logging

from django.db import IntegrityError, transaction

from anxin.domains.notices.contracts import CallRepeated, Outcome, ReceiptEvent, ReceiptState
from anxin.domains.notices.models import Notice, Receipt, ReceiptCall
from anxin.domains.notices.rules.reach import after_receipt
from anxin.domains.notices.services import reaching
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.signed_calls import WINDOW

log = logging.getLogger(__name__)
_OUTCOMES = {
    ReceiptState.DELIVERED: Outcome.DELIVERED,
    ReceiptState.READ: Outcome.READ,
    ReceiptState.FAILED: Outcome.UNDELIVERED,
}


def take_receipts(*, actor: Actor, gateway: str, signature: str, events: list[ReceiptEvent]) -> int:
    """Keep what the provider reports; how much of it was new. For the house. Raises ``CallRepeated``."""
    if not actor.is_system:
        raise NotPermitted
    moment = clock.now()
    ReceiptCall.objects.filter(received_at__lt=moment - 2 * WINDOW).delete()
    _, is_new = ReceiptCall.objects.get_or_create(signature=signature, defaults={"received_at": moment})
    if not is_new:
        raise CallRepeated
    # In one order for everybody, so that two calls about the same letters wait for each other and never in a circle.
    return sum(_take(gateway, event) for event in sorted(events, key=lambda one: (one.key, one.event_id)))


def _take(gateway: str, event: ReceiptEvent) -> bool:
    notice = Notice.objects.select_for_update(of=("self",)).filter(uid=event.key).first()
    if notice is None:
        log.warning("the %s gateway reports about a letter that is not known here", gateway)
        return False
    try:
        with transaction.atomic():
            Receipt.objects.create(
                gateway=gateway,
                event_id=event.event_id,
                notice=notice,
                state=event.state.value,
                happened_at=event.at,
            )
    except IntegrityError:
        return False
    before = Outcome(notice.outcome)
    reported = after_receipt(before, _OUTCOMES[event.state])
    if reported is before:
        return True
    notice.outcome, notice.gateway = reported, gateway
    notice.phone = notice.secret = ""
    notice.sent_at = notice.sent_at or event.at
    if reported in (Outcome.DELIVERED, Outcome.READ):
        notice.delivered_at = notice.delivered_at or event.at
    if reported is Outcome.READ:
        notice.read_at = event.at
    notice.save()
    reaching.heed(notice)
    return True
