"""Triage and talks. A refusal comes back as the record, with everything typed kept."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import TriageLevel
from anxin.flows import triage_campaign
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.staff.campaigns import people
from anxin.sites.staff.campaigns.colleagues import choices_of, colleagues_of, staff_id_in
from anxin.sites.staff.campaigns.people_forms import (
    ConfirmForm,
    ReadingForm,
    SupportPlanForm,
    WorksheetForm,
)
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.shell import CAMPAIGNS, SeeOther, attempt, page


@signed_in("staff")
@require_GET
def board(request: VisitRequest, uid: str) -> HttpResponse:
    """Urgency first, then due time; no names."""
    with unit_of_work(request.actor):
        view = people.board(request.actor, uid, request.GET.get("show", ""), request.GET.get("page", "1"))
        asked = {"campaign": view.campaign.number, "show": view.show}
        note_listing(request.actor, "campaigns:triages:listed", asked=asked, shown=len(view.rows))
        return page(request, "staff/campaigns/triage.html", {"view": view}, current=CAMPAIGNS)


@signed_in("staff")
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One record."""
    return _page(request, uid)


def _page(request: VisitRequest, uid: str, *, status: int = 200, **seen: Any) -> HttpResponse:
    with unit_of_work(request.actor):
        view = people.record_page(request.actor, uid, **seen)
        return page(request, "staff/campaigns/person.html", {"view": view}, current=CAMPAIGNS, status=status)


def _act(
    request: VisitRequest, uid: str, form: Form, step: str, act: Callable[[], object], *, done: str
) -> HttpResponse:
    status = attempt(form, act)
    if status == SeeOther.status_code:
        messages.success(request, done)
        return SeeOther(reverse("staff:campaign-person", kwargs={"uid": uid}))
    return _page(request, uid, status=status, tried={step: form})


@signed_in("staff")
@require_POST
def reveal(request: VisitRequest, uid: str) -> HttpResponse:
    """Name and telephone in full, recorded."""
    return _page(request, uid, is_named=True)


@signed_in("staff")
@require_POST
def confirm(request: VisitRequest, uid: str) -> HttpResponse:
    """Confirm the level, or raise it."""
    form = ConfirmForm(request.POST)
    return _act(
        request,
        uid,
        form,
        "confirm",
        lambda: triage_campaign.confirm(
            actor=request.actor,
            triage_uid=uid,
            level=TriageLevel(form.cleaned_data["level"]),
            seen_version=form.cleaned_data["seen_version"],
        ),
        done=_("Confirmed. The time for the talk is running."),
    )


@signed_in("staff")
@require_POST
def take_over(request: VisitRequest, uid: str) -> HttpResponse:
    """I talk to the person."""
    form = Form(request.POST)
    return _act(
        request,
        uid,
        form,
        "take-over",
        lambda: triage_campaign.take_over(actor=request.actor, triage_uid=uid),
        done=_("You talk to this person. The time goes on."),
    )


@signed_in("staff")
@require_POST
def worksheet(request: VisitRequest, uid: str) -> HttpResponse:
    """Keep what was typed, or sign the worksheet."""
    form = WorksheetForm(request.POST)
    if "keep" in request.POST:
        triage_campaign.keep_draft(actor=request.actor, triage_uid=uid, content=form.typed())
        messages.success(request, _("Kept. Nobody else sees it until you sign."))
        return SeeOther(reverse("staff:campaign-person", kwargs={"uid": uid}) + "#worksheet")
    return _act(
        request,
        uid,
        form,
        "worksheet",
        lambda: triage_campaign.record_interview(
            actor=request.actor,
            triage_uid=uid,
            worksheet=form.worksheet(),
            seen_version=form.cleaned_data["seen_version"],
        ),
        done=_("The worksheet is signed and kept."),
    )


@signed_in("staff")
@require_POST
def reading(request: VisitRequest, uid: str) -> HttpResponse:
    """The second reader, with their own account."""
    form = ReadingForm(request.POST)
    return _act(
        request,
        uid,
        form,
        "reading",
        lambda: triage_campaign.read_as_second(
            actor=request.actor,
            triage_uid=uid,
            agrees=form.cleaned_data["agrees"] == "yes",
            note=form.cleaned_data["note"],
            seen_version=form.cleaned_data["seen_version"],
        ),
        done=_("Your reading is kept."),
    )


@signed_in("staff")
@require_POST
def plan(request: VisitRequest, uid: str) -> HttpResponse:
    """一生一策, a further version."""
    with unit_of_work(request.actor):
        row = campaigns.triage_brief(actor=request.actor, uid=uid)
        colleagues = colleagues_of(row.participant.campaign)
    form = SupportPlanForm(request.POST, colleagues=choices_of(colleagues))

    def act() -> None:
        responsible = staff_id_in(colleagues, form.cleaned_data["responsible"])
        assert responsible is not None
        triage_campaign.write_plan(
            actor=request.actor,
            triage_uid=uid,
            plan=form.draft(responsible),
            seen_version=form.cleaned_data["seen_version"],
        )

    return _act(request, uid, form, "plan", act, done=_("The plan is kept. It comes back on its day."))
