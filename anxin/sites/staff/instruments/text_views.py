"""Licensed texts: recorded by one, activated by another, ended with a reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Permission
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.instruments import sheet
from anxin.sites.staff.instruments.forms import TextForm, TextStepForm
from anxin.sites.staff.instruments.texts import text_page
from anxin.sites.staff.instruments.views import refused
from anxin.sites.staff.shell import INSTRUMENTS, SeeOther, attempt, page

P = Permission


@requires(P.EDIT)
@require_http_methods(["GET", "POST"])
def record(request: VisitRequest, name: str) -> HttpResponse:
    """A licensed text with its permission."""
    form = TextForm(request.POST or None, request.FILES or None)
    made: list[str] = []

    def act() -> None:
        with unit_of_work(request.actor):
            instrument = instruments.published_version(name)
            binding = instruments.record_text(
                actor=request.actor,
                instrument=name,
                language=form.cleaned_data["language"],
                text=form.text(instrument),
                licence=form.licence(),
            )
            made.append(binding.uid)

    status = refused(form, act) if request.method == "POST" else 200
    if made:
        messages.success(request, _("Recorded. A second person has to look at the permission."))
        return SeeOther(reverse("staff:instrument-text", args=[name, made[0]]))
    with unit_of_work(request.actor):
        number = sheet.present_number(request.actor, name)
        context = {"view": sheet.version_page(request.actor, name, number), "form": form}
        return page(request, "staff/instruments/text_new.html", context, current=INSTRUMENTS, status=status)


@requires(P.EDIT, P.REVIEW, P.PUBLISH)
@require_http_methods(["GET", "POST"])
def text(request: VisitRequest, name: str, uid: str) -> HttpResponse:
    """One licensed text: looked at, activated, ended."""
    form = TextStepForm(request.POST or None)
    status = 200
    if request.method == "POST":

        def act() -> None:
            with unit_of_work(request.actor):
                if form.cleaned_data["step"] == "activate":
                    instruments.activate_text(actor=request.actor, uid=uid)
                else:
                    instruments.end_text(actor=request.actor, uid=uid, reason=form.cleaned_data["reason"])

        status = attempt(form, act)
        if status == SeeOther.status_code:
            is_active = form.cleaned_data["step"] == "activate"
            messages.success(request, _("The text is in force.") if is_active else _("The text is ended."))
            return SeeOther(reverse("staff:instrument-text", args=[name, uid]))
    with unit_of_work(request.actor):
        context = {"view": text_page(request.actor, uid), "form": form}
        return page(request, "staff/instruments/text.html", context, current=INSTRUMENTS, status=status)
