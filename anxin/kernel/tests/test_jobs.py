"""Jobs: promised with the transaction, carried out at least once, taken over from the dead, given up at the end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction

from anxin.kernel import heartbeat, jobs
from anxin.kernel.actor import Actor
from anxin.kernel.jobs import Kind, Queue
from anxin.kernel.unit_of_work import unit_of_work
from tests.system.stack import eventually

SYSTEM = Actor.system("test")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that a test can wait for."""
    monkeypatch.setattr(jobs, "LONGEST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(jobs, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.2)


@contextmanager
def served(**kinds: Callable[[dict[str, Any]], object] | Kind) -> Iterator[None]:
    """A process that carries out jobs, in a thread of this one."""
    stop = threading.Event()
    known = {name: one if isinstance(one, Kind) else Kind(Queue.REPORTS, one) for name, one in kinds.items()}

    def run() -> None:
        try:
            jobs.serve(known, stopping=stop.is_set)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


def promise(job: str = "count", *, key: str = "k", **payload: Any) -> None:
    with unit_of_work(SYSTEM):
        jobs.defer(job=job, queue=Queue.REPORTS, key=key, payload=payload)


def left(status: str = "todo") -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status::text = %s", [status])
        return int(cursor.fetchone()[0])


def test_a_job_outside_a_transaction_is_refused(fresh_db: str) -> None:
    with pytest.raises(RuntimeError):
        jobs.defer(job="count", queue=Queue.REPORTS, key="k", payload={})
    assert left() == 0


@pytest.mark.django_db
def test_a_job_is_gone_with_the_transaction_that_caused_it() -> None:
    with transaction.atomic():
        promise()
        assert left() == 1
        transaction.set_rollback(True)
    assert left() == 0


@pytest.mark.django_db
def test_the_same_promise_twice_is_one_promise_and_spoils_nothing() -> None:
    promise(key="a")
    promise(key="a")
    promise(key="b")
    assert left() == 2


def test_a_job_is_carried_out_and_the_process_shows_that_it_lives(fresh_db: str, quick: None) -> None:
    seen: list[dict[str, Any]] = []
    with served(count=seen.append):
        promise(uid="u1")
        eventually("the job is done", lambda: seen and left() == left("doing") == 0)
        assert seen == [{"uid": "u1"}]
        assert not heartbeat.is_stale(jobs.HEARTBEAT)


def test_a_fault_is_tried_again_and_holds_up_no_other(fresh_db: str, quick: None) -> None:
    tries: list[str] = []

    def falter(payload: dict[str, Any]) -> None:
        tries.append(payload["uid"])
        if payload["uid"] == "bad" and tries.count("bad") < 3:
            raise OSError("not today")

    promise(key="bad", uid="bad")
    promise(key="good", uid="good")
    with served(count=falter):
        eventually("both are done", lambda: left() == left("doing") == 0 and tries.count("bad") == 3)
    assert tries.count("good") == 1
    assert left("failed") == 0


def test_what_always_fails_is_given_up_and_says_so(
    fresh_db: str, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "TRIES", 3)
    tries: list[dict[str, Any]] = []
    given_up: list[Any] = []

    def fail(payload: dict[str, Any]) -> None:
        tries.append(payload)
        raise OSError("never")

    promise(uid="u")
    with served(count=Kind(Queue.REPORTS, fail, give_up=given_up.append)):
        eventually("it is given up", lambda: left("failed") == 1)
    assert len(tries) == 3
    assert given_up == [{"uid": "u"}]


def test_what_a_killed_process_left_in_hand_is_taken_over(fresh_db: str, quick: None) -> None:
    promise(uid="u")
    with connection.cursor() as cursor:  # as after kill -9: in hand, of a process that beat long ago
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [cursor.fetchone()[0]]
        )
    seen: list[dict[str, Any]] = []
    with served(count=seen.append):
        eventually("it is done all the same", lambda: bool(seen))
    assert seen == [{"uid": "u"}]
