"""The overview as a page and as a file."""

from django.http import HttpResponse

from anxin.domains.indicators.contracts import Permission
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.oversight.forms import OverviewChoices
from anxin.sites.oversight.overview import presenters
from anxin.sites.oversight.shell import OVERVIEW, page


@requires(Permission.VIEW)
def overview(request: VisitRequest) -> HttpResponse:
    """Figures of the chosen period and area."""
    with unit_of_work(request.actor):
        view = presenters.overview_page(request.actor, OverviewChoices(request.GET))
        return page(request, "oversight/overview.html", {"view": view}, current=OVERVIEW)


@requires(Permission.VIEW)
def export(request: VisitRequest) -> HttpResponse:
    """The table as CSV, with a byte-order mark so that spreadsheets read the Chinese."""
    with unit_of_work(request.actor):
        text = presenters.as_csv(presenters.overview_page(request.actor, OverviewChoices(request.GET)))
    name = f"anxin-{clock.today():%Y%m%d}.csv"
    return HttpResponse(
        "\ufeff" + text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
