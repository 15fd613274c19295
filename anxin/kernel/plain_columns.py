"""For migrations: what lies open in a column is sealed, and opened again on the way back."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

from anxin.kernel.crypto import seal, unseal


def sealed(table: str, column: str) -> migrations.RunPython:
    """Seal every value of ``table.column``. The table's wall has to let the owner through for as long as it takes."""
    context = f"{table}.{column}"

    def close(apps: Any, schema_editor: Any) -> None:
        _each(schema_editor, table, column, lambda value: seal(value, context=context))

    def open_again(apps: Any, schema_editor: Any) -> None:
        _each(schema_editor, table, column, lambda value: unseal(value, context=context))

    return migrations.RunPython(close, open_again)


def _each(schema_editor: Any, table: str, column: str, renewed: Callable[[str], str]) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
        (is_forced,) = cursor.fetchone()
        if is_forced:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        cursor.execute(f"SELECT id, {column} FROM {table} WHERE {column} <> ''")
        for row_id, value in cursor.fetchall():
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [renewed(value), row_id])
        if is_forced:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
