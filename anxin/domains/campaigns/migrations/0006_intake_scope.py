"""The functions of the intake role sign the scope of the house for as long as each call lasts.

They are those of 0003, word for word but for the line that set a scope which walls no longer believe.
"""

import importlib

from django.db import migrations

_first = importlib.import_module("anxin.domains.campaigns.migrations.0003_intake")
_UNSIGNED = "PERFORM set_config('anxin.scope_kind', 'system', true);"
_SIGNED = "PERFORM walls.take_house_scope();"
_END = "\nEND\n$$;"
_PUT_DOWN = "\n  PERFORM set_config('anxin.scope', '', true);"


def _again(function: str) -> str:
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


def _signing(function: str) -> str:
    assert function.count(_UNSIGNED) == function.count(_END) == 1
    return _again(function).replace(_UNSIGNED, _SIGNED).replace(_END, _PUT_DOWN + _END)


class Migration(migrations.Migration):
    """Both functions that write."""

    dependencies = [
        ("campaigns", "0005_rosters"),
        ("kernel", "0004_signed_scope"),
    ]
    operations = [
        migrations.RunSQL(
            sql=[_signing(_first.TAKE_IN), _signing(_first.HEAR)],
            reverse_sql=[_again(_first.TAKE_IN), _again(_first.HEAR)],
        ),
    ]
