"""While the worker is silent, the web process climbs the ladders in its place. An advisory lock keeps it to one."""

import asyncio
import logging
import os

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection, transaction

from anxin.flows.escalate_overdue import escalate_overdue
from anxin.kernel import heartbeat

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = float(os.environ.get("ANXIN_WATCHDOG_SECONDS", "5"))
_LOCK = 726_001


async def watch_worker() -> None:
    """Look for ever; a fault is logged and the next look comes anyway."""
    while True:
        try:
            await sync_to_async(stand_in)()
        except Exception:
            log.exception("watchdog: could not look")
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def stand_in() -> int:
    """Run the sweep once if the worker's heartbeat is stale and nobody else stands in; how many clocks moved."""
    close_old_connections()
    if not heartbeat.is_stale(heartbeat.WORKER):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        return escalate_overdue()
