"""Openings and exports are ledgers: rows stay, and what was said when they were made is not written over."""

from django.db import migrations

_NUMBERS = """
CREATE SEQUENCE access_opening_number START 1001;
CREATE SEQUENCE access_export_number START 1001;
"""
_NO_NUMBERS = "DROP SEQUENCE access_opening_number; DROP SEQUENCE access_export_number;"


def _ledger(table: str, *changes: str) -> migrations.RunSQL:
    """Who serves requests adds rows to ``table`` and writes the columns ``changes``, nothing else."""
    roles = "anxin_app, anxin_worker"
    return migrations.RunSQL(
        sql=f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {roles}, anxin_intake;"
        f"GRANT UPDATE ({', '.join(changes)}) ON {table} TO {roles};",
        reverse_sql=f"GRANT UPDATE, DELETE ON {table} TO {roles};",
    )


class Migration(migrations.Migration):
    """Rights and numbers that models cannot express."""

    dependencies = [("access", "0002_openings"), ("kernel", "0001_roles")]
    operations = [
        migrations.RunSQL(sql=_NUMBERS, reverse_sql=_NO_NUMBERS),
        _ledger(
            "access_breakglass",
            *("scope_path", "ended_at", "reviewed_at", "reviewed_by_id", "reviewer", "verdict", "review"),
        ),
        _ledger("access_confirmation", "scope_path"),
        _ledger(
            "access_export",
            *("scope_path", "expires_at", "decided_at", "decided_by_id", "decider", "is_approved"),
            *("decision", "taken_at", "taken_rows"),
        ),
    ]
