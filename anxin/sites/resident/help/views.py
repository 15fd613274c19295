"""Help: a page that needs nothing, and the form that lets somebody call."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from anxin.flows import request_contact
from anxin.kernel.actor import Actor
from anxin.kernel.errors import AnxinError
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public
from anxin.sites.resident import device
from anxin.sites.resident.help import presenters
from anxin.sites.resident.help.forms import ContactForm
from anxin.sites.resident.pages import page, see_other


@public(reason="Help asks for nothing.", reads_session=False)
@require_safe
def help_now(request: VisitRequest) -> HttpResponse:
    """Numbers and what to do now. No sign-in, no database."""
    return page(request, "resident/help/help.html")


@public(reason="Asking to be called must not need an account.")
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: VisitRequest) -> HttpResponse:
    """Leave an area and a phone number."""
    with unit_of_work(request.actor):
        areas = presenters.area_choices()
        here = presenters.area_uid(device.area_on(request))
    form = ContactForm(request.POST or None, areas=areas, initial={"area": here})
    if request.method == "POST" and form.is_valid():
        try:
            return _asked(form)
        except AnxinError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, said(refused))
    return page(request, "resident/help/contact.html", {"form": form}, status=422 if form.errors else 200)


def _asked(form: ContactForm) -> HttpResponse:
    """As nobody: the request must not carry an account, even when somebody is signed in."""
    if form.wants_writing:
        opened = request_contact.request_chat(**presenters.chat_request_from(form.cleaned_data))
        response = see_other("resident_chat:chat")
        device.keep_chat_code(response, opened.code)
        warning = opened.warning
    else:
        response = see_other("resident_help:contact_sent")
        warning = request_contact.request_contact(
            actor=Actor.anonymous(), **presenters.request_from(form.cleaned_data)
        )
    device.keep_receipt(response, presenters.receipt_of(warning))
    return response


@public(reason="The receipt is on the device only.")
@require_safe
def contact_sent(request: VisitRequest) -> HttpResponse:
    """Who will call and by when, as promised when the form was sent."""
    return page(request, "resident/help/contact_sent.html", {"receipt": device.receipt_on(request)})
