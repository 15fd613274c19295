"""The list of stations and the page of each."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, public
from anxin.sites.resident import device
from anxin.sites.resident.pages import page
from anxin.sites.resident.stations import presenters
from anxin.sites.resident.stations.forms import read_query


@public(reason="Where help can be found is for everybody.")
@require_safe
def station_list(request: VisitRequest) -> HttpResponse:
    """The list; a choice of area made here is remembered on the device only."""
    query = read_query(request.GET, area=device.area_on(request))
    with unit_of_work(request.actor):
        stations = presenters.station_list(query)
    response = page(
        request, "resident/stations/list.html", {"stations": stations, "show": stations.query.show.value}
    )
    if "area" in request.GET:
        device.keep_area(response, stations.query.area)
    return response


@public(reason="Where help can be found is for everybody.")
@require_safe
def station(request: VisitRequest, slug: str) -> HttpResponse:
    """One station."""
    with unit_of_work(request.actor):
        view = presenters.station_page(slug)
    return page(request, "resident/stations/station.html", {"view": view})
