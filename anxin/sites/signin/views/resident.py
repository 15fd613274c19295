"""Residents: a phone, a code, and the first time a date of birth."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from anxin.domains.accounts.contracts import CodeCheck, CodeRequestedTooSoon, TooManyCodes
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.flows import sign_in_resident
from anxin.kernel.errors import AnxinError
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public
from anxin.sites.signin import entering, pending, presenters
from anxin.sites.signin.devices import device_of, marks_device
from anxin.sites.signin.forms import FirstVisitForm, PhoneForm
from anxin.sites.signin.personas import personas
from anxin.sites.signin.places import SeeOther, is_for_staff, wanted

WRONG = {
    CodeCheck.WRONG: _("This code does not fit. Please look again."),
    CodeCheck.EXPIRED: _("This code is not valid any more. Please ask for a new one."),
    CodeCheck.EXHAUSTED: _("This code was tried too often. Please ask for a new one."),
}


@public(reason="The door itself.")
@require_http_methods(["GET", "POST"])
@marks_device(lasting=False)
def sign_in(request: VisitRequest) -> HttpResponse:
    """Ask for a code, or come in with one. Enter in the phone field asks for a code."""
    address = wanted(request)
    if request.method == "GET":
        if is_for_staff(address):
            return redirect("/sign-in/staff/?" + urlencode({"next": address}))
        return _page(request, PhoneForm(initial={"next": address}))
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if request.POST.get("step") == "send" or not form.cleaned_data["code"]:
        return _send(request, form)
    return _enter(request, form, address)


def _send(request: VisitRequest, form: PhoneForm) -> HttpResponse:
    try:
        sent = sign_in_resident.send_code(
            actor=request.actor,
            phone=form.cleaned_data["phone"],
            device=device_of(request),
            language=get_language() or "zh",
        )
    except (CodeRequestedTooSoon, TooManyCodes) as error:
        form.add_error("phone", said(error))
        return _page(request, form, status=422)
    return _page(request, form, sent=presenters.sent_note(sent))


def _enter(request: VisitRequest, form: PhoneForm, address: str) -> HttpResponse:
    phone = form.cleaned_data["phone"]
    entry = sign_in_resident.enter(actor=request.actor, phone=phone, code=form.cleaned_data["code"])
    if entry.check is not CodeCheck.RIGHT:
        form.data = {**request.POST.dict(), "code": ""}
        form.add_error("code", WRONG[entry.check])
        return _page(request, form, status=422)
    if entry.account is not None and entry.is_held_back:
        pending.keep(request, pending.Pending(held=entry.account.login, next=address))
        return SeeOther("/sign-in/again/")
    if entry.account is not None:
        return entering.enter(request, entry.account, address)
    pending.keep(request, pending.Pending(phone=phone, next=address))
    return SeeOther("/sign-in/first/")


@public(reason="The second half of the door: whoever has no proven phone is sent back to the first.")
@require_http_methods(["GET", "POST"])
@marks_device(lasting=False)
def first_visit(request: VisitRequest) -> HttpResponse:
    """Date of birth, nearest place, agreement; then the account is made."""
    half = pending.held(request)
    if not half.phone:
        return redirect("/sign-in/")
    with unit_of_work(request.actor):
        areas = presenters.area_choices()
    text = residents.consent_text(purpose=Purpose.ACCOUNT, language=get_language() or "zh")
    form = FirstVisitForm(request.POST or None, areas=areas, initial={"version": text.version})
    if form.is_valid():
        try:
            account = sign_in_resident.register(
                phone=half.phone,
                born_on=form.cleaned_data["born_on"],
                home_uid=form.cleaned_data["home"],
                consent_version=form.cleaned_data["version"],
            )
        except AnxinError as error:
            form.add_error(error.field if error.field in form.fields else None, said(error))
        else:
            return entering.enter(request, account, half.next)
    status = 422 if form.is_bound else 200
    context = {"form": form, "text": text, "phone": residents.mask_phone(half.phone)}
    return render(request, "signin/first_visit.html", context, status=status)


def _page(
    request: VisitRequest, form: PhoneForm, *, status: int = 200, sent: presenters.SentNote | None = None
) -> HttpResponse:
    context = {"form": form, "sent": sent, "personas": personas(), "next": wanted(request)}
    return render(request, "signin/resident.html", context, status=status)
