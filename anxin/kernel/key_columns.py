"""Where sealed values and blind indexes are stored: found by walking the models, so that no column can be forgotten.

What no model shows as such (sealed strings inside another package's table, or sealed by the row) is named by the room
that keeps it, in ``SEALED_ELSEWHERE``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from anxin.kernel.crypto import BlindIndexField, EncryptedTextField, newest_index, seal, unseal

_INDEX_SHAPE = "^([0-9a-f]{64}|[1-9][0-9]*[.][0-9a-f]{50,62})$"


@dataclass(frozen=True, slots=True)
class Column:
    """Values of one kind in one table.

    ``value`` is the SQL expression that reads one and ``assignment`` the one that replaces it; ``renew`` brings a value
    of the row with the given key to the current keys. ``shape`` tells values from other words in the same column;
    ``before_first`` is smaller than every key.
    """

    label: str
    table: str
    key: str
    value: str
    assignment: str
    renew: Callable[[str, str], str]
    shape: str = ""
    before_first: str = "0"


SEALED_ELSEWHERE: list[Column] = []


def sealed_columns() -> list[Column]:
    """Every column whose values are sealed."""
    return [
        sealed_column(
            field.model._meta.db_table, field.column, key=field.model._meta.pk.column, context=field.context
        )
        for field in _fields(EncryptedTextField)
    ] + SEALED_ELSEWHERE


def index_columns() -> list[Column]:
    """Every column of blind indexes, the rooms below first: where people are looked up is changed before who looks."""
    return [
        Column(
            label=f"{field.model._meta.db_table}.{field.column}",
            table=_quoted(field.model._meta.db_table),
            key=_quoted(field.model._meta.pk.column),
            value=_quoted(field.column),
            assignment=f"{_quoted(field.column)} = %s",
            renew=lambda _, index: newest_index(index),
            shape=_INDEX_SHAPE,
        )
        for field in _fields(BlindIndexField)
    ]


def sealed_column(
    table: str, column: str, *, key: str, context: str | Callable[[str], str], before_first: str = "0"
) -> Column:
    """An ordinary column; ``context`` is what its values are authenticated with, or makes it from the row's key."""
    return Column(
        label=f"{table}.{column}",
        table=_quoted(table),
        key=_quoted(key),
        value=_quoted(column),
        assignment=f"{_quoted(column)} = %s",
        renew=_resealing(context),
        before_first=before_first,
    )


def sealed_member(table: str, column: str, member: str, *, key: str, context: str) -> Column:
    """A sealed string inside a JSON column."""
    return Column(
        label=f"{table}.{column}.{member}",
        table=_quoted(table),
        key=_quoted(key),
        value=f"coalesce({_quoted(column)}->>'{member}', '')",
        assignment=f"{_quoted(column)} = jsonb_set({_quoted(column)}, '{{{member}}}', to_jsonb(%s::text))",
        renew=_resealing(context),
    )


def _fields(kind: type["models.Field[Any, Any]"]) -> Iterator[Any]:
    for model in apps.get_models():
        yield from (field for field in model._meta.local_fields if isinstance(field, kind))


def _resealing(context: str | Callable[[str], str]) -> Callable[[str, str], str]:
    def renewed(key: str, stored: str) -> str:
        named = context(key) if callable(context) else context
        return seal(unseal(stored, context=named), context=named)

    return renewed


def _quoted(name: str) -> str:
    return f'"{name}"'
