"""What the walls cost: the same pages, reads and units of work behind three kinds of wall, in turns.

    python -m benchmarks.walls [--rounds 9] [--warnings 10000]

Three copies of one database: without row-level security, with walls that believe any scope (as they were before the
scope was signed), and as it is. Each round measures each copy once, so that a busy machine slows all three; what
carries over to another machine is the ratio.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import truediv
from typing import Any

from benchmarks.board import fill
from benchmarks.ground import Ground, heading, on_durable_database

KINDS = ("none", "unsigned", "signed")
UNITS, READS = 300, 5
BOARD = "duty board"
_UNSIGNED = (
    "SELECT set_config('anxin.scope_kind', %s, true), set_config('anxin.scope_resident', %s, true),"
    " set_config('anxin.scope_paths', %s, true)"
)


def _copies(ground: Ground) -> dict[str, str]:
    """A database for each kind; their names."""
    import psycopg
    from django.db import connections
    from psycopg import sql

    from anxin.kernel.row_security import rebuild_walls

    connections.close_all()
    server = ground.cluster.url("postgres", "postgres")
    names = {kind: f"walls_{kind}" for kind in KINDS}
    for kind, name in names.items():
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE anxin OWNER anxin_owner").format(sql.Identifier(name))
        with psycopg.connect(server, autocommit=True) as superuser:
            superuser.execute(copy)
        with psycopg.connect(ground.cluster.url("anxin_owner", name), autocommit=True) as owner:
            if kind == "unsigned":
                for statement in rebuild_walls().reverse_sql:
                    owner.execute(statement)
            if kind == "none":
                tables = owner.execute("SELECT tablename FROM pg_policies").fetchall()
                for (table,) in tables:
                    owner.execute(
                        sql.SQL(
                            "ALTER TABLE {0} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
                        ).format(sql.Identifier(table))
                    )
            owner.execute("VACUUM ANALYZE")
    return names


@contextmanager
def _behind(ground: Ground, kind: str, name: str) -> Iterator[None]:
    """Let the house work in the copy, and set the scope as that kind of wall wants it."""
    from django.db import connection, connections

    from anxin.kernel import unit_of_work as units
    from anxin.kernel.actor import Actor

    def put_unsigned(scope: Any) -> bool:
        actor: Actor | None = scope or None
        with connection.cursor() as cursor:
            paths = ",".join(actor.identified_paths) if actor and actor.is_staff else ""
            resident = str(actor.resident_id or "") if actor and actor.kind == "resident" else ""
            cursor.execute(_UNSIGNED, [actor.kind.value if actor else "", resident, paths])
        return True

    connections.close_all()
    connections.settings["default"]["NAME"] = name
    kept = units._stamp, units.written, units._put
    if kind != "signed":
        units._stamp = lambda raw: None  # type: ignore[assignment, return-value]
        units.written = lambda actor, stamp, *, lasting_seconds: actor  # type: ignore[assignment, return-value]
        units._put = put_unsigned if kind == "unsigned" else lambda scope: True
    try:
        yield
    finally:
        units._stamp, units.written, units._put = kept
        connections.close_all()


def _open_case(ground: Ground) -> str:
    from anxin.domains.cases.contracts import LegalBasis
    from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Findings, Level
    from anxin.domains.risk.models import Warning
    from anxin.flows import acknowledge_warning, assess_warning, contact_person, open_case
    from anxin.kernel.unit_of_work import unit_of_work
    from tests.small_city import SYSTEM

    zhao = ground.city.actor("zhao-ning")
    with unit_of_work(SYSTEM):
        uid = Warning.objects.order_by("id").values_list("uid", flat=True)[0]
    acknowledge_warning.acknowledge(actor=zhao, warning_uid=uid)
    contact_person.log_contact(
        actor=zhao, warning_uid=uid, channel=ContactChannel.PHONE, outcome=ContactOutcome.REACHED
    )
    assess_warning.assess(
        actor=zhao, warning_uid=uid, level=Level.L3, findings=Findings(ideation="yes"), summary="x"
    )
    case = open_case.open_case(actor=zhao, warning_uid=uid, reason="x", legal_basis=LegalBasis.CONSENT)
    return str(case.uid)


def _works(ground: Ground, client: Any, case_uid: str) -> dict[str, tuple[int, Callable[[], None]]]:
    """What is measured: how often in a round, and what."""
    from django.db import connection

    from anxin.domains.residents.models import Resident
    from anxin.kernel.unit_of_work import unit_of_work

    zhao, person = ground.city.actor("zhao-ning"), ground.city.residents["li-qing"].id

    def page(address: str) -> Callable[[], None]:
        def get() -> None:
            assert client.get(address).status_code == 200, address

        return get

    def count(table: str) -> Callable[[], None]:
        def ask() -> None:
            with unit_of_work(zhao), connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                assert cursor.fetchone()[0] > 0

        return ask

    def read() -> None:
        with unit_of_work(zhao):
            Resident.objects.get(id=person)

    def nothing() -> None:
        with unit_of_work(zhao):
            pass

    return {
        BOARD: (1, page("/staff/duty/")),
        "case page": (READS, page(f"/staff/cases/{case_uid}/")),
        "`SELECT count(*)` of the warnings": (READS, count("risk_warning")),
        "`SELECT count(*)` of a table that asks its parent": (READS, count("risk_alarmrecord")),
        "unit of work with one row read by its key": (UNITS, read),
        "unit of work with nothing in it": (UNITS, nothing),
    }


def _seconds(often: int, work: Callable[[], None]) -> float:
    before = time.perf_counter()
    for _ in range(often):
        work()
    return (time.perf_counter() - before) / often


def _queries(work: Callable[[], None]) -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        work()
    return [one["sql"] for one in caught if not one["sql"].startswith(("BEGIN", "COMMIT"))]


def _plans(ground: Ground, queries: list[str]) -> list[list[str]]:
    """How each query that reads is carried out: steps, tables and indexes, without the questions of the walls."""
    from django.db import connection

    from anxin.kernel.unit_of_work import unit_of_work

    def steps(node: dict[str, Any]) -> Iterator[str]:
        yield " ".join(
            str(node[name]) for name in ("Node Type", "Relation Name", "Index Name") if name in node
        )
        for part in node.get("Plans", ()):
            if part.get("Parent Relationship") != "InitPlan":
                yield from steps(part)

    found = []
    with unit_of_work(ground.city.actor("zhao-ning")), connection.cursor() as cursor:
        for query in queries:
            if query.startswith("SELECT") and "set_config" not in query:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query}")
                found.append(list(steps(cursor.fetchone()[0][0]["Plan"])))
    return found


def _write_alarms() -> None:
    """One alarm record for each warning, so that the child table has something to ask its parent about."""
    from anxin.domains.risk.models import AlarmRecord, Warning
    from anxin.kernel.unit_of_work import unit_of_work
    from tests.small_city import SYSTEM

    with unit_of_work(SYSTEM):
        ids = Warning.objects.values_list("id", flat=True)
        AlarmRecord.objects.bulk_create(
            [
                AlarmRecord(
                    warning_id=one, source="self_test", source_key=f"bench-{one}", level=1, is_news=False
                )
                for one in ids
            ],
            batch_size=1000,
        )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--warnings", type=int, default=10_000)
    chosen = options.parse_args()
    with on_durable_database() as ground:
        from django.test import Client

        client = Client(headers={"host": "localhost"})
        client.force_login(
            ground.city.accounts["zhao-ning"], backend="anxin.domains.accounts.backends.LoginBackend"
        )
        fill(ground, chosen.warnings)
        _write_alarms()
        works = _works(ground, client, _open_case(ground))
        times: dict[tuple[str, str], list[float]] = {(title, kind): [] for title in works for kind in KINDS}
        queries: dict[tuple[str, str], list[str]] = {}
        plans: dict[str, list[list[str]]] = {}
        copies = _copies(ground)
        for turn in range(chosen.rounds):
            for place in range(len(KINDS)):
                kind = KINDS[(turn + place) % len(KINDS)]  # nobody is always first
                with _behind(ground, kind, copies[kind]):
                    for title, (often, work) in works.items():
                        work()  # the connection, its plans and its pages
                        times[title, kind].append(_seconds(often, work))
        for kind, name in copies.items():
            with _behind(ground, kind, name):
                queries |= {(title, kind): _queries(work) for title, (_, work) in works.items()}
                plans[kind] = _plans(ground, queries[BOARD, kind])
        heading("Walls", f"{chosen.warnings:,} open warnings, median of {chosen.rounds} rounds in turns")
        _print(list(works), times, {key: len(made) for key, made in queries.items()})
        same = sum(one == other for one, other in zip(plans["unsigned"], plans["signed"], strict=True))
        print(
            f"\nOf the {len(plans['signed'])} reads of the board, {same} are carried out as behind the unsigned walls."
        )


def _print(
    titles: list[str], times: dict[tuple[str, str], list[float]], queries: dict[tuple[str, str], int]
) -> None:
    print("| | no wall ms | unsigned ms | signed ms | signed / unsigned | signed / no wall | queries |")
    print("|---|---|---|---|---|---|---|")
    for title in titles:
        none, unsigned, signed = (statistics.median(times[title, kind]) * 1000 for kind in KINDS)
        counts = "/".join(str(queries[title, kind]) for kind in KINDS)
        over = [
            statistics.median(map(truediv, times[title, "signed"], times[title, kind]))
            for kind in ("unsigned", "none")
        ]
        print(
            f"| {title} | {none:.2f} | {unsigned:.2f} | {signed:.2f} | {over[0]:.2f} | {over[1]:.2f} | {counts} |"
        )


if __name__ == "__main__":
    main()
