"""One exercise that needs no account, no database and no network once it is open."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anxin.sites.marks import public
from anxin.sites.resident.pages import page


@public(reason="An exercise anybody may use.")
@require_safe
def breathing(request: HttpRequest) -> HttpResponse:
    """In for four, out for six."""
    return page(request, "resident/relax/breathing.html")
