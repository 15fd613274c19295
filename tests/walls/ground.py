"""Ground for attacks: a clone in which every personal table has rows of two sides, and raw logins to it.

The rows are written by the server's superuser past every wall, key and check, in a database that is thrown away: what
matters here is only whom a row belongs to. So a new table is attacked from its first day, whether or not anything fills
it yet.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from django.apps import apps
from psycopg import sql

from anxin.kernel.actor import Actor
from anxin.kernel.models import Pii
from anxin.kernel.scopes import LASTING_SECONDS, STAMP_QUERY, Stamp, written
from anxin.platform.postgres import Cluster

Connection = psycopg.Connection[tuple[Any, ...]]
ROWS_OF_A_SIDE = 3
_SCOPED = re.compile(r"scope_sees\(\(*(\w+)\)*::text, \(*(\w+)\)*(?:::bigint)?, \( SELECT scope_paths\(\)")
_THROUGH = re.compile(r"FROM (\w+) p\s+WHERE \(p\.id = \w+\.(\w+)\)")


@dataclass(frozen=True)
class Wall:
    """What the database says about one table: the columns that place a row, or the parent that does."""

    table: str
    policy: str
    paths: tuple[str, ...]
    resident: str
    parent: str
    key: str


@dataclass(frozen=True)
class Side:
    """One unit and one of its people."""

    path: str
    resident: int


def personal_tables() -> dict[str, str]:
    """Each table annotated as personal, with the column of its key."""
    return {
        model._meta.db_table: model._meta.pk.column
        for model in apps.get_models()
        if model.__dict__.get("pii") is Pii.PERSONAL
    }


def walls(connection: Connection) -> dict[str, Wall]:
    """The walls as they stand."""
    found = connection.execute(
        "SELECT tablename, qual FROM pg_policies WHERE schemaname = 'public'"
    ).fetchall()
    made = {}
    for table, policy in found:
        placed, parent = _SCOPED.findall(policy), _THROUGH.search(policy)
        residents = {resident for _, resident in placed} - {"NULL"}
        made[table] = Wall(
            table=table,
            policy=policy,
            paths=tuple(path for path, _ in placed if path != "NULL"),
            resident=residents.pop() if residents else "",
            parent=parent.group(1) if parent else "",
            key=parent.group(2) if parent else "",
        )
    return made


class Filler:
    """Writes rows for a side into every table, parents first."""

    def __init__(self, superuser: Connection) -> None:
        self._connection = superuser
        self._walls = walls(superuser)
        self._keys = personal_tables()
        self._number = count(1_000_000)
        superuser.execute("SET session_replication_role = replica")
        for table in self._keys:
            self._tear_down_checks(table)

    def fill(self, side: Side) -> dict[str, set[int]]:
        """The keys of the rows of ``side``, by table."""
        made: dict[str, set[int]] = {}
        for table in self._keys:
            self._fill(table, side, made)
        return made

    def _fill(self, table: str, side: Side, made: dict[str, set[int]]) -> None:
        if table in made:
            return
        wall = self._walls[table]
        known: dict[str, Any] = dict.fromkeys(wall.paths, side.path)
        if wall.resident and wall.resident != self._keys[table]:
            known[wall.resident] = side.resident
        if wall.parent:
            self._fill(wall.parent, side, made)
            known[wall.key] = min(made[wall.parent])
        made[table] = {self._insert(table, known) for _ in range(ROWS_OF_A_SIDE)}

    def _tear_down_checks(self, table: str) -> None:
        drop = "ALTER TABLE {0} DROP CONSTRAINT {1} CASCADE"
        for statement, names in (
            (
                drop,
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'x', 'u')",
            ),
            (
                "DROP INDEX {1} CASCADE",
                "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                " WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary",
            ),
        ):
            for (name,) in self._connection.execute(names, [table]).fetchall():
                composed = sql.SQL(statement).format(sql.Identifier(table), sql.Identifier(name))
                self._connection.execute(composed)

    def _insert(self, table: str, known: dict[str, Any]) -> int:
        wanted = self._connection.execute(
            "SELECT column_name, udt_name, character_maximum_length FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL"
            " AND is_identity = 'NO' AND is_generated = 'NEVER'",
            [table],
        ).fetchall()
        row = {name: self._any(kind, longest) for name, kind, longest in wanted} | known
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
            sql.Identifier(self._keys[table]),
        )
        made = self._connection.execute(statement, list(row.values())).fetchone()
        assert made is not None
        return int(made[0])

    def _any(self, kind: str, longest: int | None) -> Any:
        number = next(self._number)
        if kind.startswith("_"):
            return "{}"
        return {
            "bool": False,
            "jsonb": "{}",
            "timestamptz": "2026-01-05T08:00:00Z",
            "date": "2026-01-05",
            "time": "08:00",
            "interval": "1 day",
            "uuid": f"00000000-0000-7000-8000-{number:012d}",
            "int2": 1,
            "bytea": b"x",
            "inet": "192.0.2.1",
            "tstzrange": "[2026-01-05T08:00:00Z,)",
        }.get(kind, str(number)[:longest] if kind in ("text", "varchar", "bpchar") else number)


class Ground:
    """The clone, its two sides, and logins to it."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self._cluster, self._name = cluster, name
        self.keys = personal_tables()
        self._all = " UNION ALL ".join(
            f'SELECT \'{table}\', "{key}" FROM "{table}"' for table, key in self.keys.items()
        )

    @contextmanager
    def login(self, role: str, **options: Any) -> Iterator[Connection]:
        """A bare connection with the role's own password."""
        with psycopg.connect(self._cluster.url(role, self._name), **options) as connection:
            yield connection

    def seen(self, connection: Connection) -> dict[str, set[int]]:
        """Every personal row that the connection is shown, by one query over all personal tables."""
        found: dict[str, set[int]] = {}
        for table, key in connection.execute(self._all).fetchall():
            found.setdefault(table, set()).add(key)
        return found


def sign(connection: Connection, actor: Actor, *, lasting_seconds: float = LASTING_SECONDS) -> str:
    """The scope of ``actor`` for the running transaction, signed as the processes of the house sign."""
    answer = connection.execute(STAMP_QUERY).fetchone()
    assert answer is not None
    return written(actor, Stamp.of(answer[0]), lasting_seconds=lasting_seconds)


def put(connection: Connection, scope: str, *, is_local: bool = True) -> None:
    """Set the scope, as anybody may try to."""
    connection.execute("SELECT set_config('anxin.scope', %s, %s)", [scope, is_local])
