"""Paths of the management tree that tables keep by value, and following a node that moved."""

from django.db.models import Model, QuerySet, Value
from django.db.models.functions import Concat, Substr


def rebase(rows: "QuerySet[Model]", field: str, *, old: str, new: str) -> int:
    """Rewrite ``field`` of every row at or below ``old`` to lie at the same place below ``new``; how many."""
    below = rows.filter(**{f"{field}__startswith": old})
    return below.update(**{field: Concat(Value(new), Substr(field, len(old) + 1))})


def same_depth(path: str, model: str) -> str:
    """The ancestor of ``path`` that lies as deep as ``model`` does; ``path`` itself when it is not that deep."""
    steps = path.strip("/").split("/")
    depth = len(model.strip("/").split("/"))
    return "/" + "/".join(steps[:depth]) + "/"
