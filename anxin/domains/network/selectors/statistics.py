"""Sums of the network on either tree, and coverage. Indicators and the oversight site build on these."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.network.contracts import AREA_KINDS, CrossTab, Line, UnitKind, UnitStatus
from anxin.domains.network.models import Division, Unit
from anxin.domains.network.rules import sums


@dataclass(frozen=True, slots=True)
class AreaCount:
    """How many units lie in an area; ``area`` is ``None`` for those that lie directly at the node asked about."""

    area: Unit | None
    count: int


@dataclass(frozen=True, slots=True)
class VillageCover:
    """Which station a village has: its own, one elsewhere that serves it, or none (R-020)."""

    village: Unit
    station: Unit | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class CentreCover:
    """How many active county centres a responsible area has (trap T1)."""

    area: Unit
    centres: int


def _counted(node: Unit, kinds: Iterable[UnitKind]) -> QuerySet[Unit]:
    return Unit.objects.filter(
        path__startswith=node.path, kind__in=[kind.value for kind in kinds], status=UnitStatus.ACTIVE
    )


def _parts(node: Unit) -> list[Unit]:
    areas = Unit.objects.filter(parent=node, kind__in=[kind.value for kind in AREA_KINDS])
    return list(areas.order_by("number"))


@query()
def counts_by_area(*, node: Unit, kinds: Iterable[UnitKind]) -> list[AreaCount]:
    """Active units in each area right below ``node``, and those in none of them; the sum is every unit, once."""
    parts = _parts(node)
    facts = ((path, 1) for path in _counted(node, kinds).values_list("path", flat=True))
    found = sums.roll_up_paths(facts, [part.path for part in parts])
    rows = [AreaCount(part, found[part.path]) for part in parts]
    rest = found.get(sums.ELSEWHERE, 0)
    return [*rows, AreaCount(None, rest)] if rest else rows


@query()
def counts_by_division(*, node: Unit, kinds: Iterable[UnitKind]) -> dict[Division | None, int]:
    """The same units on the legal tree, rolled up to every division; ``None`` for units without a code (trap T2)."""
    divisions = Division.objects.in_bulk()
    parents = {division.id: division.parent_id for division in divisions.values()}
    facts = ((division, 1) for division in _counted(node, kinds).values_list("division_id", flat=True))
    rolled = sums.roll_up_parents(facts, parents)
    return {divisions[key] if key is not None else None: count for key, count in rolled.items()}


@query()
def line_by_area(*, node: Unit, kinds: Iterable[UnitKind]) -> CrossTab:
    """条×块: active units by line (columns) and by area right below ``node`` (rows, by path) (R-024)."""
    parts = [part.path for part in _parts(node)]
    facts = (
        (next((part for part in parts if path.startswith(part)), sums.ELSEWHERE), line, 1)
        for path, line in _counted(node, kinds).values_list("path", "line")
    )
    return sums.cross_tab(facts, rows=parts, columns=[line.value for line in Line])


@query()
def counts_by_host_type(*, node: Unit) -> dict[str, int]:
    """Active stations by host type; every station counts in exactly one (R-018)."""
    rows = _counted(node, [UnitKind.STATION]).values("host_type").order_by("host_type")
    counted = rows.annotate(number=Count("id")).values_list("host_type", "number")
    return {str(host_type): number for host_type, number in counted}


@query()
def village_coverage(*, area: Unit) -> list[VillageCover]:
    """For every village of an area the station it has of its own, or else the one that serves it."""
    villages = (
        Unit.objects.filter(path__startswith=area.path, kind=UnitKind.VILLAGE)
        .select_related("served_by")
        .order_by("path")
    )
    own: dict[int | None, Unit] = {}
    stations = Unit.objects.filter(
        path__startswith=area.path,
        parent__kind=UnitKind.VILLAGE,
        kind=UnitKind.STATION,
        status=UnitStatus.ACTIVE,
    )
    for station in stations.order_by("number"):
        own.setdefault(station.parent_id, station)
    return [
        VillageCover(village, own.get(village.id) or village.served_by, village.id in own)
        for village in villages
    ]


@query()
def centre_coverage() -> list[CentreCover]:
    """Every area that owes a county centre with the active ones it has: a list, so an eleventh needs no code."""
    active = Q(children__kind=UnitKind.COUNTY_CENTRE, children__status=UnitStatus.ACTIVE)
    areas = Unit.objects.filter(kind__in=[UnitKind.COUNTY.value, UnitKind.ZONE.value])
    rows = areas.annotate(centres=Count("children", filter=active)).order_by("number")
    return [CentreCover(area, area.centres) for area in rows]
