"""A group report as a page, a table to take away, and a picture."""

from django.http import HttpResponse

from anxin.domains.indicators.contracts import Permission
from anxin.exchange.spreadsheets import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from anxin.kernel.errors import NotFound
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.downloads import file_response
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.oversight.forms import ResultChoices
from anxin.sites.oversight.results import presenters
from anxin.sites.oversight.shell import RESULTS, mark_of, page
from anxin.ui.templatetags.anxin_charts import as_file


@requires(Permission.VIEW)
def results(request: VisitRequest) -> HttpResponse:
    """The chosen form, quarter, area and split."""
    with unit_of_work(request.actor):
        view = presenters.results_page(request.actor, ResultChoices(request.GET))
        return page(request, "oversight/results.html", {"view": view}, current=RESULTS)


@requires(Permission.VIEW)
def as_csv_file(request: VisitRequest) -> HttpResponse:
    """The same table as CSV."""
    view = _view(request)
    return file_response(
        as_csv(presenters.as_rows(view), watermark=mark_of(request.actor)),
        kind=CSV_TYPE,
        name=f"{view.file_name}.csv",
    )


@requires(Permission.VIEW)
def as_xlsx_file(request: VisitRequest) -> HttpResponse:
    """The same table as a workbook."""
    view = _view(request)
    content = as_xlsx(presenters.as_rows(view), sheet=view.quarter_name, watermark=mark_of(request.actor))
    return file_response(content, kind=XLSX_TYPE, name=f"{view.file_name}.xlsx")


@requires(Permission.VIEW)
def as_picture(request: VisitRequest) -> HttpResponse:
    """The picture of the table."""
    view = _view(request)
    if view.chart is None:
        raise NotFound
    return as_file(view.chart, name=view.file_name)


def _view(request: VisitRequest) -> presenters.ResultsPage:
    with unit_of_work(request.actor):
        view = presenters.results_page(request.actor, ResultChoices(request.GET))
    if not view.rows:
        raise NotFound
    return view
