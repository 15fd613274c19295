"""A group report in words and links. Rows keep the order of their numbers; nothing is sorted by a result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxin.domains.assessments.contracts import NO_BAND, OTHER_AGES
from anxin.domains.indicators import api as indicators
from anxin.domains.indicators.contracts import GroupReport, GroupSplit, Quarter
from anxin.domains.instruments import api as instruments
from anxin.exchange.spreadsheets import Row
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.small_cells import GroupLine
from anxin.sites.bands import BANDS
from anxin.sites.oversight.forms import ResultChoices
from anxin.sites.oversight.words import GROUP_SPLITS, Words
from anxin.ui.charts import Group, Spread, spread

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit

HIDDEN = "—"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    value: str
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CellView:
    """One count with its share and how sure the share is; ``is_hidden`` where it is not shown."""

    count: str
    share: str
    interval: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """One group."""

    name: str
    url: str
    n: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """Everything the page draws. Without a form that was handed in there are no rows."""

    node_name: str
    up: tuple[Choice, ...]
    forms: tuple[Choice, ...]
    quarters: tuple[Choice, ...]
    splits: tuple[Choice, ...]
    form_name: str
    quarter_name: str
    first_column: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]
    total: RowView | None
    chart: Spread | None
    has_hidden: bool
    smallest: int
    is_whole_city: bool
    references: tuple[str, ...]
    file_name: str
    query: str
    node_uid: str


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What was chosen, and addresses that change one thing of it."""

    node: "Unit"
    instrument: str
    quarter: Quarter
    by: GroupSplit

    def query(self, **changed: str) -> str:
        made = {
            "instrument": self.instrument,
            "quarter": self.quarter.name,
            "node": self.node.uid,
            "by": self.by.value,
        }
        return urlencode({**made, **changed})

    def url(self, **changed: str) -> str:
        return f"{reverse('oversight:results')}?{self.query(**changed)}"


def results_page(actor: Actor, choices: ResultChoices) -> ResultsPage:
    """The page for this reader. Raises ``NodeNotFound`` for an area that is not theirs."""
    wanted, today = choices.chosen(), clock.today()
    node, above = indicators.group_units(actor=actor, uid=wanted["node"])
    offered = indicators.finished_quarters(today, indicators.numbers().quarters_shown)
    quarter = next((one for one in offered if one.name == wanted["quarter"]), offered[0])
    known = indicators.reported_instruments(actor=actor, today=today)
    instrument = wanted["instrument"] if wanted["instrument"] in known else next(iter(known), "")
    is_whole_city = node.parent_id is None
    by = GroupSplit.AGE if wanted["by"] == GroupSplit.AGE and is_whole_city else GroupSplit.PLACE
    chosen = _Chosen(node, instrument, quarter, by)
    report = (
        indicators.group_report(
            actor=actor, node=node, instrument=instrument, quarter=quarter, by=by, today=today
        )
        if instrument
        else None
    )
    rows = tuple(_row(line, report, chosen) for line in report.table.rows) if report else ()
    splits = GROUP_SPLITS if is_whole_city else {GroupSplit.PLACE: GROUP_SPLITS[GroupSplit.PLACE]}
    return ResultsPage(
        node_name=node.name,
        up=tuple(Choice(one.uid, one.name, chosen.url(node=one.uid), False) for one in above),
        forms=tuple(Choice(one, _title(one), chosen.url(instrument=one), one == instrument) for one in known),
        quarters=tuple(
            Choice(one.name, _quarter(one), chosen.url(quarter=one.name), one == quarter) for one in offered
        ),
        splits=tuple(
            Choice(one.value, str(words), chosen.url(by=one.value), one is by)
            for one, words in splits.items()
        ),
        form_name=_title(instrument) if instrument else "",
        quarter_name=_quarter(quarter),
        first_column=_("Area or unit") if by is GroupSplit.PLACE else _("Age"),
        columns=tuple(str(_band(name)) for name in report.table.columns) if report else (),
        rows=rows,
        total=_total(report.table.total) if report else None,
        chart=_chart(report, rows) if report else None,
        has_hidden=bool(report and report.table.has_hidden),
        smallest=indicators.numbers().smallest_group,
        is_whole_city=is_whole_city,
        references=_references(instrument) if instrument else (),
        file_name=f"results-{instrument}-{quarter.name}",
        query=chosen.query(),
        node_uid=node.uid,
    )


def as_rows(view: ResultsPage) -> list[Row]:
    """The table for a file: what the page shows and nothing more."""
    head: list[str] = [view.first_column, _("People")]
    for column in view.columns:
        head += [column, _("%(band)s, share with 95 %% interval") % {"band": column}]
    rows: list[Row] = [head]
    for row in (*view.rows, *((view.total,) if view.total else ())):
        cells: list[str | int] = [row.name, _number(row.n)]
        for cell in row.cells:
            cells += [_number(cell.count), f"{cell.share} {cell.interval}".strip() or HIDDEN]
        rows.append(cells)
    rows.append([])
    rows.append([f"{view.node_name}·{view.form_name}·{view.quarter_name}"])
    rows.append(
        [_("— : fewer than %(n)s, or a number from which one could be worked out") % {"n": view.smallest}]
    )
    return rows


def _number(words: str) -> str | int:
    return int(words) if words.isdigit() else words


def _row(line: GroupLine, report: GroupReport, chosen: _Chosen) -> RowView:
    name = report.names[line.key]
    if report.by is GroupSplit.AGE:
        name = str(_("younger, or age unknown") if line.key == OTHER_AGES else name)
    elif not line.key:
        name = _("%(unit)s itself") % {"unit": name}
    url = chosen.url(node=line.key) if line.key in report.node_uids else ""
    return RowView(name, url, HIDDEN if line.n is None else str(line.n), _cells(line))


def _total(line: GroupLine) -> RowView:
    return RowView(_("Total"), "", HIDDEN if line.n is None else str(line.n), _cells(line))


def _cells(line: GroupLine) -> tuple[CellView, ...]:
    cells = []
    for name, count in zip(line.columns, line.counts, strict=True):
        share = line.share(name)
        cells.append(
            CellView(
                count=HIDDEN if count is None else str(count),
                share=f"{100 * share.share:.1f}%" if share else "",
                interval=f"({100 * share.low:.1f}–{100 * share.high:.1f})" if share else "",
                is_hidden=count is None,
            )
        )
    return tuple(cells)


def _chart(report: GroupReport, rows: Sequence[RowView]) -> Spread:
    small = str(_("too few to show"))
    groups = [
        Group(
            row.name,
            line.n,
            line.counts,
            small if line.n is None else _("%(n)s people") % {"n": line.n},
        )
        for row, line in zip(rows, report.table.rows, strict=True)
    ]
    return spread(
        groups,
        bands=[str(_band(name)) for name in report.table.columns],
        open_words=small,
        name="spread",
        title=_("Shares of the bands, one bar for each group; the table has the numbers"),
    )


def _band(label: str) -> Words:
    return _("without a band") if label == NO_BAND else BANDS.get(label, label)


def _title(instrument: str) -> str:
    titles = instruments.published_version(instrument).title
    wanted = "zh-Hans" if (get_language() or "zh").startswith("zh") else "en"
    return titles.get(wanted) or titles["en"]


def _references(instrument: str) -> tuple[str, ...]:
    published = instruments.published_version(instrument)
    return tuple(
        f"{norms.population}: {norms.reference}"
        for norms in published.norm_sets
        if norms.default and "total" in norms.scales
    )


def _quarter(quarter: Quarter) -> str:
    return _("Quarter %(number)s of %(year)s") % {"number": quarter.number, "year": quarter.year}
