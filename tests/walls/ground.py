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
_WATCHED = re.compile(r"scope_sees\(\('watch:'::text \|\| \(?(?:COALESCE\(NULLIF\()?\(*(\w+)")
_NAMED = re.compile(r"\((\w+)\)::text = ANY \(\( SELECT scope_selves\(\)")
_ACCOUNT = re.compile(r"\((\w+) IN \( SELECT a\.id")
_THROUGH = re.compile(r"FROM (\w+) p\s+WHERE \(\(?p\.(id|uid)\)?(?:::text)? = \(?\w+\.(\w+)\)?(?:::text)?\)")

# Pseudonymous tables that stand behind no wall, each with the reason. A table that names a person, under whatever
# annotation, is never one of them (``names_a_person``).
WITHOUT_WALL = {
    "kernel_outboxmessage": "uids of what is to be done; the worker takes the next message before it knows whose it is",
    "audit_auditcheck": "what a verification found: places in the chain and uids of rows of the trail",
    "accounts_account": "read to find out who is asking, before there can be a scope; login and numbers are sealed",
    "accounts_phonecode": "read to find out who is asking; keyed digests that end within the hour",
    "accounts_signintry": "tries at the door, by digests of login and device: counted before anybody is known",
    "accounts_visit": "sessions and devices of an account: asked at each request before there can be a scope",
    "accounts_reentry": "the way back into an account whose owner is not known yet: states and counts",
    "deadlines_deadline": "the clock of a subject by its uid; the worker takes the next one due, whoever it is about",
    "campaigns_entryfailure": "how often a token of entry was tried, by its digest",
    "campaigns_submissionadoption": "two uids of forms; the forms themselves are behind a wall",
}
_PERSON = re.compile(r"^(resident|person|guardian|child)(_id|_uid|_number)?$")


@dataclass(frozen=True)
class Wall:
    """What the database says about one table: the columns that place a row, or the parent that does."""

    table: str
    policy: str
    paths: tuple[str, ...]
    resident: str
    parent: str
    key: str
    watched: str = ""
    names: tuple[str, ...] = ()
    account: str = ""
    by_uid: bool = False
    adds: bool = False


@dataclass(frozen=True)
class Side:
    """One unit and one of its people."""

    path: str
    resident: int
    account: int
    uid: str
    person: str


def names_a_person(model: Any) -> bool:
    """Whether a column says which person a row is about."""
    return any(_PERSON.match(field.column) for field in model._meta.concrete_fields)


def walled_tables() -> dict[str, str]:
    """Each table that has to stand behind a wall, with the column of its key: whatever is personal, whatever names a
    person, and whatever is pseudonymous without a reason to stand outside.
    """
    return {
        model._meta.db_table: model._meta.pk.column
        for model in apps.get_models()
        if (pii := model.__dict__.get("pii")) is Pii.PERSONAL
        or names_a_person(model)
        or (pii is Pii.PSEUDONYMOUS and model._meta.db_table not in WITHOUT_WALL)
    }


def walls(connection: Connection) -> dict[str, Wall]:
    """The walls as they stand."""
    found = connection.execute(
        "SELECT tablename, qual, EXISTS (SELECT 1 FROM pg_policies o WHERE o.tablename = p.tablename"
        " AND o.cmd = 'INSERT') FROM pg_policies p WHERE schemaname = 'public' AND cmd = 'ALL'"
    ).fetchall()
    made = {}
    for table, policy, adds in found:
        placed, parent = _SCOPED.findall(policy), _THROUGH.search(policy)
        residents = {resident for _, resident in placed} - {"NULL"}
        made[table] = Wall(
            table=table,
            policy=policy,
            paths=tuple(path for path, _ in placed if path != "NULL"),
            resident=residents.pop() if residents else "",
            parent=parent.group(1) if parent else "",
            key=parent.group(3) if parent else "",
            watched=_first(_WATCHED, policy),
            names=tuple(_NAMED.findall(policy)),
            account=_first(_ACCOUNT, policy),
            by_uid=bool(parent) and parent.group(2) == "uid",
            adds=adds,
        )
    return made


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group(1) if found else ""


class Filler:
    """Writes rows for a side into every table, parents first."""

    def __init__(self, superuser: Connection) -> None:
        self._connection = superuser
        self._walls = walls(superuser)
        self._keys = walled_tables()
        self._number = count(1_000_000)
        superuser.execute("SET session_replication_role = replica")
        for table in self._keys:
            self._tear_down_checks(table)

    def fill(self, side: Side) -> dict[str, set[Any]]:
        """The keys of the rows of ``side``, by table."""
        made: dict[str, set[Any]] = {}
        for table in self._keys:
            self._fill(table, side, made)
        return made

    def _fill(self, table: str, side: Side, made: dict[str, set[Any]]) -> None:
        if table in made:
            return
        wall = self._walls[table]
        known: dict[str, Any] = dict.fromkeys(wall.paths, side.path)
        if wall.resident and wall.resident != self._keys[table]:
            known[wall.resident] = side.resident
        if wall.parent:
            self._fill(wall.parent, side, made)
            known[wall.key] = (
                self._named(wall.parent, min(made[wall.parent])) if wall.by_uid else min(made[wall.parent])
            )
        if wall.watched:
            known[wall.watched] = side.path
            known |= {name: side.person if name == "person_uid" else side.uid for name in wall.names}
        if wall.account:
            known[wall.account] = side.account
        rows = 1 if wall.key == self._keys[table] else ROWS_OF_A_SIDE
        made[table] = {self._insert(table, known) for _ in range(rows)}

    def _named(self, table: str, key: int) -> str:
        select = sql.SQL("SELECT uid FROM {} WHERE id = %s").format(sql.Identifier(table))
        row = self._connection.execute(select, [key]).fetchone()
        assert row is not None
        return str(row[0])

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

    def _insert(self, table: str, known: dict[str, Any]) -> Any:
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
        return made[0]

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
        self.keys = walled_tables()
        self._all = " UNION ALL ".join(
            f'SELECT \'{table}\', to_jsonb("{key}") FROM "{table}"' for table, key in self.keys.items()
        )

    @contextmanager
    def login(self, role: str, **options: Any) -> Iterator[Connection]:
        """A bare connection with the role's own password."""
        with psycopg.connect(self._cluster.url(role, self._name), **options) as connection:
            yield connection

    def seen(self, connection: Connection) -> dict[str, set[Any]]:
        """Every row behind a wall that the connection is shown, by one query over all walled tables."""
        found: dict[str, set[Any]] = {}
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
