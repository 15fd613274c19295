"""The overview in words and links. Every number that has events behind it leads to them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anxin.domains.indicators import api as indicators
from anxin.domains.indicators.contracts import (
    DEFINITIONS,
    Answer,
    Counts,
    Days,
    Line,
    Overview,
    Period,
    Share,
    Split,
)
from anxin.domains.risk.contracts import Level
from anxin.exchange.spreadsheets import Row
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.oversight.forms import OverviewChoices
from anxin.sites.oversight.words import LEVEL_NAMES, PERIODS, SPLITS

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Choice:
    """One segment."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """口径 in the reader's language."""

    title: str
    counts: str
    note: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the five."""

    title: str
    value: str
    unit: str
    note: str
    url: str
    explained: Explained


@dataclass(frozen=True, slots=True)
class TableRow:
    """An area, a line, or the small ones together. ``share_late`` is ``None`` when nothing was due."""

    name: str
    note: str
    name_url: str
    raised: int
    raised_url: str
    in_time: str
    late_url: str
    median: str
    to_city: int
    share_late: float | None


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One bar of the chart by level."""

    label: str
    counts: dict[str, int]
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Everything the page draws."""

    node_name: str
    up_url: str
    at: datetime
    days: Days
    periods: list[Choice]
    splits: list[Choice]
    figures: list[Figure]
    first_column: str
    rows: list[TableRow]
    total: TableRow
    weeks: list[WeekRow]
    busiest_week: int
    late_rows: list[TableRow]
    late_limit: float
    late_highest: float
    export_url: str
    explained: dict[str, Explained]
    small_cell: int


def overview_page(actor: Actor, choices: OverviewChoices) -> OverviewPage:
    """The page for this reader. Raises ``NodeNotFound`` for an area that is not theirs."""
    chosen, at = choices.chosen(), clock.now()
    period, split = choices.period_chosen, choices.split_chosen
    node = indicators.node_for(actor=actor, uid=chosen["node"])
    found = indicators.overview(actor=actor, node=node, period=period, split=split, at=at)
    links = Links(node, period, split)
    rows = [_row(line, links, node) for line in found.lines]
    limit = indicators.numbers().late_limit_percent
    return OverviewPage(
        node_name=node.name,
        up_url=_up_url(actor, node, links),
        at=at,
        days=found.days,
        periods=[Choice(str(label), links.page(period=one), one is period) for one, label in PERIODS.items()],
        splits=[Choice(str(label), links.page(split=one), one is split) for one, label in SPLITS.items()],
        figures=_figures(found, links, at),
        first_column=_("Area") if split is Split.AREA else _("Line"),
        rows=rows,
        total=_counts_row(_("Total"), "", "", found.total, links.events(), links.events(answer=Answer.LATE)),
        weeks=_weeks(found, node),
        busiest_week=max((week.total for week in found.weeks), default=0) or 1,
        late_rows=sorted(rows, key=lambda row: -(row.share_late or 0)),
        late_limit=limit,
        late_highest=max([limit * 1.5, *(row.share_late or 0 for row in rows)]),
        export_url=links.page("oversight:overview-csv"),
        explained={key: _explained(key) for key in DEFINITIONS},
        small_cell=indicators.numbers().small_cell,
    )


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that keep what was chosen."""

    node: "Unit"
    period: Period
    split: Split

    def page(
        self,
        name: str = "oversight:overview",
        *,
        node: str = "",
        period: Period | None = None,
        split: Split | None = None,
    ) -> str:
        """The overview, or its file, with something chosen differently."""
        query = {
            "node": node or self.node.uid,
            "period": (period or self.period).value,
            "by": (split or self.split).value,
        }
        return f"{reverse(name)}?{urlencode(query)}"

    def events(self, *, node: str = "", group: str = "", answer: Answer | None = None) -> str:
        """The events behind a number of this period."""
        query = {"node": node or self.node.uid, "period": self.period.value, "group": group}
        query["answer"] = answer.value if answer else ""
        return f"{reverse('oversight:events')}?{urlencode({key: value for key, value in query.items() if value})}"


def _explained(key: str) -> Explained:
    definition = DEFINITIONS[key]
    return Explained(_(definition.title), _(definition.counts), _(definition.note) if definition.note else "")


def _percent(share: Share) -> str:
    return NOTHING if share.percent is None else f"{share.percent:g}"


def _figures(found: Overview, links: Links, at: datetime) -> list[Figure]:
    total, closed = found.total, found.stations - found.stations_open
    late = ngettext("%(n)s not taken over in time", "%(n)s not taken over in time", total.late) % {
        "n": total.late
    }
    signed = _("%(part)s of %(whole)s") % {"part": found.signed.part, "whole": found.signed.whole}
    shut = ngettext("%(n)s closed today", "%(n)s closed today", closed) % {"n": closed}
    stations = f"{reverse('oversight:stations')}?node={links.node.uid}"
    return [
        _figure("raised", str(total.raised), _("warnings"), _compared(found), links.events()),
        _figure("in_time", _percent(total.in_time), "%", late, links.events(answer=Answer.LATE)),
        _figure(
            "unowned", str(found.unowned), _("warnings"), _("computed at %(time)s") % {"time": _hm(at)}, ""
        ),
        _figure("signed", _percent(found.signed), "%", signed, ""),
        _figure("stations", str(found.stations_open), f"/ {found.stations}", shut, stations),
    ]


def _figure(key: str, value: str, unit: str, note: str, url: str) -> Figure:
    explained = _explained(key)
    return Figure(explained.title, value, "" if value == NOTHING else unit, note, url, explained)


def _hm(at: datetime) -> str:
    return f"{clock.local(at):%H:%M:%S}"


def _compared(found: Overview) -> str:
    if not found.raised_before:
        return _("nothing to compare with")
    change = round(100 * (found.total.raised - found.raised_before) / found.raised_before, 1)
    words = {
        -1: _("%(percent)s%% fewer than in the same days before"),
        0: _("as many as in the same days before"),
        1: _("%(percent)s%% more than in the same days before"),
    }[(change > 0) - (change < 0)]
    return words % {"percent": f"{abs(change):g}"}


def _row(line: Line, links: Links, node: "Unit") -> TableRow:
    if line.merged:
        name = ngettext("%(n)s with small numbers", "%(n)s with small numbers", len(line.merged))
        names = _(", ").join(
            _(one) if one else _("directly below %(node)s") % {"node": node.name} for one in line.merged
        )
        return _counts_row(
            name % {"n": len(line.merged)},
            names,
            "",
            line.counts,
            links.events(group="merged") if links.split is Split.AREA else "",
            "",
        )
    if links.split is Split.LINE:
        group = f"line:{line.key}"
        name = _(line.name) if line.name else _("no line")
        return _counts_row(
            name,
            "",
            "",
            line.counts,
            links.events(group=group),
            links.events(group=group, answer=Answer.LATE),
        )
    if not line.key:
        return _counts_row(_("directly below %(node)s") % {"node": node.name}, "", "", line.counts, "", "")
    return _counts_row(
        line.name,
        "",
        links.page(node=line.key),
        line.counts,
        links.events(node=line.key),
        links.events(node=line.key, answer=Answer.LATE),
    )


def _counts_row(
    name: str, note: str, name_url: str, counts: Counts, raised_url: str, late_url: str
) -> TableRow:
    whole = counts.in_time.whole
    return TableRow(
        name=name,
        note=note,
        name_url=name_url,
        raised=counts.raised,
        raised_url=raised_url if counts.raised else "",
        in_time=f"{_percent(counts.in_time)}{'%' if whole else ''}",
        late_url=late_url if counts.late else "",
        median=minutes_words(counts.median_minutes),
        to_city=counts.to_city,
        share_late=round(100 * counts.late / whole, 1) if whole else None,
    )


def minutes_words(minutes: int | None) -> str:
    """Minutes as a reader says them."""
    if minutes is None:
        return NOTHING
    if minutes < 120:
        return _("%(n)s min") % {"n": minutes}
    return _("%(n)s h") % {"n": round(minutes / 60, 1)}


def _weeks(found: Overview, node: "Unit") -> list[WeekRow]:
    return [
        WeekRow(
            label=_short(week.first),
            counts={
                **{LEVEL_NAMES[level]: week.by_level[level] for level in Level if level in week.by_level},
                "unshown": week.unshown,
            },
            total=week.total,
            url=f"{reverse('oversight:events')}?{urlencode({'node': node.uid, 'week': week.first.isoformat()})}"
            if week.total
            else "",
        )
        for week in found.weeks
    ]


def _short(day: date) -> str:
    return f"{day.month}/{day.day}"


def _up_url(actor: Actor, node: "Unit", links: Links) -> str:
    above = indicators.nodes_queryset(actor=actor).filter(children__id=node.id).first()
    return links.page(node=above.uid) if above else ""


def as_rows(view: OverviewPage) -> list[Row]:
    """The table with its total and the days it speaks of, to take away."""
    return [
        (view.node_name, f"{view.days.first:%Y-%m-%d}", f"{view.days.last:%Y-%m-%d}"),
        (str(view.first_column), _("Warnings"), _("In time"), _("Median time"), _("Climbed to the city")),
        *((row.name, row.raised, row.in_time, row.median, row.to_city) for row in [*view.rows, view.total]),
    ]
