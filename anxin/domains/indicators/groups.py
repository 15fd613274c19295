"""Group reports: how the results of a form spread over its bands, by place or by age, and never a small number.

What is shown at a node follows from the whole city down to it, whoever asks, so that two readers who lay their pages
side by side learn no more than each of them alone. Places and ages are never crossed.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import NO_BAND, OTHER_AGES, SEGMENTS, ResultCount
from anxin.domains.audit.api import query
from anxin.domains.indicators.contracts import (
    GroupReport,
    GroupSplit,
    NodeNotFound,
    Permission,
    Quarter,
    ReportNotFound,
)
from anxin.domains.indicators.library import numbers
from anxin.domains.indicators.rules import quarters
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import InstrumentError
from anxin.domains.network import api as network
from anxin.domains.network.contracts import AREA_KINDS, UnitKind
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.small_cells import GroupLine, group_table

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit

_HOUSE = Actor.system("group report")
_ELSEWHERE = ""
_SHOWN = AREA_KINDS | {UnitKind.STATION}


@query()
def reported_instruments(*, actor: Actor, today: date) -> list[str]:
    """The forms with bands that were handed in during the quarters on offer, by name."""
    if not actor.paths_with(Permission.VIEW):
        return []
    offered = quarters.finished_quarters(today, numbers().quarters_shown)
    since, until = _moments(offered[-1].first, offered[0].last)
    found = assessments.instruments_counted(actor=_HOUSE, since=since, until=until)
    return [name for name in found if _bands_of(name)]


@query()
def group_units(*, actor: Actor, uid: str = "") -> "tuple[Unit, list[Unit]]":
    """The node named by ``uid`` (or the widest of the actor's), and what is above it within the actor's reach.

    Raises ``NodeNotFound``.
    """
    paths = sorted(actor.paths_with(Permission.VIEW), key=len)
    units = network.units_queryset(status=None)
    node = units.filter(uid=uid).first() if uid else units.filter(path__in=paths[:1]).first()
    if node is None or not actor.may(Permission.VIEW, at=node.path):
        raise NodeNotFound
    above = [one for one in network.ancestors(unit=node) if actor.may(Permission.VIEW, at=one.path)]
    return node, above


@query()
def group_report(
    *, actor: Actor, node: "Unit", instrument: str, quarter: Quarter, by: GroupSplit, today: date
) -> GroupReport:
    """One table. Raises ``NodeNotFound``, and ``ReportNotFound`` for what is not offered.

    By age only for the whole city: crossed with places, small groups could be worked out.
    """
    if not actor.may(Permission.VIEW, at=node.path):
        raise NodeNotFound
    bands = _bands_of(instrument)
    if not bands or quarter not in quarters.finished_quarters(today, numbers().quarters_shown):
        raise ReportNotFound
    above = network.ancestors(unit=node)
    if by is GroupSplit.AGE and above:
        raise ReportNotFound
    since, until = _moments(quarter.first, quarter.last)
    counts = assessments.result_counts(
        actor=_HOUSE, instrument=instrument, since=since, until=until, on=quarter.last
    )
    columns = (*bands, NO_BAND)
    if by is GroupSplit.AGE:
        names = {segment: segment for segment in (*SEGMENTS, OTHER_AGES)}
        sums = _summed(counts, lambda one: one.segment, names)
        table = group_table(sums, columns=columns, smallest=numbers().smallest_group)
        return GroupReport(instrument, quarter, by, table, names)
    return _by_place(counts, [*above, node], instrument, quarter, columns)


def _by_place(
    counts: Sequence[ResultCount],
    chain: "Sequence[Unit]",
    instrument: str,
    quarter: Quarter,
    columns: Sequence[str],
) -> GroupReport:
    within: GroupLine | None = None
    for place, unit in enumerate(chain):
        here = [one for one in counts if one.node_path.startswith(unit.path)]
        children = list(
            network.units_queryset(status=None, path=unit.path).filter(parent_id=unit.id).order_by("number")
        )
        # A hotline or an office has no archives; it stands in a table only when somebody is counted there.
        children = [child for child in children if child.kind in _SHOWN or _anybody(here, child.path)]
        paths = {child.uid: child.path for child in children}
        names = {child.uid: child.name for child in children}
        home = _home(paths)
        if any(home(one) == _ELSEWHERE for one in here) or not children:
            names[_ELSEWHERE] = unit.name
        table = group_table(
            _summed(here, home, names), columns=columns, smallest=numbers().smallest_group, within=within
        )
        if place + 1 < len(chain):
            below = chain[place + 1].uid
            if below not in names:
                raise ReportNotFound
            within = table.row(below)
    opened = frozenset(key for key in names if key != _ELSEWHERE and table.row(key).n)
    return GroupReport(instrument, quarter, GroupSplit.PLACE, table, names, opened)


def _anybody(counts: Sequence[ResultCount], path: str) -> bool:
    return any(one.node_path.startswith(path) for one in counts)


def _home(paths: Mapping[str, str]) -> Callable[[ResultCount], str]:
    return lambda one: next(
        (uid for uid, path in paths.items() if one.node_path.startswith(path)), _ELSEWHERE
    )


def _summed(
    counts: Sequence[ResultCount], key: Callable[[ResultCount], str], rows: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {row: defaultdict(int) for row in rows}
    for one in counts:
        found[key(one)][one.band] += one.count
    return {row: dict(bands) for row, bands in found.items()}


def _bands_of(instrument: str) -> tuple[str, ...]:
    """The bands of the total in the order of the form, of every norm set that may be used without asking."""
    try:
        published = instruments.published_version(instrument)
    except InstrumentError:
        return ()
    labels: dict[str, None] = {}
    for norms in published.norm_sets:
        if norms.default and "total" in norms.scales:
            labels |= dict.fromkeys(band.label for band in norms.bands)
    return tuple(labels)


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    since = datetime.combine(first, time(0), clock.LOCAL)
    return since, datetime.combine(last + timedelta(days=1), time(0), clock.LOCAL)
