"""The trail: what writing it costs, how fast it is sealed and verified, and how far the seal lies behind under load.

    python -m benchmarks.audit [--seconds 4] [--rounds 3] [--rows 50000]

Writing is measured in turns, in the same run: one row a transaction as the product writes it, the same without the
trigger that makes it wait for its seal, and the same with a chain made by the writer itself (which is what a seal made
in the writing transaction would mean: one lock for all).
"""

import argparse
import os
import threading
import time
from collections.abc import Callable
from statistics import median

import psycopg

from benchmarks.ground import Ground, heading, on_durable_database

CLIENTS = 4
SEAL_EVERY = 2.0
_FILL = """
INSERT INTO audit_auditevent (uid, occurred_at, request_uid, actor_kind, actor_uid, actor_label, event, subject_uid,
  subject_number, node_path, person_uid, reason)
SELECT gen_random_uuid()::text, now(), gen_random_uuid()::text, 'staff', gen_random_uuid()::text, '赵宁',
  'risk:warning:viewed', gen_random_uuid()::text, 'W-' || n, '/1/2/3/', gen_random_uuid()::text, ''
FROM generate_series(1, %s) n
"""


def _in_threads(work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(index,)) for index in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _written(seconds: float, *, locking: bool = False) -> float:
    """Rows a second, one a transaction, as the product writes them."""
    from django.db import connection

    from anxin.domains.audit import api as audit
    from anxin.kernel.actor import Actor
    from anxin.kernel.unit_of_work import unit_of_work

    actor, counts, stop = Actor.system("bench"), [0] * CLIENTS, time.monotonic() + seconds

    def write(index: int) -> None:
        while time.monotonic() < stop:
            with unit_of_work(actor):
                if locking:
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_advisory_xact_lock(1)")
                audit.record(actor=actor, event="risk:warning:viewed", subjects=[audit.Subject(number="W-1")])
            counts[index] += 1
        connection.close()

    _in_threads(write)
    return sum(counts) / seconds


def _owner(ground: Ground, statement: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(ground.owner_url) as connection:
        connection.execute("SELECT walls.take_house_scope()")  # the wall holds the owner too
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _cost_of_writing(ground: Ground, seconds: float, rounds: int) -> dict[str, float]:
    found: dict[str, list[float]] = {"product": [], "no trigger": [], "chained": []}
    for _ in range(rounds):
        found["product"].append(_written(seconds))
        _owner(ground, "ALTER TABLE audit_auditevent DISABLE TRIGGER audit_await_seal")
        found["no trigger"].append(_written(seconds))
        _owner(ground, "ALTER TABLE audit_auditevent ENABLE TRIGGER audit_await_seal")
        found["chained"].append(_written(seconds, locking=True))
    _owner(ground, "TRUNCATE audit_auditevent, audit_auditwaiting")
    return {name: median(rates) for name, rates in found.items()}


def _seal_all(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    total = 0
    while True:
        row = connection.execute("SELECT audit_seal(1000, clock_timestamp())").fetchone()
        sealed = int(str(row[0])) if row else 0
        total += max(sealed, 0)
        if sealed < 1000:
            return total


def _sealed_and_verified(ground: Ground, rows: int) -> tuple[float, float]:
    from anxin.domains.audit import api as audit
    from anxin.kernel.actor import Actor

    _owner(ground, _FILL, rows)
    with psycopg.connect(ground.cluster.url("anxin_worker"), autocommit=True) as worker:
        began = time.perf_counter()
        _seal_all(worker)
        sealing = rows / (time.perf_counter() - began)
    began = time.perf_counter()
    verdict = audit.verify(actor=Actor.system("bench"), folder=ground.folder / "audit")
    took = time.perf_counter() - began
    if verdict.rows != rows or not verdict.is_intact:
        raise SystemExit(f"the trail is not whole: {verdict.faults[:3]}")
    return sealing, rows / took


def _lag_under_load(ground: Ground, seconds: float) -> tuple[float, float, float]:
    """Rows written a second, and median and worst seconds from the act to its seal."""
    last = _owner(ground, "SELECT coalesce(max(sequence), 0) FROM audit_auditseal")[0][0]
    stopping = threading.Event()

    def seal() -> None:
        with psycopg.connect(ground.cluster.url("anxin_worker"), autocommit=True) as worker:
            while not stopping.wait(SEAL_EVERY):
                _seal_all(worker)
            _seal_all(worker)

    sealer = threading.Thread(target=seal)
    sealer.start()
    rate = _written(seconds)
    stopping.set()
    sealer.join()
    row = _owner(
        ground,
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lag), max(lag) FROM ("
        " SELECT extract(epoch FROM s.sealed_at - e.occurred_at)::float AS lag FROM audit_auditseal s"
        " JOIN audit_auditevent e ON e.id = s.event_id WHERE s.sequence > %s) lags",
        last,
    )[0]
    return rate, float(str(row[0])), float(str(row[1]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=50_000)
    chosen = parser.parse_args()
    with on_durable_database() as ground:
        heading(
            "The trail",
            f"{CLIENTS} connections, {chosen.rounds} rounds of {chosen.seconds:g} s each, {os.cpu_count()} cores",
        )
        _owner(ground, "TRUNCATE audit_auditevent, audit_auditwaiting")
        rates = _cost_of_writing(ground, chosen.seconds, chosen.rounds)
        sealing, verifying = _sealed_and_verified(ground, chosen.rows)
        load, usual, worst = _lag_under_load(ground, chosen.seconds * 4)
    bare = rates["no trigger"]
    print("| what | measured |")
    print("|---|---|")
    print(f"| rows written a second, one a transaction, sealed afterwards | {rates['product']:.0f} |")
    print(f"| the same without the trigger | {bare:.0f} (ratio {rates['product'] / bare:.2f}) |")
    print(
        f"| the same with one lock for all | {rates['chained']:.0f} (ratio {rates['chained'] / bare:.2f}) |"
    )
    print(f"| rows sealed a second ({chosen.rows:,} rows) | {sealing:.0f} |")
    print(f"| rows verified a second | {verifying:.0f} |")
    print(
        f"| from the act to its seal at {load:.0f} rows a second | median {usual:.1f} s, at most {worst:.1f} s |"
    )


if __name__ == "__main__":
    main()
