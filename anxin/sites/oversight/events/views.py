"""The list of events."""

from django.http import HttpResponse

from anxin.domains.indicators.contracts import Permission, TooFewToShow
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.oversight.events import presenters
from anxin.sites.oversight.forms import EventChoices
from anxin.sites.oversight.shell import EVENTS, page


@requires(Permission.VIEW)
def events(request: VisitRequest) -> HttpResponse:
    """The events of the chosen week or period."""
    choices = EventChoices(request.GET)
    with unit_of_work(request.actor):
        try:
            view = presenters.events_page(request.actor, choices, request.GET.get("page", "1"))
        except TooFewToShow as error:
            context = {"choices": choices, "too_few": said(error)}
            return page(request, "oversight/events.html", context, current=EVENTS, status=422)
        return page(request, "oversight/events.html", {"choices": choices, "view": view}, current=EVENTS)
