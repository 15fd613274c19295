"""A timeline in words: what, who, when. Newest first, by day; nothing in it is ever edited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Protocol

from django.utils.translation import gettext as _

from anxin.kernel import clock
from anxin.kernel.actor import ActorKind


class Entry(Protocol):
    """What the entries of all rooms have in common."""

    id: int
    happened_at: datetime
    kind: str
    author_kind: str
    author_label: str
    params: Any
    note: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line."""

    at: datetime
    icon: str
    what: str
    who: str
    note: str
    by_person: bool
    risk: str


@dataclass(frozen=True, slots=True)
class Day:
    """The lines of one day."""

    day: date
    is_today: bool
    happenings: list[Happening]


def happening(entry: Entry, *, icon: str, what: str, risk: str = "") -> Happening:
    """One entry with its words."""
    by_person = entry.author_kind in (ActorKind.STAFF, ActorKind.RESIDENT)
    who = entry.author_label if entry.author_kind == ActorKind.STAFF else _("the system")
    if entry.author_kind == ActorKind.RESIDENT:
        who = _("the person")
    return Happening(
        at=entry.happened_at,
        icon=icon,
        what=what,
        who=who,
        note=entry.note,
        by_person=by_person,
        risk=risk,
    )


def newest_first(entries: Iterable[Entry]) -> list[Any]:
    """The entries as they are shown."""
    return sorted(entries, key=lambda one: (one.happened_at, one.id), reverse=True)


def by_day(happenings: list[Happening]) -> list[Day]:
    """Days, in the order given."""
    today = clock.today()
    days = groupby(happenings, key=lambda one: clock.local(one.at).date())
    return [Day(day, day == today, list(group)) for day, group in days]
