"""Promised side effects: written inside the transaction that causes them, claimed by lease, finished after the work.

A crash between claim and finish means the lease runs out and the message is claimed again, so every consumer must be
idempotent. Critical messages (priority 0) leave before everything else. Nothing depends on a notification arriving:
LISTEN only shortens the one-second poll.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from anxin.kernel import clock
from anxin.kernel.models import OutboxMessage

CHANNEL = "anxin_outbox"
CRITICAL, ORDINARY = 0, 5
LEASE = timedelta(seconds=30)
MAX_BACKOFF_SECONDS = 300


def enqueue(
    *,
    topic: str,
    key: str,
    payload: dict[str, object],
    priority: int = ORDINARY,
    not_before: datetime | None = None,
) -> None:
    """Promise ``topic`` once per ``key``; a second promise with the same key is the same promise.

    ``not_before`` (aware) holds it back until then; without it the message may leave at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an outbox message belongs into the transaction that causes it")
    moment = clock.now()
    message = OutboxMessage(
        topic=topic,
        key=key,
        payload=payload,
        priority=priority,
        queued_at=moment,
        available_at=not_before or moment,
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    if priority == CRITICAL:
        nudge()


def nudge() -> None:
    """Wake the worker at commit. Never from a mass submission: NOTIFY takes a global lock when it commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def claim(*, by: str, limit: int = 20, topics: Sequence[str] | None = None) -> list[OutboxMessage]:
    """Lease up to ``limit`` due messages to ``by``, most urgent first; rivals never get the same one."""
    moment = clock.now()
    due = OutboxMessage.objects.filter(finished_at__isnull=True, available_at__lte=moment)
    if topics is not None:
        due = due.filter(topic__in=topics)
    with transaction.atomic():
        rows = list(
            due.order_by("priority", "available_at", "id").select_for_update(skip_locked=True)[:limit]
        )
        for row in rows:
            row.leased_by, row.leased_until, row.available_at = by, moment + LEASE, moment + LEASE
            row.attempts += 1
        OutboxMessage.objects.bulk_update(rows, ["leased_by", "leased_until", "available_at", "attempts"])
    return rows


def finish(message: OutboxMessage) -> None:
    """The work is done, for good."""
    OutboxMessage.objects.filter(id=message.id).update(
        finished_at=clock.now(), leased_until=None, last_error=""
    )


def retry_later(message: OutboxMessage, error: str) -> None:
    """The work failed: keep the promise and try again, more slowly each time, forever. The board counts these."""
    pause = timedelta(seconds=min(2 ** min(message.attempts, 10), MAX_BACKOFF_SECONDS))
    OutboxMessage.objects.filter(id=message.id).update(
        available_at=clock.now() + pause, leased_until=None, last_error=error[:2000]
    )


def stuck_count() -> int:
    """Messages that failed at least three times and are still owed."""
    return OutboxMessage.objects.filter(finished_at__isnull=True, attempts__gte=3).count()
