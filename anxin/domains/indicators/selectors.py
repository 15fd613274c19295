"""Reading figures. Other rooms are asked through their doors; no table is read here, and no name ever leaves."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from anxin.domains.audit.api import query
from anxin.domains.indicators.contracts import (
    Days,
    EventRow,
    Line,
    NodeNotFound,
    Overview,
    Period,
    Permission,
    Split,
    TooFewToShow,
    Week,
)
from anxin.domains.indicators.library import numbers
from anxin.domains.indicators.rules import figures, periods, suppression
from anxin.domains.indicators.rules.release import Released, release
from anxin.domains.network import api as network
from anxin.domains.network.contracts import AREA_KINDS, UnitKind
from anxin.domains.network.contracts import Line as NetworkLine
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Level, WarningEvent
from anxin.kernel import clock
from anxin.kernel.actor import Actor

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit

ELSEWHERE = ""
MERGED = "merged"
_HOUSE = Actor.system("figures")
_LEVELS = (Level.L1, Level.L2, Level.L3, Level.L4)


@query()
def nodes_queryset(*, actor: Actor) -> "QuerySet[Unit]":
    """The areas whose figures the actor may read, the widest first."""
    paths = actor.paths_with(Permission.VIEW)
    areas = network.areas_queryset()
    allowed = areas.none()
    for path in paths:
        allowed = allowed | areas.filter(path__startswith=path)
    return allowed.order_by("depth", "number")


@query()
def node_for(*, actor: Actor, uid: str = "") -> "Unit":
    """The area named by ``uid``, or the widest the actor may read. Raises ``NodeNotFound`` for any other."""
    nodes = nodes_queryset(actor=actor)
    found = nodes.filter(uid=uid).first() if uid else nodes.first()
    if found is None:
        raise NodeNotFound
    return found


@query()
def children_of(*, actor: Actor, node: "Unit") -> "list[Unit]":
    """The areas right below ``node``: counties and zones of a city, towns of a county."""
    below = network.areas_queryset(path=node.path).filter(parent_id=node.id)
    return list(below) if actor.may(Permission.VIEW, at=node.path) else []


@query()
def overview(
    *, actor: Actor, node: "Unit", period: Period, split: Split = Split.AREA, at: datetime
) -> Overview:
    """Figures, table and charts of one area. Small cells below it are merged. Raises ``NodeNotFound``."""
    _check(actor, node)
    today = clock.local(at).date()
    days = periods.period_until(period, today)
    before = periods.same_part_before(period, days)
    mondays = periods.weeks_until(today, numbers().weeks_shown)
    seen = _seen(node, Days(min(days.first, mondays[0]), today), at)
    events = [one.event for one in seen if one.day >= days.first]
    open_today, stations = _stations(node, today)
    return Overview(
        days=days,
        total=figures.count(events, at),
        raised_before=_raised(actor, node.path, before, at),
        unowned=risk.unowned_now(actor=actor, node_path=node.path, at=at),
        signed=figures.signatures(events),
        stations_open=open_today,
        stations=stations,
        lines=_lines(actor, node, events, split, at),
        weeks=_weeks(node, seen, mondays),
    )


@query()
def events_behind(
    *,
    actor: Actor,
    node: "Unit",
    days: Days,
    at: datetime,
    level: Level | None = None,
    answer: str = "",
    group: str = "",
) -> list[EventRow]:
    """The events behind a number, newest first, with nothing about the person.

    ``group`` narrows to one line (``line:education``), or to the small areas counted together (``merged``). Raises
    ``TooFewToShow`` for an area whose number the table does not show either.
    """
    _check(actor, node)
    if _is_hidden(actor, node, days, at):
        raise TooFewToShow(limit=numbers().small_cell)
    seen = _seen(node, days, at)
    found = [one.event for one in seen]
    if group.startswith("line:") and group.removeprefix("line:") in _small_lines(found):
        raise TooFewToShow(limit=numbers().small_cell)
    names = _area_names(actor, node, found)
    rows = []
    for one in seen:
        area = names(one.event)
        wanted = not group or (area == "" if group == MERGED else group == f"line:{one.event.line}")
        # A group cuts across what was released together, so nothing of it is shown there.
        row = _row(one, node, area, at, is_released=not group)
        if wanted and level in (None, row.level) and answer in ("", row.answer.value):
            rows.append(row)
    return rows


def _check(actor: Actor, node: "Unit") -> None:
    if UnitKind(node.kind) not in AREA_KINDS or not actor.may(Permission.VIEW, at=node.path):
        raise NodeNotFound


def _moments(days: Days) -> tuple[datetime, datetime]:
    first = datetime.combine(days.first, time(0), clock.LOCAL)
    return first, datetime.combine(days.last + timedelta(days=1), time(0), clock.LOCAL)


def _events(actor: Actor, path: str, days: Days, at: datetime) -> list[WarningEvent]:
    since, until = _moments(days)
    return risk.warning_events(actor=actor, node_path=path, since=since, until=until, at=at)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One warning, and what is released of it: county, town, answer, rung, level, part of the day."""

    event: WarningEvent
    day: date
    places: tuple[str, ...]
    released: tuple[Any, ...]

    def shows(self, node: "Unit") -> bool:
        """Whether its level may be shown on the page of ``node``: all that stands beside it there is released, too."""
        here = node.depth <= 0 or node.path in self.released[: len(self.places)]
        answer, reach, level = self.released[2:5]
        return here and None not in (answer, reach, level)


def _seen(node: "Unit", days: Days, at: datetime) -> list[_Seen]:
    """The warnings of ``node`` in these days, the newest first, with what the release of the whole city shows of each.

    The release is made of all the city, whoever asks: else two readers could lay their pages side by side.
    """
    city, today = network.city() or node, clock.local(at).date()
    first, last = periods.week_of(days.first).first, periods.week_of(days.last).last
    areas = {area.path: area.depth for area in network.areas_queryset(path=city.path)}
    found = _events(_HOUSE, city.path, Days(first, last), at)
    local = [clock.local(event.raised_at) for event in found]
    places = [_places(event.node_path, areas, city.depth) for event in found]
    released: dict[int, tuple[Any, ...]] = {}
    by_week: dict[date, list[int]] = {}
    for number, moment in enumerate(local):
        by_week.setdefault(periods.monday_of(moment.date()), []).append(number)
    for monday, members in by_week.items():
        traits = [_traits(found[n], places[n], local[n].hour, at) for n in members]
        if periods.week_of(monday).last >= today:
            shown = [Released((None,) * len(one)) for one in traits]
        else:
            shown = release(traits, smallest=numbers().small_cell)
        released |= {n: one.values for n, one in zip(members, shown, strict=True)}
    return [
        _Seen(event, local[n].date(), places[n], released[n])
        for n, event in enumerate(found)
        if event.node_path.startswith(node.path) and days.first <= local[n].date() <= days.last
    ]


def _places(path: str, areas: dict[str, int], top: int) -> tuple[str, ...]:
    """The county and the town it happened in, by their paths; empty where there is none."""
    steps = path.strip("/").split("/")
    above = ["/" + "/".join(steps[: count + 1]) + "/" for count in range(len(steps))]
    below = [one for one in above if areas.get(one, top) > top]
    return tuple((*below, "", "")[:2])


def _traits(event: WarningEvent, places: tuple[str, ...], hour: int, at: datetime) -> tuple[Any, ...]:
    reach = (figures.reach_of(event), event.climbed)
    return (*places, figures.answer_of(event, at), reach, event.level, periods.part_of_day(hour))


def _raised(actor: Actor, path: str, days: Days, at: datetime) -> int:
    since, until = _moments(days)
    facts = risk.warning_facts(actor=actor, node_paths=[path], since=since, until=until, at=at)
    return facts[0].raised if facts else 0


def _stations(node: "Unit", today: date) -> tuple[int, int]:
    stations = network.units_queryset(kinds=[UnitKind.STATION], path=node.path)
    open_today = stations.filter(opening_hours__weekday=today.weekday()).distinct().count()
    return open_today, stations.count()


def _home_of(children: "Sequence[Unit]") -> Callable[[WarningEvent], str]:
    paths = [(child.path, child.uid) for child in children]
    return lambda event: next((uid for path, uid in paths if event.node_path.startswith(path)), ELSEWHERE)


def _grouped(
    found: Sequence[WarningEvent], key: Callable[[WarningEvent], str]
) -> dict[str, list[WarningEvent]]:
    groups: dict[str, list[WarningEvent]] = {}
    for event in found:
        groups.setdefault(key(event), []).append(event)
    return groups


def _lines(
    actor: Actor, node: "Unit", found: Sequence[WarningEvent], split: Split, at: datetime
) -> tuple[Line, ...]:
    """Every child area or line, the busiest first; small ones as one; together exactly the total."""
    if split is Split.LINE:
        names = {line.value: line.label for line in NetworkLine}
        groups = _grouped(found, lambda event: event.line)
    else:
        children = children_of(actor=actor, node=node)
        names = {child.uid: child.name for child in children}
        groups = _grouped(found, _home_of(children))
    merged = suppression.keys_to_merge(
        {key: len(group) for key, group in groups.items()}, smallest=numbers().small_cell
    )
    keys = [*names, *([ELSEWHERE] if ELSEWHERE in groups else [])]
    shown = [key for key in keys if key not in merged]
    lines = [Line(key, names.get(key, ""), figures.count(groups.get(key, ()), at)) for key in shown]
    lines.sort(key=lambda line: -line.counts.raised)
    if merged:
        together = [event for key in merged for event in groups[key]]
        merged_names = tuple(names.get(key, "") for key in keys if key in merged)
        lines.append(Line(MERGED, "", figures.count(together, at), merged_names))
    return tuple(lines)


def _weeks(node: "Unit", seen: Sequence[_Seen], mondays: Sequence[date]) -> tuple[Week, ...]:
    counts = Counter(
        (periods.monday_of(one.day), one.event.level if one.shows(node) else None) for one in seen
    )
    return tuple(
        Week(monday, {level: counts[monday, level] for level in _LEVELS}, counts[monday, None])
        for monday in mondays
    )


def _merged_children(
    actor: Actor, node: "Unit", found: Sequence[WarningEvent]
) -> tuple["list[Unit]", frozenset[str]]:
    children = children_of(actor=actor, node=node)
    groups = _grouped(found, _home_of(children))
    counts = {key: len(group) for key, group in groups.items()}
    return children, suppression.keys_to_merge(counts, smallest=numbers().small_cell)


def _small_lines(found: Sequence[WarningEvent]) -> frozenset[str]:
    counts = {key: len(group) for key, group in _grouped(found, lambda event: event.line).items()}
    return suppression.keys_to_merge(counts, smallest=numbers().small_cell)


def _is_hidden(actor: Actor, node: "Unit", days: Days, at: datetime) -> bool:
    """Whether an area further up counts this one together with others in these days."""
    chain = [*network.ancestors(unit=node), node]
    for above, below in pairwise(chain):
        if actor.may(Permission.VIEW, at=above.path):
            found = _events(actor, above.path, days, at)
            if below.uid in _merged_children(actor, above, found)[1]:
                return True
    return False


def _area_names(actor: Actor, node: "Unit", found: Sequence[WarningEvent]) -> Callable[[WarningEvent], str]:
    children, merged = _merged_children(actor, node, found)
    names = {child.uid: child.name for child in children if child.uid not in merged}
    home = _home_of(children)
    own = {ELSEWHERE: node.name} if ELSEWHERE not in merged else {}
    shown = {**names, **own}
    return lambda event: shown.get(home(event), "")


def _row(one: _Seen, node: "Unit", area: str, at: datetime, *, is_released: bool) -> EventRow:
    event, shows = one.event, is_released and one.shows(node)
    # The table beside it names the area right below this one; with a level the name is shown only if released with it.
    below = next(
        (n for n, place in enumerate(one.places) if place != node.path and place.startswith(node.path)), None
    )
    is_placed = below is None or one.released[below] is not None
    return EventRow(
        area=area if is_placed or not shows else "",
        level=event.level if shows else None,
        week=periods.monday_of(one.day) if shows else None,
        part_of_day=one.released[5] if shows else None,
        reach=figures.reach_of(event),
        climbed=event.climbed,
        answer=figures.answer_of(event, at),
    )
