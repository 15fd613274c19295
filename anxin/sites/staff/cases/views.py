"""Cases: the list, and the record with its steps. A refusal comes back as the record, with everything typed kept."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.cases.contracts import CaseState, Permission
from anxin.flows import close_case, work_on_case
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires, signed_in
from anxin.sites.staff.cases import presenters
from anxin.sites.staff.cases.files import CASES_FILE
from anxin.sites.staff.cases.forms import (
    AssignForm,
    CaseAssessmentForm,
    CaseFilter,
    CloseForm,
    EntryForm,
    StateForm,
)
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.shell import CASES, SeeOther, attempt, page


@requires(Permission.VIEW)
@require_GET
def cases(request: VisitRequest) -> HttpResponse:
    """The cases of this person and of their unit, what is due first on top."""
    form = CaseFilter(request.GET)
    with unit_of_work(request.actor):
        view = presenters.case_list(request.actor, form, request.GET.get("page", "1"))
        note_listing(request.actor, "cases:cases:listed", asked=form.chosen(), shown=len(view.rows))
        context = {"view": view, "filter": form, "file": CASES_FILE}
        return page(request, "staff/cases/list.html", context, current=CASES)


@signed_in("staff")
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One case."""
    return _page(request, uid)


def _page(request: VisitRequest, uid: str, *, status: int = 200, **seen: Any) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.case_page(request.actor, uid, show=request.GET.get("show", ""), **seen)
        return page(request, "staff/cases/case.html", {"view": view}, current=CASES, status=status)


def act_on_case(
    request: VisitRequest, uid: str, form: Form, step: str, act: Callable[[], Any], *, done: str
) -> HttpResponse:
    """Read ``form``, carry out ``act``, and go back to the record; or show the record with what was refused."""
    status = attempt(form, act)
    if status == SeeOther.status_code:
        messages.success(request, done)
        return SeeOther(reverse("staff:case", kwargs={"uid": uid}))
    return _page(request, uid, status=status, tried={step: form})


@signed_in("staff")
@require_POST
def add_entry(request: VisitRequest, uid: str) -> HttpResponse:
    """记一次联系."""
    form = EntryForm(request.POST)
    return act_on_case(
        request,
        uid,
        form,
        "entry",
        lambda: work_on_case.add_entry(
            actor=request.actor,
            case_uid=uid,
            entry=form.draft(),
            seen_version=form.cleaned_data["seen_version"],
        ),
        done=_("It is in the timeline."),
    )


@signed_in("staff")
@require_POST
def assess(request: VisitRequest, uid: str) -> HttpResponse:
    """复评."""
    with unit_of_work(request.actor):
        readers = presenters.readers(request.actor, uid)
    form = CaseAssessmentForm(request.POST, readers=[(one.uid, one.label) for one in readers])
    return act_on_case(
        request,
        uid,
        form,
        "assessment",
        lambda: work_on_case.assess(
            actor=request.actor,
            case_uid=uid,
            draft=form.draft(presenters.staff_id_of(readers, form.cleaned_data["second_reader"])),
            seen_version=form.cleaned_data["seen_version"],
        ),
        done=_("The assessment is kept."),
    )


@signed_in("staff")
@require_POST
def enter_state(request: VisitRequest, uid: str) -> HttpResponse:
    """Where the case stands from now on."""
    form = StateForm(request.POST)
    return act_on_case(
        request,
        uid,
        form,
        "state",
        lambda: work_on_case.enter_state(
            actor=request.actor,
            case_uid=uid,
            state=CaseState(form.cleaned_data["state"]),
            note=form.cleaned_data["note"],
            seen_version=form.cleaned_data["seen_version"],
        ),
        done=_("The case has moved on."),
    )


@signed_in("staff")
@require_POST
def assign(request: VisitRequest, uid: str) -> HttpResponse:
    """Hand over."""
    with unit_of_work(request.actor):
        colleagues = presenters.colleagues(request.actor, uid)
    form = AssignForm(request.POST, colleagues=[(one.uid, one.label) for one in colleagues])
    return act_on_case(
        request,
        uid,
        form,
        "assign",
        lambda: work_on_case.assign(
            actor=request.actor,
            case_uid=uid,
            posting_uid=form.cleaned_data["manager"],
            reason=form.cleaned_data["reason"],
            seen_version=form.cleaned_data["seen_version"],
        ),
        done=_("Handed over. The colleague has been told."),
    )


@signed_in("staff")
@require_POST
def close(request: VisitRequest, uid: str) -> HttpResponse:
    """结案."""
    form = CloseForm(request.POST)
    return act_on_case(
        request,
        uid,
        form,
        "close",
        lambda: close_case.close_case(
            actor=request.actor,
            case_uid=uid,
            ending=CaseState(form.cleaned_data["ending"]),
            reason=form.cleaned_data["reason"],
            goals_are_reviewed=form.cleaned_data["goals"],
            seen_version=form.cleaned_data["seen_version"],
        ),
        done=_("The case has ended."),
    )


@signed_in("staff")
@require_POST
def reveal(request: VisitRequest, uid: str) -> HttpResponse:
    """Name and phone in full, recorded."""
    return _page(request, uid, is_revealed=True)
