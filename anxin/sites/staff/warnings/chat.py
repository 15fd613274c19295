"""Writing with somebody who asked to be answered in writing: the same conversation, from the other side."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Permission
from anxin.flows import write_in_chat
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.staff.shell import DUTY, SeeOther, attempt, page
from anxin.sites.staff.warnings.forms import MessageForm


@signed_in("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: VisitRequest, uid: str) -> HttpResponse:
    """The conversation behind one warning, and the form for whoever may act on it."""
    form = MessageForm(request.POST or None, initial={"client_uid": new_uid()})
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: write_in_chat.answer_on_warning(
                actor=request.actor, warning_uid=uid, **form.cleaned_data
            ),
        )
        if status == SeeOther.status_code:
            return SeeOther(reverse("staff:warning-chat", kwargs={"uid": uid}))
    with unit_of_work(request.actor):
        warning = risk.warning_brief(actor=request.actor, uid=uid)
        view = {
            "uid": uid,
            "number": warning.number,
            "lines": _lines(request, uid),
            "form": form if risk.may_on_warning(request.actor, Permission.ACT, warning) else None,
        }
        return page(request, "staff/warnings/chat.html", view, current=DUTY, status=status)


@signed_in("staff")
@require_GET
def lines(request: VisitRequest, uid: str) -> HttpResponse:
    """Only what was written, asked for again every few seconds by the page."""
    with unit_of_work(request.actor):
        view = {"lines": _lines(request, uid)}
        return page(request, "staff/warnings/lines.html", view, current=DUTY)


def _lines(request: VisitRequest, uid: str) -> list[write_in_chat.Line]:
    talk = write_in_chat.read_for_warning(actor=request.actor, warning_uid=uid)
    if talk is None:
        raise Http404
    return talk.lines
