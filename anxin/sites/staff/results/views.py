"""Reports of single sittings, and the list of one person's."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anxin.domains.assessments.contracts import Permission
from anxin.exchange.spreadsheets import CSV_TYPE, as_csv
from anxin.kernel.errors import NotFound
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.downloads import file_response, pdf_response
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.results import papers, presenters
from anxin.sites.staff.shell import frame, page
from anxin.ui.templatetags.anxin_charts import as_file

RESULTS = "results"


@requires(Permission.READ_RESULT)
@require_GET
def report(request: VisitRequest, uid: str) -> HttpResponse:
    """One sitting: items, findings, norms, row."""
    with unit_of_work(request.actor):
        view = presenters.report_page(request.actor, uid)
        return page(request, "staff/results/report.html", {"view": view}, current=RESULTS)


@requires(Permission.READ_RESULT)
@require_GET
def person(request: VisitRequest, uid: str) -> HttpResponse:
    """Everything one person has handed in."""
    with unit_of_work(request.actor):
        name, number, lines = presenters.person_lines(request.actor, uid)
        context = {"name": name, "number": number, "lines": lines}
        return page(request, "staff/results/person.html", context, current=RESULTS)


@requires(Permission.READ_RESULT)
@require_GET
def paper(request: VisitRequest, uid: str) -> HttpResponse:
    """The report as a PDF. Raises ``NoFontForPdf`` where none can be made."""
    with unit_of_work(request.actor):
        view = presenters.report_page(request.actor, uid)
        unit = frame(request.actor, RESULTS).get("unit_name", "")
    made_by = "·".join(part for part in (request.actor.label, unit) if part)
    return pdf_response(papers.report_paper(view, made_by=made_by), name=f"report-{uid}")


@requires(Permission.READ_RESULT)
@require_GET
def row_file(request: VisitRequest, uid: str) -> HttpResponse:
    """The row over time as CSV."""
    view = _view(request, uid)
    head = (_("Day"), _("Score"), _("Band"), _("Against the time before"), _("Doubtful"))
    rows = [
        (f"{row.on:%Y-%m-%d}", row.score, str(row.band), str(row.change), _("yes") if row.is_doubtful else "")
        for row in view.rows
    ]
    return file_response(as_csv([head, *rows]), kind=CSV_TYPE, name=f"row-{uid}.csv")


@requires(Permission.READ_RESULT)
@require_GET
def row_picture(request: VisitRequest, uid: str) -> HttpResponse:
    """The picture of the row."""
    view = _view(request, uid)
    if view.detail is None or view.detail.chart is None:
        raise NotFound
    return as_file(view.detail.chart, name=f"row-{uid}")


def _view(request: VisitRequest, uid: str) -> presenters.ReportPage:
    with unit_of_work(request.actor):
        return presenters.report_page(request.actor, uid)
