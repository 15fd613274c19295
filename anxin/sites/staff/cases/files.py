"""The list of cases as a file: numbers, levels and clocks, no names."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.access.contracts import ExportWish
from anxin.domains.cases.contracts import Permission
from anxin.exchange.spreadsheets import CSV_TYPE, as_csv
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.sites.staff.cases.forms import CaseFilter
from anxin.sites.staff.cases.presenters import cases_chosen, row_of
from anxin.sites.staff.exports.kinds import ExportKind, Made, Params, offer

CASES_FILE = "cases"
_TITLE = gettext_lazy("List of cases (CSV)")


def _wish(actor: Actor, params: Params) -> ExportWish:
    if not actor.may(Permission.VIEW):
        raise NotPermitted
    paths = actor.paths_with(Permission.VIEW)
    return ExportWish(
        kind=CASES_FILE,
        title=str(_TITLE),
        params={"show": CaseFilter(params).chosen()["show"]},
        rows=cases_chosen(actor, CaseFilter(params)).count(),
        scope_path=min(paths, key=len),
    )


def _make(actor: Actor, params: Params, mark: str) -> Made:
    now = clock.now()
    rows = [row_of(case, now) for case in cases_chosen(actor, CaseFilter(params))]
    head = (
        _("Number"),
        _("Risk level"),
        _("Stands at"),
        _("Unit"),
        _("Case manager"),
        _("Due next"),
        _("By"),
    )
    lines = [
        (
            row.number,
            f"L{row.level}",
            row.state,
            row.unit,
            row.manager,
            row.stage,
            f"{clock.local(row.clock.due):%Y-%m-%d %H:%M}" if row.clock else "",
        )
        for row in rows
    ]
    return Made(as_csv([head, *lines], watermark=mark), CSV_TYPE, "cases.csv", len(rows))


def _back(params: Params) -> str:
    return reverse("staff:cases")


offer(
    ExportKind(key=CASES_FILE, title=_TITLE, params=frozenset({"show"}), wish=_wish, make=_make, back=_back)
)
