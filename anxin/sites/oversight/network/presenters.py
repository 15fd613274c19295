"""Stations as rows, their totals, and the table of areas by lines."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.indicators import api as indicators
from anxin.domains.network import api as network
from anxin.domains.network.contracts import HostType, Line, UnitKind
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.oversight.forms import StationChoices

if TYPE_CHECKING:
    from anxin.domains.network.api import StationView
    from anxin.domains.network.models import Unit

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Station:
    """One row."""

    number: str
    name: str
    area: str
    host_type: str
    line: str
    hours: str
    is_open: bool
    address: str


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One area of the cross table."""

    name: str
    url: str
    cells: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class StationsPage:
    """Everything the page draws."""

    node: "Unit"
    areas: "list[Unit]"
    total: int
    found: int
    by_host: list[tuple[str, int]]
    rows: list[Station]
    page: "Page[Unit]"
    query: str
    cross_columns: list[str]
    cross_rows: list[CrossRow]
    cross_totals: tuple[int, ...]


def stations_page(actor: Actor, choices: StationChoices, page_number: str) -> StationsPage:
    """The page. Raises ``NodeNotFound`` for an area that is not the reader's."""
    chosen = choices.chosen()
    node = indicators.node_for(actor=actor, uid=chosen["node"])
    stations = network.units_queryset(kinds=[UnitKind.STATION], path=node.path).order_by("number")
    found = stations
    for field in ("host_type", "line"):
        found = found.filter(**{field: chosen[field]}) if chosen[field] else found
    page = Paginator(found, PAGE_SIZE).get_page(page_number)
    home = indicators.node_for(actor=actor)
    areas = indicators.children_of(actor=actor, node=home)
    hosts = network.counts_by_host_type(node=node)
    kept = {key: value for key, value in chosen.items() if value}
    columns, rows, totals = _cross_table(actor, node)
    return StationsPage(
        node=node,
        areas=[home, *areas],
        total=sum(hosts.values()),
        found=page.paginator.count,
        by_host=[(_(one.label), hosts.get(one.value, 0)) for one in HostType],
        rows=_rows(list(page), areas),
        page=page,
        query=urlencode(kept) + "&" if kept else "",
        cross_columns=columns,
        cross_rows=rows,
        cross_totals=totals,
    )


def _rows(units: "list[Unit]", areas: "list[Unit]") -> list[Station]:
    return [_row(view, areas) for view in network.station_views(units=units, at=clock.now())]


def _row(view: "StationView", areas: "list[Unit]") -> Station:
    unit = view.unit
    hours = _(", ").join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in view.opening.today)
    return Station(
        number=unit.number,
        name=unit.name,
        area=next((area.name for area in areas if unit.path.startswith(area.path)), ""),
        host_type=_(HostType(unit.host_type).label) if unit.host_type else "",
        line=_(Line(unit.line).label) if unit.line else "",
        hours=hours or _("closed today"),
        is_open=view.is_open,
        address=unit.address,
    )


def _cross_table(actor: Actor, node: "Unit") -> tuple[list[str], list[CrossRow], tuple[int, ...]]:
    """Areas right below ``node`` by lines, with the sums; what lies in none of them is a row too."""
    table = network.line_by_area(node=node, kinds=[UnitKind.STATION])
    children = {child.path: child for child in indicators.children_of(actor=actor, node=node)}
    rows = []
    for path, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True):
        child = children.get(path)
        url = f"{reverse('oversight:stations')}?node={child.uid}" if child else ""
        name = child.name if child else _("directly below %(node)s") % {"node": node.name}
        rows.append(CrossRow(name, url, cells, total))
    columns = [_(Line(column).label) if column else _("no line") for column in table.columns]
    return columns, rows, (*table.column_totals, table.total)
