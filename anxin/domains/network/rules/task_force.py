"""Reading the make-up of task forces: bodies, posts and groups, no people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anxin.domains.network.contracts import ForcePost, Line, TaskForceKind

# Stand-ins for bodies that differ from area to area.
TOWNS, THE_TOWN = "towns", "town"


@dataclass(frozen=True, slots=True)
class Body:
    """A department that takes part."""

    code: str
    name: str
    line: Line | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of the force or of a group, held by an office of a body."""

    post: ForcePost
    body: str
    body_post: str


@dataclass(frozen=True, slots=True)
class Group:
    """A working group."""

    code: str
    name: str
    duties: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A task force as it is set up."""

    name: str
    duties: str
    office_seat: str
    bodies: tuple[Body, ...]
    seats: tuple[Seat, ...]
    groups: tuple[Group, ...]


class PresetsUnreadable(ValueError):
    """The data file does not make sense; the message says where."""


def _seat(entry: Mapping[str, str], known: frozenset[str]) -> Seat:
    body = entry.get("body", "")
    if body and body not in known:
        raise PresetsUnreadable(f"{body}: no such body")
    return Seat(ForcePost(entry["post"]), body, entry["body_post"])


def _preset(data: Mapping[str, Any]) -> Preset:
    bodies = tuple(
        Body(one["code"], one["name"], Line(one["line"]) if "line" in one else None) for one in data["bodies"]
    )
    known = frozenset({one.code for one in bodies} | {TOWNS, THE_TOWN})
    if data["office_seat"] not in known:
        raise PresetsUnreadable(f"{data['office_seat']}: no such body")
    groups = tuple(
        Group(one["code"], one["name"], one["duties"], tuple(_seat(seat, known) for seat in one["posts"]))
        for one in data["groups"]
    )
    return Preset(
        name=data["name"],
        duties=data["duties"],
        office_seat=data["office_seat"],
        bodies=bodies,
        seats=tuple(_seat(seat, known) for seat in data["posts"]),
        groups=groups,
    )


def read_presets(data: Mapping[str, Any]) -> dict[TaskForceKind, Preset]:
    """The presets of the data file. Raises ``PresetsUnreadable``."""
    try:
        return {TaskForceKind(kind): _preset(entry) for kind, entry in data["presets"].items()}
    except (KeyError, ValueError) as error:
        raise PresetsUnreadable(str(error)) from error
