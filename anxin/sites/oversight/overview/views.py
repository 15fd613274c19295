"""The overview as a page and as a file."""

from django.http import HttpResponse

from anxin.domains.indicators.contracts import Permission
from anxin.exchange.spreadsheets import CSV_TYPE, as_csv
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.downloads import file_response
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.oversight.forms import OverviewChoices
from anxin.sites.oversight.overview import presenters
from anxin.sites.oversight.shell import OVERVIEW, mark_of, page


@requires(Permission.VIEW)
def overview(request: VisitRequest) -> HttpResponse:
    """Figures of the chosen period and area."""
    with unit_of_work(request.actor):
        view = presenters.overview_page(request.actor, OverviewChoices(request.GET))
        return page(request, "oversight/overview.html", {"view": view}, current=OVERVIEW)


@requires(Permission.VIEW)
def export(request: VisitRequest) -> HttpResponse:
    """The table as CSV."""
    with unit_of_work(request.actor):
        rows = presenters.as_rows(presenters.overview_page(request.actor, OverviewChoices(request.GET)))
    content = as_csv(rows, watermark=mark_of(request.actor))
    return file_response(content, kind=CSV_TYPE, name=f"anxin-{clock.today():%Y%m%d}.csv")
