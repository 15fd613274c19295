"""Work that may take its time: reports, imports, messages that are no alarm. The only place that knows procrastinate.

A job is deferred inside the transaction that causes it, and is gone when that is rolled back. It is carried out at
least once by a process of its own (``anxin jobs``, a child of the worker), so every job must be able to go on where it
stopped, and to find that there is nothing left to do. What has a due time, raises a warning or calls somebody does not
belong here but in the outbox and the deadlines: no clock waits for a job.

Jobs carry names and uids, never a person's data: the tables of the queue are outside the inner wall.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection, connections, transaction
from procrastinate import App, BaseRetryStrategy, RetryDecision, exceptions
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.job_context import JobContext
from procrastinate.jobs import DeleteJobCondition, Job

from anxin.kernel import heartbeat

log = logging.getLogger(__name__)
HEARTBEAT = "jobs"
TRIES = 8
LONGEST_PAUSE_SECONDS = 300
BEAT_SECONDS = 5.0
SILENT_SECONDS = 15.0
POLL_SECONDS = 2.0
CONCURRENCY = 2


class Queue(StrEnum):
    """What kind of work it is."""

    NOTICES = "notices"
    REPORTS = "reports"
    IMPORTS = "imports"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a job is carried out, and what is done when it was given up after :data:`TRIES` tries."""

    queue: Queue
    carry_out: Callable[[dict[str, Any]], object]
    give_up: Callable[[dict[str, Any]], object] | None = None


def defer(
    *,
    job: str,
    queue: Queue,
    key: str,
    payload: dict[str, Any],
    lock: str = "",
    after_seconds: int = 0,
) -> None:
    """Promise ``job``. While one with the same ``key`` waits, a second promise is the same promise.

    Jobs with the same ``lock`` (else: the same key) are never carried out at the same time. ``after_seconds`` are real
    ones, whatever the clock of the house says: a pause, no due time.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a job belongs into the transaction that causes it")
    waiting = f"{job}:{key}"
    try:
        with transaction.atomic():
            app.configure_task(
                job,
                queue=queue.value,
                queueing_lock=waiting,
                lock=lock or waiting,
                schedule_in={"seconds": after_seconds} if after_seconds else None,
                allow_unknown=True,
            ).defer(payload=payload)
    except exceptions.AlreadyEnqueued:
        log.debug("%s waits already", waiting)


def serve(kinds: Mapping[str, Kind], *, stopping: Callable[[], bool]) -> None:
    """Carry out jobs until told to stop. Raises when the database goes away; whoever started it starts it again."""
    asyncio.run(_serve(kinds, stopping))


class Patience(BaseRetryStrategy):
    """Every fault is tried again, more slowly each time, a limited number of times."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """The pause before the next try, or none."""
        if job.attempts + 1 >= TRIES:
            return None
        return RetryDecision(retry_in={"seconds": min(2 ** (job.attempts + 1), LONGEST_PAUSE_SECONDS)})


async def _serve(kinds: Mapping[str, Kind], stopping: Callable[[], bool]) -> None:
    served = DjangoApp(connector=app.connector.get_worker_connector())  # type: ignore[attr-defined]
    for name, kind in kinds.items():
        served.task(name=name, queue=kind.queue.value, retry=Patience(), pass_context=True)(_runner(kind))
    async with served.open_async():
        working = asyncio.create_task(
            served.run_worker_async(
                queues=[queue.value for queue in Queue],
                concurrency=CONCURRENCY,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=BEAT_SECONDS,
                stalled_worker_timeout=SILENT_SECONDS,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                shutdown_graceful_timeout=BEAT_SECONDS,
                install_signal_handlers=False,
            )
        )
        watching = asyncio.create_task(_watch(served, stopping))
        try:
            await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watching.cancel()
            working.cancel()
            ended = await asyncio.gather(working, watching, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                raise one


async def _watch(served: App, stopping: Callable[[], bool]) -> None:
    """Beat, and take over what a process that was killed left in hand. Ends when told to stop."""
    while not stopping():
        await asyncio.to_thread(_beat)
        await served.job_manager.prune_stalled_workers(SILENT_SECONDS)
        for job in await served.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
            log.warning("job %s (%s) was left behind; it goes on", job.id, job.task_name)
            await served.job_manager.retry_job(job)
        for _ in range(int(BEAT_SECONDS * 10)):
            if stopping():
                return
            await asyncio.sleep(0.1)


def _runner(kind: Kind) -> Callable[..., None]:
    def run(context: JobContext, payload: dict[str, Any]) -> None:
        try:
            kind.carry_out(payload)
        except Exception:
            if kind.give_up is not None and context.job.attempts + 1 >= TRIES:
                log.exception("%s was tried %s times and is given up", context.job.task_name, TRIES)
                kind.give_up(payload)
            raise
        finally:
            connections.close_all()  # the thread belongs to a pool, and nobody looks after its connection

    return run


def _beat() -> None:
    try:
        heartbeat.beat(HEARTBEAT)
    finally:
        connections.close_all()
