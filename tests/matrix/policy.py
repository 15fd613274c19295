"""The permission table, read: which role may do which act, by the row or by a deviation with its reason."""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from anxin.domains.access.library import load_roles

LETTERS, SCOPES = set("CRUAXLG"), {"self", "ward", "assigned", "unit", "below", "call", "line", "public"}


@dataclass(frozen=True)
class Act:
    """One thing that can be done with one kind of record."""

    name: str
    object: str
    letter: str
    right: str


@lru_cache(maxsize=1)
def matrix() -> dict[str, Any]:
    """The file."""
    text = resources.files("anxin.domains.access").joinpath("data/matrix.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@lru_cache(maxsize=1)
def acts() -> dict[str, Act]:
    """By the right that stands for each."""
    return {
        one["right"]: Act(one["act"], one["object"], one["letter"], one["right"]) for one in matrix()["acts"]
    }


def letters_of(kind: str, role: str) -> str:
    """What the row says, without its scope."""
    return str(matrix()["objects"][kind]["cells"].get(role, "")).partition(" ")[0]


@cache
def may(role: str, right: str) -> bool:
    """Whether the policy gives ``right`` to ``role``. No, for a right that has no act."""
    act = acts().get(right)
    if act is None:
        return False
    for one in matrix()["deviations"]:
        if one["act"] == act.name and role in one["roles"]:
            return bool(one["has"])
    return act.letter in letters_of(act.object, role)


def combinations() -> int:
    """How many answers the table gives: role, object, letter."""
    return len(load_roles()) * len(matrix()["objects"]) * len(LETTERS)
