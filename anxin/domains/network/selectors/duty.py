"""Who is on duty. Four queries from a unit to everybody who could answer for it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import JSONObject

from anxin.domains.audit.api import query
from anxin.domains.network.contracts import (
    AREA_KINDS,
    CENTRE_KINDS,
    Duty,
    DutyCandidate,
    Rung,
    UnitKind,
    UnitNotFound,
    UnitStatus,
    WeeklySeat,
)
from anxin.domains.network.models import Posting, Unit
from anxin.domains.network.rules import roster
from anxin.domains.network.rules.routing import in_calling_order, rung_of
from anxin.domains.network.selectors.people import in_force
from anxin.domains.network.selectors.units import chain_queryset, serving_node
from anxin.kernel import calendar, clock
from anxin.kernel.models import WorkingDayOverride

_ABOVE = (UnitKind.COUNTY_CENTRE, UnitKind.CITY_CENTRE, UnitKind.HOTLINE)


@dataclass(frozen=True, slots=True)
class _Place:
    unit_id: int
    name: str
    path: str
    rung: Rung
    distance: int


def _working(days: Iterable[date], overrides: dict[date, bool]) -> frozenset[date]:
    return frozenset(day for day in days if calendar.is_working_day(day, overrides))


def working_days_around(at: datetime) -> frozenset[date]:
    """Which of the days a seat taken at ``at`` can have begun on are working days."""
    days = roster.days_to_ask(clock.local(at))
    return _working(
        days, dict(WorkingDayOverride.objects.filter(day__in=days).values_list("day", "is_working"))
    )


@dataclass(frozen=True, slots=True)
class _Roster:
    """What is written about some units over some days: seats, dated changes, and the people in them."""

    patterns: list[roster.Pattern]
    changes: list[roster.Change]
    people: dict[int, tuple[int, str]]
    in_post: dict[int, tuple[date, date | None]]

    def seats_at(self, local: datetime, working_days: frozenset[date]) -> list[roster.Seat]:
        """Every seat taken at ``local`` by somebody whose posting is in force that day."""
        day = local.date()
        here = {key for key, (since, until) in self.in_post.items() if _is_within_days(day, since, until)}
        return roster.seats_at(
            patterns=[one for one in self.patterns if one.posting_id in here],
            changes=[one for one in self.changes if one.posting_id in here],
            at=local,
            working_days=working_days,
        )


def _is_within_days(day: date, since: date, until: date | None) -> bool:
    return since <= day and (until is None or day <= until)


# Every alarm and every step asks for these; composing them anew each time would cost more than the answers.
_PERSON = (
    " s.staff_id, m.name, s.starts_on, s.ends_on FROM {} d"
    " JOIN network_posting s ON s.id = d.posting_id JOIN network_staffmember m ON m.id = s.staff_id"
    " WHERE d.unit_id = ANY(%s)"
)
_SEATS = (
    "SELECT d.posting_id, d.unit_id, d.duty, d.weekdays, d.starts, d.minutes, d.working_days_only, d.priority,"
    " d.valid_from, d.valid_until," + _PERSON.format("network_dutypattern") + " AND d.valid_from <= %s"
    " AND (d.valid_until IS NULL OR d.valid_until >= %s)"
)
_CHANGES = (
    "SELECT d.posting_id, d.unit_id, d.duty, d.is_on, d.starts_at, d.ends_at, d.id,"
    + _PERSON.format("network_dutyexception")
    + " AND d.starts_at < %s AND d.ends_at > %s"
)


def _read_roster(unit_ids: Collection[int], moments: Sequence[datetime]) -> _Roster:
    """Everything that can decide who sits at these units at any of ``moments``; two queries."""
    first, last = clock.local(min(moments)).date(), clock.local(max(moments)).date()
    found = _Roster([], [], {}, {})
    units, day = list(unit_ids), timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, [units, last, first - day])
        seats = cursor.fetchall()
        cursor.execute(_CHANGES, [units, max(moments) + day, min(moments)])
        changes = cursor.fetchall()
    for *row, staff, name, hired, left in seats:
        posting, unit, duty, weekdays, starts, minutes, working, priority, since, until = row
        seat = WeeklySeat(tuple(weekdays), starts, minutes, working, priority)
        found.patterns.append(roster.Pattern(posting, unit, duty, seat, since, until))
        found.people[posting], found.in_post[posting] = (staff, name), (hired, left)
    for *row, staff, name, hired, left in changes:
        change = roster.Change(*row)
        found.changes.append(change)
        found.people[change.posting_id], found.in_post[change.posting_id] = (staff, name), (hired, left)
    return found


def _on_duty_at(
    places: list[_Place], known: _Roster, at: datetime, working_days: frozenset[date]
) -> list[DutyCandidate]:
    by_unit = {place.unit_id: place for place in places}
    return [
        DutyCandidate(
            posting_id=seat.posting_id,
            staff_id=known.people[seat.posting_id][0],
            holder=known.people[seat.posting_id][1],
            unit_id=seat.unit_id,
            unit_name=by_unit[seat.unit_id].name,
            unit_path=by_unit[seat.unit_id].path,
            rung=by_unit[seat.unit_id].rung,
            duty=seat.duty,
            on_duty=True,
            distance=by_unit[seat.unit_id].distance,
            until=seat.until,
            priority=seat.priority,
        )
        for seat in known.seats_at(clock.local(at), working_days)
    ]


def _distances(chain: list[Unit]) -> tuple[dict[int, int], dict[int, int]]:
    """Steps from the start to the nodes above it, and to the station that serves an area (R-020)."""
    start = chain[-1]
    under = {node.id: start.depth - node.depth for node in chain}
    served = serving_node(chain)
    return under, {served[1]: under[served[0].id]} if served else {}


@dataclass(frozen=True, slots=True)
class _Accountable:
    """Who answers for a centre when nobody is on duty there, and the days of their posting."""

    candidate: DutyCandidate
    since: date
    until: date | None


def _places(chain: list[Unit]) -> tuple[list[_Place], list[_Accountable]]:
    """The active units that answer for the start of ``chain``, and the accountable people of the centres among them."""
    start = chain[-1]
    under, serving = _distances(chain)
    own = [] if UnitKind(start.kind) in AREA_KINDS else [start.id]
    accountable = FilteredRelation("postings", condition=Q(postings__is_accountable=True))
    rows = (
        Unit.objects.filter(status=UnitStatus.ACTIVE)
        .filter(Q(id__in=[*own, *serving]) | Q(parent_id__in=list(under), kind__in=_ABOVE))
        .annotate(accountable=accountable)
        .annotate(
            accountable_id=F("accountable__id"),
            accountable_staff=F("accountable__staff_id"),
            accountable_name=F("accountable__staff__name"),
            accountable_since=F("accountable__starts_on"),
            accountable_until=F("accountable__ends_on"),
        )
        .values_list("id", "name", "path", "kind", "parent_id", *_ACCOUNTABLE)
    )
    places: dict[int, _Place] = {}
    answerable = []
    for unit_id, name, path, kind, parent_id, posting_id, staff_id, holder, since, until in rows:
        distance = 0 if unit_id == start.id else serving.get(unit_id, under.get(parent_id, start.depth))
        place = _Place(unit_id, name, path, rung_of(UnitKind(kind)), distance)
        places[unit_id] = place
        if posting_id is not None and UnitKind(kind) in CENTRE_KINDS:
            answerable.append(_Accountable(_accountable(place, posting_id, staff_id, holder), since, until))
    return list(places.values()), answerable


_ACCOUNTABLE = (
    *("accountable_id", "accountable_staff", "accountable_name"),
    *("accountable_since", "accountable_until"),
)


def _accountable(place: _Place, posting_id: int, staff_id: int, holder: str) -> DutyCandidate:
    return DutyCandidate(
        posting_id=posting_id,
        staff_id=staff_id,
        holder=holder,
        unit_id=place.unit_id,
        unit_name=place.name,
        unit_path=place.path,
        rung=place.rung,
        duty="",
        on_duty=False,
        distance=place.distance,
    )


@query()
def candidates_upward(*, unit_id: int, at: datetime) -> list[DutyCandidate]:
    """Everybody on duty at ``at`` from this unit (or area) upward, nearest first, then the accountable of the centres.

    Raises ``UnitNotFound``.
    """
    return candidates_at(unit_id=unit_id, moments=[at])[0]


@query()
def candidates_at(*, unit_id: int, moments: Sequence[datetime]) -> list[list[DutyCandidate]]:
    """The same at several moments, in their order: a ladder asks for each of its turns. Four queries, however many.

    Raises ``UnitNotFound``.
    """
    days = sorted({day for at in moments for day in roster.days_to_ask(clock.local(at))})
    decided = WorkingDayOverride.objects.filter(day__in=days).values(
        json=JSONObject(day="day", is_working="is_working")
    )
    chain = list(chain_queryset(unit_id).annotate(overrides=ArraySubquery(decided)))
    if not chain:
        raise UnitNotFound
    overrides = {date.fromisoformat(one["day"]): one["is_working"] for one in chain[-1].overrides}
    working = _working(days, overrides)
    places, answerable = _places(chain)
    known = _read_roster([place.unit_id for place in places], moments)
    return [
        in_calling_order(
            [
                *_on_duty_at(places, known, at, working),
                *(
                    one.candidate
                    for one in answerable
                    if _is_within_days(clock.local(at).date(), one.since, one.until)
                ),
            ]
        )
        for at in moments
    ]


@query()
def candidate_for(*, staff_id: int, unit_id: int, at: datetime) -> DutyCandidate | None:
    """This person as a rung above a unit: on duty there at ``at``, or else through their nearest posting on the way up.

    A posting at a neighbour under one of the same areas counts too: whoever was granted a role here may stand in for
    the station next door. ``None`` when no posting of theirs lies there. Raises ``UnitNotFound``.
    """
    candidates = candidates_upward(unit_id=unit_id, at=at)
    on_duty_there = next((one for one in candidates if one.staff_id == staff_id and one.on_duty), None)
    if on_duty_there is not None:
        return on_duty_there
    today = clock.local(at).date()
    chain = list(chain_queryset(unit_id))
    under, serving = _distances(chain)
    postings = Posting.objects.filter(
        in_force(today), staff_id=staff_id, unit__status=UnitStatus.ACTIVE
    ).filter(Q(unit_id__in=[unit_id, *serving]) | Q(unit__parent_id__in=list(under)))
    held = [
        DutyCandidate(
            posting_id=posting.id,
            staff_id=staff_id,
            holder=posting.staff.name,
            unit_id=posting.unit_id,
            unit_name=posting.unit.name,
            unit_path=posting.unit.path,
            rung=rung_of(UnitKind(posting.unit.kind)),
            duty="",
            on_duty=False,
            distance=0
            if posting.unit_id == chain[-1].id
            else serving.get(posting.unit_id, under.get(posting.unit.parent_id or 0, chain[-1].depth)),
        )
        for posting in postings.select_related("unit", "staff")
    ]
    return next(iter(in_calling_order(held)), None)


@query()
def on_duty(*, unit_id: int, at: datetime, duties: Collection[Duty] | None = None) -> list[DutyCandidate]:
    """Who is on duty for one unit at ``at``; nobody at a unit that is not active."""
    return on_duty_by_unit(unit_ids=[unit_id], at=at, duties=duties).get(unit_id, [])


@query()
def on_duty_by_unit(
    *, unit_ids: Collection[int], at: datetime, duties: Collection[Duty] | None = None
) -> dict[int, list[DutyCandidate]]:
    """Who is on duty for each of these units, in calling order. A unit with nobody is missing."""
    units = Unit.objects.filter(id__in=unit_ids, status=UnitStatus.ACTIVE)
    places = [
        _Place(unit_id, name, path, rung_of(UnitKind(kind)), 0)
        for unit_id, name, path, kind in units.values_list("id", "name", "path", "kind")
    ]
    found: dict[int, list[DutyCandidate]] = {}
    if not places:
        return found
    known = _read_roster([place.unit_id for place in places], [at])
    for one in in_calling_order(_on_duty_at(places, known, at, working_days_around(at))):
        if duties is None or Duty(one.duty) in duties:
            found.setdefault(one.unit_id, []).append(one)
    return found
