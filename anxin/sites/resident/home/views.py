"""The home page, the choice of area, and what is kept about people."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, public
from anxin.sites.resident import device
from anxin.sites.resident.home import presenters
from anxin.sites.resident.pages import page, see_other


@public(reason="The front door.")
@require_safe
def home(request: VisitRequest) -> HttpResponse:
    """A question, what works today, and a station where somebody is in."""
    with unit_of_work(request.actor):
        view = presenters.home(device.area_on(request))
    return page(request, "resident/home/home.html", {"view": view})


@public(reason="Choosing an area keeps nothing but a word on the device.")
@require_POST
def choose_area(request: VisitRequest) -> HttpResponse:
    """Remember the area on this device."""
    response = see_other("resident_home:home")
    with unit_of_work(request.actor):
        slug = presenters.known_area(request.POST.get("area", ""))
    device.keep_area(response, slug)
    return response


@public(reason="What is kept about people is for everybody to read.", reads_session=False)
@require_safe
def your_data(request: VisitRequest) -> HttpResponse:
    """What is kept, who sees it, and when others are told."""
    return page(request, "resident/home/your_data.html")
