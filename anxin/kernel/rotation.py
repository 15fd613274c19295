"""Bringing what is stored to the current keys: column by column, in small transactions, while the service writes.

Each batch is one transaction that also writes down how far it came, so a fall costs one batch. A row is changed only
while it still holds what was read: what somebody wrote meanwhile is theirs, and the last pass looks at it again.
"""

from collections.abc import Callable

from django.db import connection

from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import sealed_as
from anxin.kernel.key_columns import Column, index_columns, sealed_columns
from anxin.kernel.keyring import keys
from anxin.kernel.models import KeyRotationStep
from anxin.kernel.unit_of_work import unit_of_work

ACTOR = Actor.system("keys")
BATCH = 500
PASSES = 3


class RotationUnfinished(Exception):
    """Somebody goes on writing with an old key: a process that does not see the key file."""


def rotate_values(*, tell: Callable[[str], None], batch: int = BATCH) -> int:
    """Seal every value under the current key and cipher; how many were changed. Raises ``RotationUnfinished``."""
    target = sealed_as(keys())
    return _rotate(sealed_columns(), target, f"{target}.", tell=tell, batch=batch)


def rotate_indexes(*, tell: Callable[[str], None], batch: int = BATCH) -> int:
    """Bring every blind index to the newest key; how many were changed. Raises ``RotationUnfinished``."""
    newest = max(keys().index, key=int)
    if newest == "1":  # indexes of the first key carry no number, and there is none before
        return 0
    return _rotate(index_columns(), f"index {newest}", f"{newest}.", tell=tell, batch=batch)


def usage_of_values() -> dict[str, int]:
    """How many values begin with which mark, over all columns."""
    return _usage(sealed_columns())


def usage_of_indexes() -> dict[str, int]:
    """How many blind indexes were made with which key."""
    return _usage(index_columns())


def _rotate(
    columns: list[Column], target: str, prefix: str, *, tell: Callable[[str], None], batch: int
) -> int:
    changed, late = 0, []
    for turn in range(PASSES):
        changed += sum(_rotate_column(column, target, prefix, batch=batch) for column in columns)
        late = [column.label for column in columns if _has_old(column, prefix)]
        if not late:
            tell(f"{changed} changed; nothing is left under another key.")
            return changed
        tell(f"Pass {turn + 1}: {changed} changed. Written with another key meanwhile: {', '.join(late)}.")
        with unit_of_work(ACTOR):
            KeyRotationStep.objects.filter(target=target, column__in=late).delete()
    raise RotationUnfinished(", ".join(late))


def _rotate_column(column: Column, target: str, prefix: str, *, batch: int) -> int:
    changed = 0
    while True:
        with unit_of_work(ACTOR):
            step, _ = KeyRotationStep.objects.select_for_update().get_or_create(
                column=column.label, target=target
            )
            if step.finished_at is not None:
                return changed
            rows = _old_rows(column, prefix, after=step.last_key or column.before_first, limit=batch)
            done = _change(column, rows)
            step.last_key = rows[-1][0] if rows else step.last_key
            step.changed += done
            step.finished_at = None if rows else clock.now()
            step.save(update_fields=["last_key", "changed", "finished_at"])
        changed += done


def _old_rows(column: Column, prefix: str, *, after: str, limit: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column.key}, {column.value} FROM {column.table}"
            f" WHERE {column.key} > %s AND {_is_old(column)} ORDER BY {column.key} LIMIT %s",
            [after, prefix, column.shape, limit],
        )
        return [(str(key), stored) for key, stored in cursor.fetchall()]


def _change(column: Column, rows: list[tuple[str, str]]) -> int:
    changed = 0
    with connection.cursor() as cursor:
        for key, stored in rows:
            cursor.execute(
                f"UPDATE {column.table} SET {column.assignment} WHERE {column.key} = %s AND {column.value} = %s",
                [column.renew(key, stored), key, stored],
            )
            changed += cursor.rowcount
    return changed


def _has_old(column: Column, prefix: str) -> bool:
    with unit_of_work(ACTOR), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {column.table} WHERE {_is_old(column)})", [prefix, column.shape]
        )
        return bool(cursor.fetchone()[0])


def _is_old(column: Column) -> str:
    return f"{column.value} <> '' AND NOT starts_with({column.value}, %s) AND {column.value} ~ %s"


def _usage(columns: list[Column]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column in columns:
        with unit_of_work(ACTOR), connection.cursor() as cursor:
            # the mark is all that is fetched; an index of the first key has none
            cursor.execute(
                f"SELECT CASE WHEN position('.' in {column.value}) > 0 THEN split_part({column.value}, '.', 1)"
                f" ELSE '1' END, count(*) FROM {column.table} WHERE {column.value} <> '' AND {column.value} ~ %s"
                " GROUP BY 1",
                [column.shape],
            )
            for mark, count in cursor.fetchall():
                found[mark] = found.get(mark, 0) + count
    return found
