"""The board of a place or an area, and one colleague's cases. Counts and numbers; nobody's name but colleagues'."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import Load, Permission
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound
from anxin.sites.staff.cases.presenters import Row, row_of

if TYPE_CHECKING:
    from anxin.domains.network.models import Posting

LEVELS = (4, 3, 2, 1, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One colleague or one place."""

    label: str
    place: str
    url: str
    by_level: tuple[int, ...]
    total: int
    overdue: int
    tasks_late: int
    cover: str
    is_away: bool


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One cover, in force or to come."""

    uid: str
    away: str
    by: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board draws."""

    colleagues: list[Line]
    places: list[Line]
    covers: list[CoverLine]
    total: int
    overdue: int
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColleaguePage:
    """One colleague: their cases, whom they could go to, and who stands in for them."""

    uid: str
    name: str
    unit: str
    rows: list[Row]
    choices: list[tuple[str, str]]
    colleagues: list[tuple[str, str]]
    covers: list[CoverLine]


def board(actor: Actor, *, place: str) -> Board:
    """Every colleague with open cases the actor may hand over; the number of queries does not depend on how many."""
    paths = [one for one in _top_paths(actor) if not place or place.startswith(one)] or _top_paths(actor)
    loads: list[Load] = []
    places: dict[str, Load] = {}
    covers: list[Any] = []
    for path in paths:
        at = place if place.startswith(path) else path
        loads += cases.loads(actor=actor, path=at)
        places |= cases.loads_by_place(actor=actor, path=path)
        covers += cases.covers_ahead(actor=actor, path=at)
    postings = network.postings_by_id(posting_ids=[one.posting_id for one in loads])
    late = cases.open_tasks_by_posting(actor=actor, posting_ids=postings)
    away = cases.covers_now(actor=actor, posting_ids=postings)
    names = {one.path: one for one in network.units_queryset(status=None).filter(path__in=list(places))}
    return Board(
        colleagues=sorted(
            (_line(one, postings[one.posting_id], late, away) for one in loads),
            key=lambda one: (-one.overdue, -one.total, one.label),
        ),
        places=[_place_line(load, names[path]) for path, load in sorted(places.items()) if path in names],
        covers=[_cover_line(one) for one in covers],
        total=sum(one.total for one in loads),
        overdue=sum(one.overdue for one in loads),
        levels=tuple(f"L{level}" for level in LEVELS),
    )


def _top_paths(actor: Actor) -> list[str]:
    """The nodes at which the actor hands cases over, without those below another of them."""
    found = sorted(actor.paths_with(Permission.ASSIGN))
    return [one for one in found if not any(one != other and one.startswith(other) for other in found)]


def _line(load: Load, posting: "Posting", late: dict[int, int], away: dict[int, Any]) -> Line:
    cover = away.get(posting.id)
    return Line(
        label=posting.staff.name,
        place=posting.unit.name,
        url=reverse("staff:workload-colleague", args=[posting.uid]),
        by_level=tuple(load.by_level.get(level, 0) for level in LEVELS),
        total=load.total,
        overdue=load.overdue,
        tasks_late=late.get(posting.id, 0),
        cover=cover.by.staff.name if cover else "",
        is_away=cover is not None,
    )


def _place_line(load: Load, unit: Any) -> Line:
    return Line(
        label=unit.name,
        place="",
        url=f"{reverse('staff:workload')}?at={unit.uid}",
        by_level=tuple(load.by_level.get(level, 0) for level in LEVELS),
        total=load.total,
        overdue=load.overdue,
        tasks_late=0,
        cover="",
        is_away=False,
    )


def _cover_line(one: Any) -> CoverLine:
    return CoverLine(one.uid, one.posting.staff.name, one.by.staff.name, one.starts_on, one.ends_on)


def colleague_page(actor: Actor, uid: str) -> ColleaguePage:
    """Raises ``NotFound`` for somebody at whose place the actor hands nothing over."""
    posting = _posting(actor, uid)
    now = clock.now()
    found = cases.cases_queryset(actor=actor).filter(manager_id=posting.id, closed_at__isnull=True)
    rows = [row_of(one, now) for one in found]
    unit = posting.unit
    people = {one.id: one for one in network.postings_queryset(path=_area(unit.path), on=clock.today())}
    above = [one.posting_id for one in network.candidates_upward(unit_id=unit.id, at=now)]
    people |= network.postings_by_id(posting_ids=[one for one in above if one not in people])
    return ColleaguePage(
        uid=posting.uid,
        name=posting.staff.name,
        unit=unit.name,
        rows=rows,
        choices=[(one.uid, f"L{one.level}　{one.number}　{one.stage}") for one in _briefs(rows)],
        colleagues=[
            (one.uid, f"{one.staff.name}·{one.unit.name}") for one in people.values() if one.id != posting.id
        ],
        covers=[
            _cover_line(one)
            for one in cases.covers_ahead(actor=actor, path=unit.path)
            if one.posting_id == posting.id
        ],
    )


@dataclass(frozen=True, slots=True)
class _Brief:
    uid: str
    level: int
    number: str
    stage: str


def _briefs(rows: list[Row]) -> list[_Brief]:
    return [_Brief(one.url.rstrip("/").rsplit("/", 1)[-1], one.level, one.number, one.stage) for one in rows]


def _area(path: str) -> str:
    """The unit itself and its neighbours: whoever is posted under the same node."""
    return path[: path.rstrip("/").rindex("/") + 1]


def _posting(actor: Actor, uid: str) -> "Posting":
    posting = network.posting_by_uid(uid=uid)
    if not actor.may(Permission.ASSIGN, at=posting.unit.path):
        raise NotFound
    return posting
