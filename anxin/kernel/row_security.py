"""Row-level security as migration operations: one call per personal table, checked against ``pg_policies`` in
the tests.

``scope_sees(path, resident)`` is the one predicate (made in the kernel's first migration); a child table asks its
parent, whose own policy then decides.
"""

from django.db import migrations

_FORCE = "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
_RELAX = "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"


def _policy(table: str, predicate: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=_FORCE.format(table=table)
        + f" CREATE POLICY {table}_scope ON {table} USING ({predicate}) WITH CHECK ({predicate});",
        reverse_sql=f"DROP POLICY {table}_scope ON {table}; " + _RELAX.format(table=table),
    )


def scoped(table: str, *, path: str = "scope_path", resident: str = "resident_id") -> migrations.RunSQL:
    """Rows of ``table`` are seen from the node ``path`` upward and by the resident in column ``resident``.

    Pass ``resident="NULL"`` (or ``path="NULL"``) for a table without that column.
    """
    return _policy(table, f"scope_sees({path}::text, {resident}::bigint)")


def through(table: str, *, parent: str, key: str) -> migrations.RunSQL:
    """Rows of ``table`` are seen exactly by those who see the row of ``parent`` that ``key`` points at."""
    return _policy(table, f"EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {table}.{key})")


def append_only(table: str) -> migrations.RunSQL:
    """Take UPDATE, DELETE and TRUNCATE on ``table`` from every role that serves requests."""
    return migrations.RunSQL(
        sql=f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM anxin_app, anxin_worker, anxin_intake;",
        reverse_sql=f"GRANT UPDATE, DELETE ON {table} TO anxin_app, anxin_worker;",
    )
