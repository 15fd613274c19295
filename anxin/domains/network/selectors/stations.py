"""Stations as the public sees them: near, open, and who is in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.network.contracts import (
    PUBLIC_KINDS,
    HostType,
    OpeningState,
    Service,
    StationFilter,
    Stretch,
    UnitStatus,
)
from anxin.domains.network.models import OpeningHours, Unit
from anxin.domains.network.rules import opening as opening_rules
from anxin.domains.network.rules.geometry import box_around, distance_m
from anxin.domains.network.selectors.duty import on_duty_by_unit
from anxin.domains.network.selectors.units import units_found_queryset
from anxin.kernel import clock

EVENING = time(18, 0)
_RADII_M = (3_000.0, 12_000.0, 50_000.0, 400_000.0)


@dataclass(frozen=True, slots=True)
class StationView:
    """A station at one moment. ``distance_m`` is ``None`` in a list without a position."""

    unit: Unit
    distance_m: float | None
    opening: OpeningState
    on_duty_names: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is open at that moment."""
        return self.opening.is_open

    @property
    def open_until(self) -> datetime | None:
        """When it closes, in local time; ``None`` when it is closed or open round the clock."""
        return self.opening.until


@query()
def stations_queryset(
    *,
    at: datetime,
    area_path: str = "",
    service: Service | None = None,
    show: StationFilter = StationFilter.ALL,
    text: str = "",
) -> QuerySet[Unit]:
    """Active stations and centres, for a list by area or by name; ``text`` also finds pinyin and initials.

    Stations in custody are not for visitors and never listed (R-055).
    """
    if text.strip():
        units = units_found_queryset(text=text, kinds=PUBLIC_KINDS, path=area_path)
    else:
        units = Unit.objects.filter(kind__in=PUBLIC_KINDS, status=UnitStatus.ACTIVE)
        units = units.filter(path__startswith=area_path) if area_path else units
    units = units.filter(Q(host_type__isnull=True) | ~Q(host_type=HostType.CUSTODY))
    if service is not None:
        units = units.filter(services__contains=[service.value])
    if show is not StationFilter.ALL:
        units = units.filter(Exists(_hours(show, at)))
    return units.order_by("name", "id")


def _hours(show: StationFilter, at: datetime) -> QuerySet[OpeningHours]:
    local = clock.local(at)
    hours = OpeningHours.objects.filter(unit=OuterRef("pk"))
    if show is StationFilter.EVENING:
        return hours.filter(closes_at__gt=EVENING)
    until_midnight = Q(closes_at__gte=opening_rules.NEARLY_MIDNIGHT)
    return hours.filter(
        until_midnight | Q(closes_at__gt=local.time()), weekday=local.weekday(), opens_at__lte=local.time()
    )


@query()
def stations_near(
    *,
    longitude: float,
    latitude: float,
    at: datetime,
    limit: int = 20,
    service: Service | None = None,
    show: StationFilter = StationFilter.ALL,
) -> list[StationView]:
    """The nearest stations, nearest first. The position is only looked at, never kept."""
    stations = stations_queryset(at=at, service=service, show=show)
    found: list[tuple[float, int]] = []
    for radius in _RADII_M:
        west, south, east, north = box_around(longitude, latitude, radius)
        boxed = stations.filter(
            longitude__gte=west, longitude__lte=east, latitude__gte=south, latitude__lte=north
        ).order_by()
        measured = [
            (distance_m(longitude, latitude, there_longitude, there_latitude), unit_id)
            for unit_id, there_longitude, there_latitude in boxed.values_list("id", "longitude", "latitude")
            if there_longitude is not None and there_latitude is not None
        ]
        found = sorted(one for one in measured if one[0] <= radius)[:limit]
        if len(found) >= limit:
            break
    units = Unit.objects.in_bulk([unit_id for _, unit_id in found])
    views = station_views(units=[units[unit_id] for _, unit_id in found], at=at)
    return [
        StationView(view.unit, metres, view.opening, view.on_duty_names)
        for view, (metres, _) in zip(views, found, strict=True)
    ]


@query()
def stations_in(
    *,
    area_path: str,
    at: datetime,
    limit: int = 20,
    service: Service | None = None,
    show: StationFilter = StationFilter.ALL,
) -> list[StationView]:
    """The first stations of an area, by name."""
    stations = stations_queryset(at=at, area_path=area_path, service=service, show=show)
    return station_views(units=list(stations[:limit]), at=at)


@query()
def station_views(*, units: Sequence[Unit], at: datetime) -> list[StationView]:
    """Stations with their opening state and who is on duty, in the order given: five queries for any number."""
    ids = [unit.id for unit in units]
    states = _openings(ids, at)
    names = {
        unit_id: tuple(dict.fromkeys(one.holder for one in people))
        for unit_id, people in on_duty_by_unit(unit_ids=ids, at=at).items()
    }
    return [StationView(unit, None, states[unit.id], names.get(unit.id, ())) for unit in units]


@query()
def opening(*, unit: Unit, at: datetime) -> OpeningState:
    """Whether a unit is open at ``at``, until when, and when it opens next."""
    return _openings([unit.id], at)[unit.id]


def _openings(unit_ids: Iterable[int], at: datetime) -> dict[int, OpeningState]:
    week: dict[int, list[Stretch]] = {unit_id: [] for unit_id in unit_ids}
    hours = OpeningHours.objects.filter(unit_id__in=list(week))
    for unit_id, weekday, opens_at, closes_at in hours.values_list(
        "unit_id", "weekday", "opens_at", "closes_at"
    ):
        week[unit_id].append(Stretch(weekday, opens_at, closes_at))
    local = clock.local(at)
    return {unit_id: opening_rules.state_at(stretches, local) for unit_id, stretches in week.items()}


@query()
def week_of(*, unit: Unit) -> list[Stretch]:
    """The opening hours of a unit, Monday first."""
    hours = OpeningHours.objects.filter(unit=unit).order_by("weekday", "opens_at")
    return [Stretch(one.weekday, one.opens_at, one.closes_at) for one in hours]
