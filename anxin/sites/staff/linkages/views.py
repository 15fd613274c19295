"""Linkages: the list, one record with its steps, what a department handed in, and the calls of an expert."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.linkages import api as linkages
from anxin.domains.linkages.contracts import Kind, Permission
from anxin.flows import link_out
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires, signed_in
from anxin.sites.staff.linkages import presenters
from anxin.sites.staff.linkages.forms import AnswerForm, LinkageForm, SubmitForm
from anxin.sites.staff.linkages.words import KINDS, STATES
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.shell import LINKAGES, SeeOther, attempt, page

_STEPS = {
    "answer": link_out.answer,
    "refuse": link_out.refuse,
    "withdraw": link_out.withdraw,
    "callback": link_out.note_callback,
}
_form_page = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.READ, Permission.BEGIN, Permission.APPROVE_RELEASE, Permission.ANSWER_INBOUND)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """What waits for an answer, or everything."""
    show, number = request.GET.get("show", ""), request.GET.get("q", "").strip()[:40]
    with unit_of_work(request.actor):
        view = presenters.linkage_list(request.actor, show, number, request.GET.get("page", "1"))
        asked = {"show": view.show, "q": number}
        note_listing(request.actor, "linkages:linkages:listed", asked=asked, shown=len(view.rows))
        context = {"view": view, "number": number}
        return page(request, "staff/linkages/list.html", context, current=LINKAGES)


@requires(Permission.BEGIN)
@_form_page
def new(request: VisitRequest, kind: str) -> HttpResponse:
    """Begin one from a case or a warning."""
    case_uid, warning_uid = request.GET.get("case", ""), request.GET.get("warning", "")
    if kind not in {one.value for one in Kind} - {Kind.INBOUND.value} or not (case_uid or warning_uid):
        raise Http404
    chosen, source = Kind(kind), link_out.Source(case_uid=case_uid, warning_uid=warning_uid)
    with unit_of_work(request.actor):
        subject = link_out.subject_of(actor=request.actor, source=source)
        experts = link_out.experts_of(subject.scope_path) if chosen is Kind.EXPERTS else {}
    rules = linkages.linkage_rules().kinds[chosen]
    form = LinkageForm(request.POST if request.method == "POST" else None, kind=chosen, rules=rules)
    status, made = 200, []
    if request.method == "POST":

        def act() -> None:
            made.append(link_out.begin(actor=request.actor, source=source, **form.values()))

        status = attempt(form, act)
        if status == SeeOther.status_code:
            messages.success(request, _("Written down. Note the answer as soon as you have it."))
            return SeeOther(reverse("staff:linkage", kwargs={"uid": made[0].uid}))
    with unit_of_work(request.actor):
        context = {
            "form": form,
            "title": KINDS[chosen],
            "number": subject.number,
            "experts": list(experts.values()),
            "needs_approval": chosen is Kind.RELEASE,
        }
        return page(request, "staff/linkages/new.html", context, current=LINKAGES, status=status)


@signed_in("staff")
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One linkage."""
    return _page(request, uid)


def _page(request: VisitRequest, uid: str, *, status: int = 200, **tried: Any) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.linkage_page(request.actor, uid)
        forms = [
            (step, title, tried.get(step) or AnswerForm(auto_id=f"id_{step}_%s"))
            for step, title in view.steps
        ]
        context = {"view": view, "forms": forms}
        return page(request, "staff/linkages/one.html", context, current=LINKAGES, status=status)


@signed_in("staff")
@require_POST
def step(request: VisitRequest, uid: str, step: str) -> HttpResponse:
    """Write down the answer, say no, take it back, or note what was heard afterwards."""
    if step not in _STEPS:
        raise Http404
    form = AnswerForm(request.POST, auto_id=f"id_{step}_%s")
    status = attempt(form, lambda: _STEPS[step](actor=request.actor, uid=uid, text=form.cleaned_data["text"]))
    if status != SeeOther.status_code:
        return _page(request, uid, status=status, **{step: form})
    messages.success(request, _("Written down."))
    return SeeOther(reverse("staff:linkage", kwargs={"uid": uid}))


@requires(Permission.SUBMIT)
@_form_page
def submitted(request: VisitRequest) -> HttpResponse:
    """What this department handed in, whether it was accepted, and the form for the next."""
    form = SubmitForm(request.POST if request.method == "POST" else None, units=presenters.stations())
    status = 200
    if request.method == "POST":

        def act() -> None:
            data = form.cleaned_data
            link_out.submit(
                actor=request.actor,
                unit_uid=data["unit"],
                name=data["name"],
                phone=data["phone"],
                reason=data["reason"],
                agrees=data["agrees"],
            )

        status = attempt(form, act)
        if status == SeeOther.status_code:
            messages.success(request, _("Handed in. You see here whether it was accepted, and nothing else."))
            return SeeOther(reverse("staff:linkage-submitted"))
    with unit_of_work(request.actor):
        rows = [(one, STATES[one.state]) for one in linkages.own_submissions(actor=request.actor)]
        context = {"rows": rows, "form": form}
        return page(request, "staff/linkages/submitted.html", context, current=LINKAGES, status=status)


@requires(Permission.RESPOND)
@require_GET
def calls(request: VisitRequest) -> HttpResponse:
    """Where this expert is called to."""
    with unit_of_work(request.actor):
        context = {"calls": linkages.own_calls(actor=request.actor)}
        return page(request, "staff/linkages/calls.html", context, current=LINKAGES)


@requires(Permission.RESPOND)
@require_POST
def respond(request: VisitRequest, uid: str) -> HttpResponse:
    """Yes or no to one call."""
    link_out.respond(actor=request.actor, call_uid=uid, is_coming=request.POST.get("answer") == "yes")
    messages.success(request, _("Written down."))
    return SeeOther(reverse("staff:linkage-calls"))
