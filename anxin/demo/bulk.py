"""Writing many rows fast, as the app role, through row-level security.

COPY is refused by tables under row-level security, so rows go in as one ``INSERT … SELECT unnest(…)`` for each
batch. Tables and columns are named here as they are in the database: the generator stands outside the rooms and may
not import their models. Whatever it gets wrong, the constraints of the database refuse.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice
from random import Random
from typing import Any

from django.db import connection

BATCH = 5000


@lru_cache(maxsize=64)
def _types(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return dict(cursor.fetchall())


def batches(rows: Iterable[Sequence[Any]], size: int = BATCH) -> Iterator[list[Sequence[Any]]]:
    """``rows`` in lists of ``size``."""
    stream = iter(rows)
    while batch := list(islice(stream, size)):
        yield batch


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, size: int = BATCH) -> int:
    """Insert ``rows``; how many there were. ``rows`` may be a generator: only one batch is held.

    A tuple in a row is an array, a list or dict is JSON.
    """
    types = _types(table)
    unknown = set(columns) - set(types)
    if unknown:
        raise LookupError(f"{table} has no column {sorted(unknown)}")
    # One text array a column: unnest would flatten an array of arrays, and a text can become anything.
    sources = ", ".join("%s::text[]" for _ in columns)
    picks = ", ".join(f"c{index}::{types[name]}" for index, name in enumerate(columns))
    aliases = ", ".join(f"c{index}" for index in range(len(columns)))
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picks} FROM unnest({sources}) AS rows({aliases})"
    )
    total = 0
    with connection.cursor() as cursor:
        for batch in batches(rows, size):
            cursor.execute(statement, [_array(column) for column in zip(*batch, strict=True)])
            total += len(batch)
    return total


def _array(column: Sequence[Any]) -> str:
    """A column as the text of an array. psycopg would look at every value three times with regular expressions."""
    return "{" + ",".join(["NULL" if value is None else _element(value) for value in column]) + "}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, datetime | date | time):
        return f'"{value.isoformat()}"'
    if isinstance(value, tuple):
        return '"{' + ",".join(map(str, value)) + '}"'
    if isinstance(value, dict | list):
        return _element(json.dumps(value, ensure_ascii=False))
    return str(value)


def take_ids(table: str, count: int) -> range:
    """``count`` ids of ``table`` in a row, from its own sequence, which the app role may use but not set."""
    if count == 0:
        return range(0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id), max(id) FROM (SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS id"
            " FROM generate_series(1, %s)) AS taken",
            [table, count],
        )
        first, last = cursor.fetchone()
    if last - first + 1 != count:
        raise RuntimeError(f"somebody else is writing to {table}; the city wants an empty database to itself")
    return range(first, last + 1)


def take_numbers(sequence: str, count: int) -> Iterator[int]:
    """``count`` numbers of a sequence that counts for people, such as ``risk_number``."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval('{sequence}') FROM generate_series(1, %s)", [count])
        yield from (number for (number,) in cursor.fetchall())


class Uids:
    """UUIDv7 texts whose random part comes from the seed, so that the same seed gives the same city."""

    def __init__(self, rng: Random) -> None:
        self._bits = rng.getrandbits

    def at(self, moment: datetime) -> str:
        """A uid made at ``moment``."""
        milliseconds = f"{int(moment.timestamp() * 1000):012x}"
        low = f"{0x8000000000000000 | self._bits(62):016x}"
        return f"{milliseconds[:8]}-{milliseconds[8:]}-7{self._bits(12):03x}-{low[:4]}-{low[4:]}"
