"""Results as files: the report on paper, the row as a table and as a picture. Each is one record of one person."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.access.contracts import ExportWish
from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Permission
from anxin.domains.instruments import api as instruments
from anxin.exchange.pdf.setting import as_pdf
from anxin.exchange.spreadsheets import CSV_TYPE, as_csv
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.sites.staff.exports.kinds import ExportKind, Made, Params, offer
from anxin.sites.staff.interviews.presenters import title_of
from anxin.sites.staff.results import papers, presenters
from anxin.ui.templatetags.anxin_charts import draw

PAPER, ROW, PICTURE = "result-pdf", "result-csv", "result-svg"
_TITLES = {
    PAPER: gettext_lazy("Report of one sitting (PDF)"),
    ROW: gettext_lazy("Results over time (CSV)"),
    PICTURE: gettext_lazy("Results over time (picture)"),
}


def _wish(kind: str) -> Callable[[Actor, Params], ExportWish]:
    def wish(actor: Actor, params: Params) -> ExportWish:
        if not actor.may(Permission.READ_RESULT):
            raise NotPermitted
        sitting = assessments.access_report(actor=actor, uid=params.get("uid", "")).sitting
        form = title_of(instruments.published_version(sitting.instrument, sitting.instrument_version))
        return ExportWish(
            kind=kind,
            title=f"{_TITLES[kind]}: {sitting.resident.number}, {form}",
            params={"uid": sitting.uid},
            rows=1,
            scope_path=sitting.scope_path,
            person_uid=sitting.resident.uid,
        )

    return wish


def _paper(actor: Actor, params: Params, mark: str) -> Made:
    view = presenters.report_page(actor, params["uid"])
    document = papers.report_paper(view, made_by=actor.label, watermark=mark)
    return Made(as_pdf(document), "application/pdf", f"report-{view.uid}.pdf", 1)


def _row(actor: Actor, params: Params, mark: str) -> Made:
    view = presenters.report_page(actor, params["uid"])
    head = (_("Day"), _("Score"), _("Band"), _("Against the time before"), _("Doubtful"))
    rows = [
        (f"{row.on:%Y-%m-%d}", row.score, str(row.band), str(row.change), _("yes") if row.is_doubtful else "")
        for row in view.rows
    ]
    return Made(as_csv([head, *rows], watermark=mark), CSV_TYPE, f"row-{view.uid}.csv", 1)


def _picture(actor: Actor, params: Params, mark: str) -> Made:
    view = presenters.report_page(actor, params["uid"])
    if view.detail is None or view.detail.chart is None:
        raise NotFound
    drawn = draw(view.detail.chart, watermark=mark)
    return Made(drawn.encode(), "image/svg+xml; charset=utf-8", f"row-{view.uid}.svg", 1)


def _back(params: Params) -> str:
    return reverse("staff:result", args=[params.get("uid") or "-"])


for _key, _make in ((PAPER, _paper), (ROW, _row), (PICTURE, _picture)):
    offer(
        ExportKind(
            key=_key,
            title=_TITLES[_key],
            params=frozenset({"uid"}),
            wish=_wish(_key),
            make=_make,
            back=_back,
        )
    )
