"""The station network."""

from django.http import HttpResponse

from anxin.domains.indicators.contracts import Permission
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.oversight.forms import StationChoices
from anxin.sites.oversight.network import presenters
from anxin.sites.oversight.shell import STATIONS, page


@requires(Permission.VIEW)
def stations(request: VisitRequest) -> HttpResponse:
    """The list with its totals, and areas by lines."""
    choices = StationChoices(request.GET)
    with unit_of_work(request.actor):
        view = presenters.stations_page(request.actor, choices, request.GET.get("page", "1"))
        return page(request, "oversight/stations.html", {"choices": choices, "view": view}, current=STATIONS)
