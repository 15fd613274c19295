"""Stations as the pages show them: numbered, open or closed in words, with the map that shares the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxin.domains.network import api as network
from anxin.domains.network.contracts import Service, StationFilter, UnitNotFound
from anxin.kernel import clock
from anxin.sites.resident.stations import schematic
from anxin.sites.resident.stations.forms import StationQuery

PER_PAGE = 12
WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
FILTERS = (
    (StationFilter.ALL, _("All")),
    (StationFilter.OPEN_NOW, _("Open now")),
    (StationFilter.EVENING, _("Open in the evening")),
)
# What a resident can look for; crisis work and the hotline are not places one walks into.
SERVICES = (Service.COUNSELLING, Service.ASSESSMENT, Service.GROUP, Service.EDUCATION, Service.THERAPY)


@dataclass(frozen=True, slots=True)
class StationCard:
    """One station at this moment."""

    number: int
    name: str
    url: str
    distance_m: float | None
    is_open: bool
    is_round_the_clock: bool
    open_until: datetime | None
    next_opens_at: datetime | None
    has_hours: bool
    today: tuple[tuple[time, time], ...]
    people: tuple[str, ...]
    address: str
    access_note: str
    phone: str
    services: tuple[str, ...]
    point: schematic.Point | None


@dataclass(frozen=True, slots=True)
class Area:
    """An area that can be chosen."""

    slug: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A filter as a link."""

    label: str | Promise
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class StationList:
    """The page of the list."""

    query: StationQuery
    cards: tuple[StationCard, ...]
    map: schematic.Schematic | None
    areas: tuple[Area, ...]
    area_name: str
    filters: tuple[Link, ...]
    services: tuple[Link, ...]
    page: Page | None
    paging: str

    @property
    def is_narrowed(self) -> bool:
        """Whether fewer stations are shown than there are here."""
        return bool(self.query.text or self.query.service or self.query.show is not StationFilter.ALL)


@dataclass(frozen=True, slots=True)
class Day:
    """The opening hours of one weekday."""

    name: str | Promise
    hours: tuple[tuple[time, time], ...]
    is_today: bool


@dataclass(frozen=True, slots=True)
class StationPage:
    """The page of one station."""

    card: StationCard
    week: tuple[Day, ...]
    map: schematic.Schematic | None
    area_name: str


def station_list(query: StationQuery) -> StationList:
    """The list that was asked for: by position when there is one, else by area and name. Call inside a unit of work."""
    at = clock.now()
    found = {area.slug: area for area in network.responsible_areas_queryset()}
    chosen = found.get(query.area)
    query = query if chosen else replace(query, area="")
    if query.near:
        page, views, first = None, _near(query, at), 1
    else:
        units = network.stations_queryset(
            at=at,
            area_path=chosen.path if chosen else "",
            service=query.service,
            show=query.show,
            text=query.text,
        )
        page = Paginator(units, PER_PAGE).get_page(query.page)
        views, first = network.station_views(units=list(page.object_list), at=at), page.start_index() or 1
    cards = tuple(_card(view, number) for number, view in enumerate(views, start=first))
    return StationList(
        query=query,
        cards=cards,
        map=_map(cards, query),
        areas=tuple(Area(area.slug, name_of(area), area is chosen) for area in found.values()),
        area_name=name_of(chosen) if chosen else "",
        filters=tuple(Link(label, query.address(show=show), query.show is show) for show, label in FILTERS),
        services=_services(query),
        page=page,
        paging=query.address() + "&" if query.address() else "",
    )


def open_card(area_slug: str) -> StationCard | None:
    """A station of the area where somebody is in right now: with people on duty before one without."""
    at = clock.now()
    chosen = next((area for area in network.responsible_areas_queryset() if area.slug == area_slug), None)
    if chosen is None:
        return None
    views = network.stations_in(area_path=chosen.path, at=at, limit=PER_PAGE, show=StationFilter.OPEN_NOW)
    if not views:
        return None
    return _card(max(views, key=lambda view: bool(view.on_duty_names)), 1)


def station_page(slug: str) -> StationPage:
    """One station with its week. Raises ``UnitNotFound``, also for a unit that is no public station."""
    at = clock.now()
    unit = network.unit_by_slug(slug=slug)
    if not network.stations_queryset(at=at).filter(id=unit.id).exists():
        raise UnitNotFound
    card = _card(network.station_views(units=[unit], at=at)[0], 1)
    week = network.week_of(unit=unit)
    today = clock.today().weekday()
    return StationPage(
        card=card,
        week=tuple(
            Day(
                name,
                tuple((each.opens_at, each.closes_at) for each in week if each.weekday == weekday),
                weekday == today,
            )
            for weekday, name in enumerate(WEEKDAYS)
        ),
        map=schematic.draw([card.point]) if card.point else None,
        area_name="、".join(name_of(area) for area in network.ancestors(unit=unit)[1:2]),
    )


def areas(chosen: str) -> tuple[Area, ...]:
    """The areas to choose from."""
    return tuple(
        Area(area.slug, name_of(area), area.slug == chosen) for area in network.responsible_areas_queryset()
    )


def name_of(unit: Any) -> str:
    """The name of a unit in the language of the page, or its Chinese name when it has no other."""
    in_english = (get_language() or "").startswith("en") and unit.name_en
    return str(in_english or unit.name)


def _near(query: StationQuery, at: datetime) -> Sequence[Any]:
    if query.near is None:
        return []
    return network.stations_near(
        longitude=query.near.longitude,
        latitude=query.near.latitude,
        at=at,
        limit=PER_PAGE,
        service=query.service,
        show=query.show,
    )


def _card(view: Any, number: int) -> StationCard:
    unit, opening = view.unit, view.opening
    has_place = unit.longitude is not None and unit.latitude is not None
    return StationCard(
        number=number,
        name=name_of(unit),
        url=reverse("resident_stations:station", args=[unit.slug]),
        distance_m=view.distance_m,
        is_open=opening.is_open,
        is_round_the_clock=opening.is_round_the_clock,
        open_until=opening.until,
        next_opens_at=opening.next_opens_at,
        has_hours=opening.is_open or opening.next_opens_at is not None,
        today=opening.today,
        people=view.on_duty_names,
        address=unit.address,
        access_note=unit.access_note,
        phone=unit.phone,
        services=tuple(gettext(Service(each).label) for each in unit.services),
        point=schematic.Point(number, unit.longitude, unit.latitude, opening.is_open) if has_place else None,
    )


def _map(cards: tuple[StationCard, ...], query: StationQuery) -> schematic.Schematic | None:
    points = [card.point for card in cards if card.point]
    if points and query.near:
        points.append(schematic.Point(0, query.near.longitude, query.near.latitude))
    return schematic.draw(points)


def _services(query: StationQuery) -> tuple[Link, ...]:
    return tuple(
        Link(
            gettext(service.label),
            query.address(service=None if query.service is service else service),
            query.service is service,
        )
        for service in SERVICES
    )
