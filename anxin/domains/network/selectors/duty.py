"""Who is on duty. Four queries from a unit to everybody who could answer for it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, F, FilteredRelation, Q, Subquery

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
from anxin.domains.network.models import DutyException, DutyPattern, Posting, Unit
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


def _patterns(
    unit_ids: Collection[int], today: date
) -> tuple[list[roster.Pattern], dict[int, tuple[int, str]]]:
    rows = (
        DutyPattern.objects.filter(in_force(today, "posting__"), unit_id__in=unit_ids, valid_from__lte=today)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today - timedelta(days=1)))
        .values_list(
            "posting_id",
            "unit_id",
            "duty",
            "weekdays",
            "starts",
            "minutes",
            "working_days_only",
            "priority",
            "valid_from",
            "valid_until",
            "posting__staff_id",
            "posting__staff__name",
        )
    )
    patterns, people = [], {}
    for posting, unit, duty, weekdays, starts, minutes, working, priority, since, until, staff, name in rows:
        seat = WeeklySeat(tuple(weekdays), starts, minutes, working, priority)
        patterns.append(roster.Pattern(posting, unit, duty, seat, since, until))
        people[posting] = (staff, name)
    return patterns, people


def _changes(
    unit_ids: Collection[int], at: datetime
) -> tuple[list[roster.Change], dict[int, tuple[int, str]]]:
    rows = DutyException.objects.filter(
        in_force(clock.local(at).date(), "posting__"),
        unit_id__in=unit_ids,
        starts_at__lt=at + timedelta(days=1),
        ends_at__gt=at,
    ).values_list(
        "posting_id",
        "unit_id",
        "duty",
        "is_on",
        "starts_at",
        "ends_at",
        "id",
        "posting__staff_id",
        "posting__staff__name",
    )
    changes, people = [], {}
    for posting, unit, duty, is_on, starts_at, ends_at, recorded, staff, name in rows:
        changes.append(roster.Change(posting, unit, duty, is_on, starts_at, ends_at, recorded))
        people[posting] = (staff, name)
    return changes, people


def _on_duty_at(places: list[_Place], at: datetime, working_days: frozenset[date]) -> list[DutyCandidate]:
    by_unit = {place.unit_id: place for place in places}
    local = clock.local(at)
    patterns, people = _patterns(by_unit, local.date())
    changes, more_people = _changes(by_unit, at)
    people |= more_people
    return [
        DutyCandidate(
            posting_id=seat.posting_id,
            staff_id=people[seat.posting_id][0],
            holder=people[seat.posting_id][1],
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
        for seat in roster.seats_at(patterns=patterns, changes=changes, at=local, working_days=working_days)
    ]


def _distances(chain: list[Unit]) -> tuple[dict[int, int], dict[int, int]]:
    """Steps from the start to the nodes above it, and to the station that serves an area (R-020)."""
    start = chain[-1]
    under = {node.id: start.depth - node.depth for node in chain}
    served = serving_node(chain)
    return under, {served[1]: under[served[0].id]} if served else {}


def _places(chain: list[Unit], today: date) -> tuple[list[_Place], list[DutyCandidate]]:
    """The active units that answer for the start of ``chain``, and the accountable people of the centres among them."""
    start = chain[-1]
    under, serving = _distances(chain)
    own = [] if UnitKind(start.kind) in AREA_KINDS else [start.id]
    accountable = FilteredRelation(
        "postings", condition=Q(postings__is_accountable=True) & in_force(today, "postings__")
    )
    rows = (
        Unit.objects.filter(status=UnitStatus.ACTIVE)
        .filter(Q(id__in=[*own, *serving]) | Q(parent_id__in=list(under), kind__in=_ABOVE))
        .annotate(accountable=accountable)
        .annotate(
            accountable_id=F("accountable__id"),
            accountable_staff=F("accountable__staff_id"),
            accountable_name=F("accountable__staff__name"),
        )
        .values_list("id", "name", "path", "kind", "parent_id", *_ACCOUNTABLE)
    )
    places: dict[int, _Place] = {}
    answerable = []
    for unit_id, name, path, kind, parent_id, posting_id, staff_id, holder in rows:
        distance = 0 if unit_id == start.id else serving.get(unit_id, under.get(parent_id, start.depth))
        place = _Place(unit_id, name, path, rung_of(UnitKind(kind)), distance)
        places[unit_id] = place
        if posting_id is not None and UnitKind(kind) in CENTRE_KINDS:
            answerable.append(_accountable(place, posting_id, staff_id, holder))
    return list(places.values()), answerable


_ACCOUNTABLE = ("accountable_id", "accountable_staff", "accountable_name")


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
    local = clock.local(at)
    days = roster.days_to_ask(local)
    override = {
        f"override_{index}": Subquery(
            WorkingDayOverride.objects.filter(day=day).values("is_working"), output_field=BooleanField()
        )
        for index, day in enumerate(days)
    }
    chain = list(chain_queryset(unit_id).annotate(**override))
    if not chain:
        raise UnitNotFound
    flags = {day: getattr(chain[-1], f"override_{index}") for index, day in enumerate(days)}
    working = _working(days, {day: flag for day, flag in flags.items() if flag is not None})
    places, answerable = _places(chain, local.date())
    return in_calling_order([*_on_duty_at(places, at, working), *answerable])


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
    for one in in_calling_order(_on_duty_at(places, at, working_days_around(at))):
        if duties is None or Duty(one.duty) in duties:
            found.setdefault(one.unit_id, []).append(one)
    return found
