"""One warning. Each step is its own POST; a refusal comes back as this page, with everything typed still there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.cases.contracts import LegalBasis
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import AlreadyTaken, Ending
from anxin.flows import acknowledge_warning, assess_warning, contact_person, end_warning, merge_warnings
from anxin.flows import open_case as opening
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.staff.shell import DUTY, SeeOther, attempt, page
from anxin.sites.staff.warnings import presenters
from anxin.sites.staff.warnings.forms import AssessmentForm, ContactForm, EndingForm, MergeForm, SignatureForm


@signed_in("staff")
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """What is due and who is with the person, what happened, and what can be done now."""
    return _page(request, uid)


def _page(request: VisitRequest, uid: str, *, status: int = 200, **seen: Any) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.warning_page(request.actor, uid, **seen)
        return page(request, "staff/warnings/warning.html", {"view": view}, current=DUTY, status=status)


def _act(
    request: VisitRequest, uid: str, form: Form, step: str, act: Callable[[], Any], *, done: str
) -> HttpResponse:
    """Read ``form``, carry out ``act``, and go back to the page; or show the page with what was refused."""
    status = attempt(form, act)
    if status == SeeOther.status_code:
        messages.success(request, done)
        return SeeOther(reverse("staff:warning", kwargs={"uid": uid}))
    return _page(request, uid, status=status, tried={step: form})


@signed_in("staff")
@require_POST
def take_over(request: VisitRequest, uid: str) -> HttpResponse:
    """接手. When a colleague was faster the page says who and when, and offers to help."""
    try:
        acknowledge_warning.acknowledge(actor=request.actor, warning_uid=uid)
    except AlreadyTaken as error:
        return _page(request, uid, status=409, conflict=said(error))
    messages.success(request, _("You have taken this over. The next step is the first contact."))
    return SeeOther(reverse("staff:warning", kwargs={"uid": uid}) + "#contact")


@signed_in("staff")
@require_POST
def join(request: VisitRequest, uid: str) -> HttpResponse:
    """一起处理."""
    acknowledge_warning.join(actor=request.actor, warning_uid=uid)
    messages.success(request, _("You are helping with this warning. The owner stays."))
    return SeeOther(reverse("staff:warning", kwargs={"uid": uid}))


@signed_in("staff")
@require_POST
def log_contact(request: VisitRequest, uid: str) -> HttpResponse:
    """记联系."""
    form = ContactForm(request.POST)
    return _act(
        request,
        uid,
        form,
        "contact",
        lambda: contact_person.log_contact(actor=request.actor, warning_uid=uid, **form.values()),
        done=_("This contact is in the timeline."),
    )


@signed_in("staff")
@require_POST
def assess(request: VisitRequest, uid: str) -> HttpResponse:
    """做评估."""
    form = AssessmentForm(request.POST)
    return _act(
        request,
        uid,
        form,
        "assessment",
        lambda: assess_warning.assess(actor=request.actor, warning_uid=uid, **form.values()),
        done=_("The assessment is kept."),
    )


@signed_in("staff")
@require_POST
def propose_ending(request: VisitRequest, uid: str) -> HttpResponse:
    """定去向."""
    form = EndingForm(request.POST)
    return _act(
        request, uid, form, "ending", lambda: _end(request, uid, form), done=_("What follows is decided.")
    )


def _end(request: VisitRequest, uid: str, form: EndingForm) -> None:
    ending, reason = Ending(form.cleaned_data["ending"]), form.cleaned_data["reason"]
    if ending is Ending.CASE_OPENED:
        basis = LegalBasis(form.cleaned_data["legal_basis"])
        opening.open_case(actor=request.actor, warning_uid=uid, reason=reason, legal_basis=basis)
    else:
        end_warning.propose(actor=request.actor, warning_uid=uid, ending=ending, reason=reason)


@signed_in("staff")
@require_POST
def sign(request: VisitRequest, uid: str) -> HttpResponse:
    """签字: only for what the page showed; a warning that changed meanwhile is read again first."""
    form = SignatureForm(request.POST)
    return _act(
        request,
        uid,
        form,
        "sign",
        lambda: end_warning.sign(
            actor=request.actor,
            warning_uid=uid,
            reason=form.cleaned_data["reason"],
            seen_version=form.cleaned_data["seen_version"],
        ),
        done=_("Signed."),
    )


@signed_in("staff")
@require_POST
def decline(request: VisitRequest, uid: str) -> HttpResponse:
    """先不结束."""
    form = SignatureForm(request.POST)
    return _act(
        request,
        uid,
        form,
        "sign",
        lambda: end_warning.decline(actor=request.actor, warning_uid=uid, reason=form.cleaned_data["reason"]),
        done=_("It stays open. The owner decides again."),
    )


@signed_in("staff")
@require_POST
def merge(request: VisitRequest, uid: str) -> HttpResponse:
    """合并."""
    with unit_of_work(request.actor):
        warning = risk.warning_brief(actor=request.actor, uid=uid)
        twins = presenters.twin_choices(request.actor, warning)
    form = MergeForm(request.POST, twins=twins)
    return _act(
        request,
        uid,
        form,
        "merge",
        lambda: merge_warnings.merge(
            actor=request.actor,
            warning_uid=uid,
            into_uid=form.cleaned_data["into"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("Merged. Every reason and the higher level stay."),
    )


@signed_in("staff")
@require_POST
def reveal(request: VisitRequest, uid: str) -> HttpResponse:
    """Name and phone in full. Who looked stays in the trail, and the person can see it."""
    return _page(request, uid, is_revealed=True)
