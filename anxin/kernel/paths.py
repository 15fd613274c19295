"""Paths of the management tree that tables keep by value, and following a node that moved."""

from django.db.models import Model, QuerySet, Value
from django.db.models.functions import Concat, Substr

RESTRICTED = "restricted:"
"""Before the path of a row that is kept and not used: no grant reaches such a path, in no policy and in no scope."""


def restrict(rows: "QuerySet[Model]", field: str) -> int:
    """Put ``field`` of every row out of everybody's reach; how many."""
    open_rows = rows.exclude(**{f"{field}__startswith": RESTRICTED})
    return open_rows.update(**{field: Concat(Value(RESTRICTED), field)})


def rebase(rows: "QuerySet[Model]", field: str, *, old: str, new: str) -> int:
    """Rewrite ``field`` of every row at or below ``old`` to lie at the same place below ``new``; how many.

    Restricted rows move too, and stay restricted.
    """
    moved = 0
    for before, after in ((old, new), (RESTRICTED + old, RESTRICTED + new)):
        below = rows.filter(**{f"{field}__startswith": before})
        moved += below.update(**{field: Concat(Value(after), Substr(field, len(before) + 1))})
    return moved


def same_depth(path: str, model: str) -> str:
    """The ancestor of ``path`` that lies as deep as ``model`` does; ``path`` itself when it is not that deep."""
    steps = path.strip("/").split("/")
    depth = len(model.strip("/").split("/"))
    return "/" + "/".join(steps[:depth]) + "/"
