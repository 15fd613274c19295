"""The key of the signed scope on its way into the database: with the migrations, as the owner of the tables."""

from typing import Any

from django.conf import settings
from django.db import connections

from anxin.kernel.scopes import rows_for_the_database


def put_keys(apps: object, schema_editor: Any) -> None:
    """For the migration that makes the table."""
    with schema_editor.connection.cursor() as cursor:
        _put(cursor)


def put_keys_after_migrating(*, using: str, **ignored: object) -> None:
    """For every ``migrate``: a key that is new, or a database that came out of a backup without one."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('walls.scope_key') IS NOT NULL")
        if cursor.fetchone()[0]:
            _put(cursor)


def _put(cursor: Any) -> None:
    rows = rows_for_the_database(settings.ANXIN_SCOPE_KEYS)
    cursor.executemany(
        "INSERT INTO walls.scope_key (version, inner_pad, outer_pad) VALUES (%s, %s, %s)"
        " ON CONFLICT (version) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
        rows,
    )
    cursor.execute(
        "DELETE FROM walls.scope_key WHERE version <> ALL (%s)", [[version for version, *_ in rows]]
    )
