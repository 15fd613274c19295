"""How I may be reached: the ways, the safe one, the safe hours; and the messages to me."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from anxin.domains.notices import api as notices
from anxin.kernel.errors import AnxinError, NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.contact_wishes import WishForm
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.resident.pages import page, see_other


@signed_in("resident")
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: VisitRequest) -> HttpResponse:
    """The form, and what was sent."""
    if not request.actor.resident_uid:
        raise NotFound
    with unit_of_work(request.actor):
        wish = notices.wishes_of_person(actor=request.actor, resident_uid=request.actor.resident_uid)
    form = WishForm(request.POST if request.method == "POST" else None, wish=wish)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _keep(request, form):
            return see_other("resident_contact:contact")
        status = 422
    with unit_of_work(request.actor):
        lines = notices.notices_for(actor=request.actor)
    context = {"form": form, "lines": lines, "unread": any(not one.is_read for one in lines)}
    return page(request, "resident/contact/contact.html", context, status=status)


def _keep(request: VisitRequest, form: WishForm) -> bool:
    try:
        with unit_of_work(request.actor):
            notices.set_wishes(
                actor=request.actor, resident_uid=request.actor.resident_uid, draft=form.draft()
            )
    except (NotFound, NotPermitted):
        raise
    except AnxinError as error:
        form.add_error(error.field if error.field in form.fields else None, said(error))
        return False
    return True


@signed_in("resident")
@require_POST
def read(request: VisitRequest) -> HttpResponse:
    """Seen."""
    with unit_of_work(request.actor):
        notices.mark_all_read(actor=request.actor)
    return see_other("resident_contact:contact")
