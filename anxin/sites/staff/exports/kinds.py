"""Who makes which file. Each kind says what of, counts its rows, and makes the file for the one download.

Rights are asked twice, when the file is wished for and when it is made: what somebody could see yesterday is not in a
file taken today.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from anxin.domains.access.contracts import ExportWish
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """A file, and how many records stand in it."""

    content: bytes
    mime: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class ExportKind:
    """One kind of file. ``params`` are the only values that may tell what of."""

    key: str
    title: str | Promise
    params: frozenset[str]
    wish: Callable[[Actor, Params], ExportWish]
    make: Callable[[Actor, Params, str], Made]
    back: Callable[[Params], str]


_kinds: dict[str, ExportKind] = {}


def offer(kind: ExportKind) -> ExportKind:
    """Make a kind known; called by the part of the site that makes the file."""
    _kinds[kind.key] = kind
    return kind


def kind_of(key: str) -> ExportKind:
    """Raises ``NotFound``."""
    found = _kinds.get(key)
    if found is None:
        raise NotFound
    return found


def known_params(kind: ExportKind, values: Mapping[str, Any]) -> dict[str, str]:
    """What tells the file apart, and nothing else of what was sent."""
    return {key: str(values[key])[:80] for key in sorted(kind.params) if values.get(key)}
