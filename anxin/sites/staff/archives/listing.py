"""The list of archives for one reader: whole numbers find, a key turns the page, names only for whoever reads them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import Permission, Status
from anxin.domains.residents import api as residents
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.staff.archives.forms import ArchiveFilter
from anxin.sites.staff.archives.words import STATUSES
from anxin.sites.staff.words import Words

if TYPE_CHECKING:
    from anxin.domains.archives.models import Archive

PAGE_SIZE, SHOWN = 50, 50


@dataclass(frozen=True, slots=True)
class Row:
    """One archive of the list. ``name`` is empty for whoever may know only that it exists."""

    number: str
    url: str
    name: str
    age: int | None
    unit: str
    status: Words
    is_open: bool
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class ArchiveList:
    """Everything the list draws."""

    rows: list[Row]
    next_url: str
    is_first: bool
    query: str
    segments: list[tuple[str, str, bool]]
    may_open: bool
    reads_guidance: bool
    waiting: int


def archive_list(actor: Actor, form: ArchiveFilter) -> ArchiveList:
    """The list; the number of queries does not depend on how many there are."""
    chosen = form.chosen()
    if chosen["q"]:
        found, more = archives.find_archives(actor=actor, typed=chosen["q"]), False
    else:
        found, more = _part(actor, chosen)
    readable = archives.readable_queryset(actor=actor).filter(id__in=[one.id for one in found])
    named = set(readable.values_list("id", flat=True))
    last = {**chosen, "before": found[-1].number} if more else {}
    return ArchiveList(
        rows=[_row(one, is_named=one.id in named) for one in found],
        next_url=f"?{urlencode({key: value for key, value in last.items() if value})}" if more else "",
        is_first=not chosen["before"],
        query=chosen["q"],
        segments=_segments(chosen["status"]),
        may_open=actor.may(Permission.OPEN),
        reads_guidance=archives.has_team(actor=actor),
        waiting=waiting_count(actor),
    )


def _segments(chosen: str) -> list[tuple[str, str, bool]]:
    here = reverse("staff:archives")
    states = ((one.value, str(words)) for one, words in STATUSES.items())
    choices = (("", _("Every state")), *states)
    return [(words, f"{here}?status={key}" if key else here, key == chosen) for key, words in choices]


def _part(actor: Actor, chosen: dict[str, str]) -> "tuple[list[Archive], bool]":
    """One page by key, not by counting: the thousandth is as fast as the first."""
    seen = archives.archives_queryset(actor=actor)
    if chosen["status"]:
        seen = seen.filter(status=chosen["status"])
    if chosen["before"]:
        seen = seen.filter(id__lt=_id_of(actor, chosen["before"]))
    found = list(seen[: PAGE_SIZE + 1])
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def _id_of(actor: Actor, number: str) -> int:
    known = archives.archives_queryset(actor=actor).filter(number=number).values_list("id", flat=True)
    return known.first() or 0


def _row(one: "Archive", *, is_named: bool) -> Row:
    born_on = one.resident.born_on
    return Row(
        number=one.number,
        url=reverse("staff:archive", args=[one.uid]),
        name=residents.mask_name(one.resident.name) if is_named else "",
        age=residents.age_on(born_on, clock.today()) if is_named and born_on else None,
        unit=one.unit.name,
        status=STATUSES[Status(one.status)],
        is_open=one.status == Status.OPEN,
        opened_at=one.opened_at,
    )


def waiting_count(actor: Actor) -> int:
    """Moves and merges the actor could decide now."""
    moves = archives.transfers_queryset(actor=actor).filter(state="proposed")
    merges = archives.merges_queryset(actor=actor).filter(state="proposed")
    decidable = [one for one in moves[:SHOWN] if archives.may_decide_transfer(actor, one)]
    return len(decidable) + merges.count()
