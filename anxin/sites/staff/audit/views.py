"""The trail: the list, one row, and asking for a verification."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.audit.contracts import Permission
from anxin.flows import verify_trail
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.audit import presenters
from anxin.sites.staff.audit.files import TRAIL_FILE
from anxin.sites.staff.audit.forms import TrailFilter
from anxin.sites.staff.shell import TRAIL, SeeOther, page


@requires(Permission.READ)
@require_GET
def trail(request: VisitRequest) -> HttpResponse:
    """Who did and saw what, newest first."""
    form = TrailFilter(request.GET)
    with unit_of_work(request.actor):
        context = {
            "view": presenters.trail_page(request.actor, form, request.GET.get("before", "")),
            "filter": form,
            "chain": presenters.chain_state(),
            "file": TRAIL_FILE,
        }
        return page(request, "staff/audit/trail.html", context, current=TRAIL)


@requires(Permission.READ)
@require_GET
def event(request: VisitRequest, uid: str) -> HttpResponse:
    """One row."""
    with unit_of_work(request.actor):
        view = presenters.event_page(request.actor, uid)
        return page(request, "staff/audit/event.html", {"view": view}, current=TRAIL)


@requires(Permission.READ)
@require_POST
def verify(request: VisitRequest) -> HttpResponse:
    """Let the whole trail be compared; it takes its time, so it is a job."""
    with unit_of_work(request.actor):
        verify_trail.ask(request.actor)
    messages.success(request, _("The trail is being verified. The result will stand here."))
    return SeeOther(reverse("staff:trail"))
