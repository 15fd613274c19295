"""The worker: one loop that keeps promises and climbs ladders, and never gives up.

It wakes on a notification or after one second, whichever is first; criticals before ordinary ones; due clocks before
both. A fault in one message is written to that message and the loop goes on; a lost database means trying
again until it is back. It holds nothing in memory that matters, so kill -9 costs at most a lease.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from anxin.flows.adopt_submissions import Adopter
from anxin.flows.escalate_overdue import escalate_overdue
from anxin.flows.reach_people import forget_calls_taken_over
from anxin.flows.remind_of_roles import remind_of_roles
from anxin.flows.seal_trail import seal_trail
from anxin.flows.send_notices import send_notices
from anxin.flows.sweep_unevaluated import sweep_unevaluated
from anxin.flows.triage_campaign import sweep_campaigns
from anxin.flows.verify_trail import ask_if_due
from anxin.kernel import heartbeat, outbox
from anxin.kernel.actor import Actor
from anxin.kernel.models import OutboxMessage
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform import paths
from anxin.platform.errors import PlatformError
from anxin.platform.supervisor import Program, Supervisor
from config.consumers import consumer

log = logging.getLogger(__name__)
T = TypeVar("T")
POLL_SECONDS = 1.0
CRITICAL_POLL_SECONDS = 0.5
SEAL_SECONDS = 2.0
BEAT_EVERY, SWEEP_EVERY, LOOK_FOR_CHECK_EVERY = 5.0, 30.0, 600.0
BATCH = 50


class Worker:
    """One worker process."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.stopping = False
        self._last: dict[str, float] = {}

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """End after the step in hand."""
        self.stopping = True

    def run(self) -> None:
        """Until told to stop."""
        for work in (send_for_ever, seal_for_ever, adopt_critical_for_ever, adopt_for_ever):
            threading.Thread(target=work, args=(lambda: self.stopping,), daemon=True).start()
        while not self.stopping:
            try:
                busy = self.step()
                if not busy:
                    self._wait()
            except (OperationalError, InterfaceError, psycopg.Error):
                log.warning("the database does not answer; trying again", exc_info=True)
                connection.close()
                time.sleep(POLL_SECONDS)

    def step(self) -> bool:
        """One round; whether there may be more to do at once."""
        close_old_connections()
        self._every(BEAT_EVERY, "beat", self._beat)
        climbed = attempt("escalation", escalate_overdue)
        messages = outbox.claim(by=self.name, limit=BATCH)
        for message in messages:
            keep_promise(message)
        self._every(SWEEP_EVERY, "sweep", lambda: attempt("sweep", sweep_unevaluated))
        return bool(climbed or messages)

    def _beat(self) -> None:
        # A worker to whom the database shows an empty city does not beat: it keeps no clock.
        with unit_of_work(Actor.system("worker")):
            heartbeat.beat(heartbeat.WORKER)

    def _every(self, seconds: float, name: str, work: Callable[[], object]) -> None:
        moment = time.monotonic()
        if moment - self._last.get(name, -1e9) >= seconds:
            work()
            self._last[name] = moment

    def _wait(self) -> None:
        """Sleep until a notification or the next poll."""
        connection.ensure_connection()
        raw = connection.connection
        raw.execute(f"LISTEN {outbox.CHANNEL}")
        for _ in raw.notifies(timeout=POLL_SECONDS, stop_after=1):
            break


def attempt(name: str, work: Callable[[], T]) -> T | None:
    """Run one part of the round; a fault in it is logged and holds up no other part."""
    try:
        return work()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("%s failed; the next round tries again", name)
        return None


def send_for_ever(stopping: Callable[[], bool]) -> None:
    """Messages leave in a thread of their own: a slow gateway must not hold up a clock."""
    looked_at = time.monotonic()
    while not stopping():
        try:
            close_old_connections()
            attempt("sending", send_notices)
            if time.monotonic() - looked_at >= SWEEP_EVERY:
                attempt("calls taken over", forget_calls_taken_over)
                looked_at = time.monotonic()
        except (OperationalError, InterfaceError, psycopg.Error):
            connection.close()
        time.sleep(POLL_SECONDS)


def seal_for_ever(stopping: Callable[[], bool]) -> None:
    """The trail is sealed in a thread of its own: a long backlog must not hold up a clock."""
    looked_at = time.monotonic()
    while not stopping():
        try:
            close_old_connections()
            attempt("sealing", seal_trail)
            if time.monotonic() - looked_at >= LOOK_FOR_CHECK_EVERY:
                attempt("daily verification", ask_if_due)
                attempt("roles that end", remind_of_roles)
                looked_at = time.monotonic()
        except (OperationalError, InterfaceError, psycopg.Error):
            connection.close()
        time.sleep(SEAL_SECONDS)


def adopt_critical_for_ever(stopping: Callable[[], bool]) -> None:
    """A critical answer of a campaign must not wait for a set of a hundred others."""
    adopter, looked_at = Adopter(), time.monotonic()
    while not stopping():
        busy = None
        try:
            close_old_connections()
            if time.monotonic() - looked_at >= SWEEP_EVERY:
                adopter.look_again()
                looked_at = time.monotonic()
            busy = attempt("critical adoption", adopter.step_critical)
        except (OperationalError, InterfaceError, psycopg.Error):
            connection.close()
        if not busy:
            time.sleep(CRITICAL_POLL_SECONDS)


def adopt_for_ever(stopping: Callable[[], bool]) -> None:
    """What campaigns take in is adopted in a thread of its own: a city's forms must not hold up a clock."""
    adopter, looked_at = Adopter(), time.monotonic()
    while not stopping():
        busy = None
        try:
            close_old_connections()
            if time.monotonic() - looked_at >= SWEEP_EVERY:
                adopter.look_again()
                attempt("campaigns", sweep_campaigns)
                looked_at = time.monotonic()
            busy = attempt("adoption", adopter.step_set)
        except (OperationalError, InterfaceError, psycopg.Error):
            connection.close()
        if not busy:
            time.sleep(POLL_SECONDS)


def keep_promise(message: OutboxMessage) -> None:
    """Carry out one message; a fault goes to the message, never to the loop."""
    try:
        consumer(message.topic)(message.payload)
    except (OperationalError, InterfaceError) as error:
        if not connection.is_usable():
            raise
        outbox.retry_later(message, repr(error))  # a deadlock or a timeout; the others are not to wait for it
    except Exception as error:
        log.exception("%s %s failed (attempt %s)", message.topic, message.uid, message.attempts)
        outbox.retry_later(message, repr(error))
    else:
        outbox.finish(message)


def main() -> None:
    """Entry of ``anxin worker``; Django is set up by the caller."""
    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    with jobs_beside(lambda: worker.stopping):
        worker.run()


@contextmanager
def jobs_beside(stopping: Callable[[], bool]) -> Iterator[None]:
    """The process that carries out jobs, ended with us and started again when it dies.

    A process, because a long import in this one would take the interpreter and the memory that a clock needs. It is
    started before there are threads here, and looked after in one: a fork that hangs must not hold up the loop.
    """
    env = {**os.environ, "ANXIN_PROCESS": "jobs"}
    log_file = paths.state_dir() / "log" / "jobs.log"
    command = [sys.executable, "-m", "anxin.cli", "jobs"]
    jobs = Program("jobs", command, env=env, cwd=paths.checkout(), log=log_file, grace_seconds=2)
    supervisor = Supervisor([jobs], announce=log.warning)
    watching = threading.Thread(target=supervisor.run, args=(stopping,), daemon=True)
    try:
        supervisor.__enter__()
    except PlatformError:
        log.exception("no jobs will be carried out")
    else:
        watching.start()
    try:
        yield
    finally:
        if watching.ident is not None:
            watching.join(5)
        supervisor.stop()
