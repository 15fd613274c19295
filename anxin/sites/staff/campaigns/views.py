"""Campaigns: the list, the page of one, its steps, and the day itself. A refusal comes back as the page."""

import csv
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.audit import api as audit
from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import CampaignState, GuardsOpen, Permission
from anxin.flows import run_campaign
from anxin.kernel import clock
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires, signed_in
from anxin.sites.staff.campaigns import presenters
from anxin.sites.staff.campaigns.colleagues import choices_of, colleagues_of, staff_id_in
from anxin.sites.staff.campaigns.forms import CampaignFilter, GroupForm, StepForm, WindowForm
from anxin.sites.staff.campaigns.words import LEVELS, STATES
from anxin.sites.staff.shell import CAMPAIGNS, SeeOther, attempt, page

S = CampaignState
_ALL = (
    Permission.PLAN,
    Permission.REVIEW,
    Permission.RUN,
    Permission.INTERVIEW,
    Permission.VIEW_REPORT,
)


@requires(*_ALL)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """The campaigns of this person's place."""
    form = CampaignFilter(request.GET)
    with unit_of_work(request.actor):
        view = presenters.campaign_list(request.actor, form, request.GET.get("page", "1"))
        return page(request, "staff/campaigns/list.html", {"view": view, "filter": form}, current=CAMPAIGNS)


@signed_in("staff")
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One campaign."""
    return _page(request, uid)


def _page(request: VisitRequest, uid: str, *, status: int = 200, **seen: Any) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.campaign_page(request.actor, uid, **seen)
        return page(
            request, "staff/campaigns/campaign.html", {"view": view}, current=CAMPAIGNS, status=status
        )


@signed_in("staff")
@require_POST
def step(request: VisitRequest, uid: str) -> HttpResponse:
    """Take one step of the state machine; what is missing comes back with everything typed."""
    target = str(request.POST.get("target", ""))
    form: Form = WindowForm(request.POST) if target == S.CONSENT_OPEN else StepForm(request.POST)
    gaps: tuple[Any, ...] = ()

    def act() -> None:
        nonlocal gaps
        try:
            _STEPS[S(target)](request, uid, form)
        except GuardsOpen as error:
            gaps = error.gaps
            raise

    if target not in {one.value for one in _STEPS}:
        return _page(request, uid, status=422)
    status = attempt(form, act)
    if status == SeeOther.status_code:
        messages.success(request, _("Now: %(state)s.") % {"state": STATES[S(target)]})
        return SeeOther(reverse("staff:campaign", kwargs={"uid": uid}))
    return _page(request, uid, status=status, tried={target: form}, gaps=gaps)


def _plain(verb: Callable[..., object]) -> Callable[[VisitRequest, str, Form], object]:
    return lambda request, uid, form: verb(
        actor=request.actor, campaign_uid=uid, seen_version=form.cleaned_data["seen_version"]
    )


def _with_reason(verb: Callable[..., object]) -> Callable[[VisitRequest, str, Form], object]:
    return lambda request, uid, form: verb(
        actor=request.actor,
        campaign_uid=uid,
        reason=form.cleaned_data["reason"],
        seen_version=form.cleaned_data["seen_version"],
    )


def _open_consent(request: VisitRequest, uid: str, form: Form) -> object:
    assert isinstance(form, WindowForm)
    return run_campaign.open_consent(
        actor=request.actor,
        campaign_uid=uid,
        window=form.window(),
        seen_version=form.cleaned_data["seen_version"],
    )


_STEPS: dict[CampaignState, Callable[[VisitRequest, str, Form], object]] = {
    S.ETHICS_CHECK: _plain(run_campaign.send_to_review),
    S.APPROVED: _with_reason(run_campaign.approve),
    S.DRAFT: _with_reason(run_campaign.give_back),
    S.CONSENT_OPEN: _open_consent,
    S.RUNNING: _plain(run_campaign.start_running),
    S.QUALITY_CHECK: _plain(run_campaign.close_answering),
    S.TRIAGED: _plain(run_campaign.finish_triage),
    S.INTERVIEWING: _plain(run_campaign.begin_interviews),
    S.REPORTED: _plain(run_campaign.report),
    S.ARCHIVED: _plain(run_campaign.archive),
    S.CANCELLED: _with_reason(run_campaign.cancel),
}


@signed_in("staff")
@require_POST
def take_names_off(request: VisitRequest, uid: str) -> HttpResponse:
    """The retention time is over."""
    form = Form(request.POST)

    def act() -> None:
        with unit_of_work(request.actor):
            campaigns.take_names_off(actor=request.actor, campaign_uid=uid)

    status = attempt(form, act)
    if status == SeeOther.status_code:
        messages.success(request, _("The names are gone. The sums stay."))
        return SeeOther(reverse("staff:campaign", kwargs={"uid": uid}))
    return _page(request, uid, status=status, tried={"names": form})


@signed_in("staff")
@require_GET
def progress(request: VisitRequest, uid: str) -> HttpResponse:
    """Counts for each class, asked again every few seconds. No names, no results."""
    with unit_of_work(request.actor):
        campaign = campaigns.campaign_of(actor=request.actor, uid=uid)
        context = {
            "campaign": campaign,
            "progress": campaigns.progress_of(actor=request.actor, campaign=campaign),
            "at": clock.now(),
            "may_arrange": campaigns.may_on(
                actor=request.actor, permission=Permission.PLAN, campaign=campaign
            ),
        }
        if request.GET.get("fragment"):
            return render(request, "staff/campaigns/progress.html#rows", context)
        return page(request, "staff/campaigns/progress.html", context, current=CAMPAIGNS)


@signed_in("staff")
@require_http_methods(["GET", "POST"])
def group(request: VisitRequest, uid: str, group_uid: str) -> HttpResponse:
    """Room, time and who stands by."""
    with unit_of_work(request.actor):
        campaign = campaigns.campaign_of(actor=request.actor, uid=uid)
        if not campaigns.may_on(actor=request.actor, permission=Permission.PLAN, campaign=campaign):
            raise NotPermitted
        one = campaigns.group_of(actor=request.actor, campaign=campaign, uid=group_uid)
        people = colleagues_of(campaign)
    initial = {
        "room": one.room,
        "planned_at": clock.local(one.planned_at) if one.planned_at else None,
        "standby": one.standby.uid if one.standby else "",
    }
    form = GroupForm(
        request.POST if request.method == "POST" else None, colleagues=choices_of(people), initial=initial
    )
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: _arrange(request, uid, group_uid, form, people))
        if status == SeeOther.status_code:
            messages.success(request, _("Kept."))
            return SeeOther(reverse("staff:campaign-progress", kwargs={"uid": uid}))
    with unit_of_work(request.actor):
        context = {"campaign": campaign, "group": one, "form": form}
        return page(request, "staff/campaigns/group.html", context, current=CAMPAIGNS, status=status)


def _arrange(request: VisitRequest, uid: str, group_uid: str, form: Form, people: list[Any]) -> None:
    with unit_of_work(request.actor):
        campaigns.arrange_group(
            actor=request.actor,
            campaign_uid=uid,
            group_uid=group_uid,
            room=form.cleaned_data["room"],
            planned_at=form.cleaned_data["planned_at"],
            standby_staff_id=staff_id_in(people, form.cleaned_data["standby"]),
        )


@signed_in("staff")
@require_GET
def standby(request: VisitRequest, uid: str) -> HttpResponse:
    """The day itself: who stands by where, what to do, and who needs somebody now."""
    return _standby(request, uid)


def _standby(request: VisitRequest, uid: str, **seen: Any) -> HttpResponse:
    with unit_of_work(request.actor):
        campaign = campaigns.campaign_of(actor=request.actor, uid=uid)
        groups = campaigns.groups_of(actor=request.actor, campaign=campaign)
        today = clock.today()
        context = {
            "campaign": campaign,
            "groups": [
                one for one in groups if one.planned_at and clock.local(one.planned_at).date() == today
            ],
            "all_groups": groups,
            "calls": campaigns.standby_calls(actor=request.actor, campaign=campaign),
            "at": clock.now(),
            **seen,
        }
        if request.GET.get("fragment"):
            return render(request, "staff/campaigns/standby.html#calls", context)
        return page(request, "staff/campaigns/standby.html", context, current=CAMPAIGNS)


@signed_in("staff")
@require_POST
def attend(request: VisitRequest, uid: str, participant_uid: str) -> HttpResponse:
    """I am going: now this person sees who it is, by the whole name: one child has to be found in a room of forty.

    One at a time, after the press of a button that says so. The look is recorded, and the child can see it.
    """
    with unit_of_work(request.actor):
        campaign = campaigns.campaign_of(actor=request.actor, uid=uid)
        person = campaigns.attend_signal(
            actor=request.actor, campaign=campaign, participant_uid=participant_uid
        )
    return _standby(request, uid, called=person)


@signed_in("staff")
@require_GET
def quality(request: VisitRequest, uid: str) -> HttpResponse:
    """What came in and how good it is; sums only."""
    with unit_of_work(request.actor):
        campaign = campaigns.campaign_of(actor=request.actor, uid=uid)
        context = {
            "campaign": campaign,
            "quality": campaigns.quality_of(actor=request.actor, campaign=campaign),
            "links": presenters.links_of(request.actor, campaign),
        }
        return page(request, "staff/campaigns/quality.html", context, current=CAMPAIGNS)


_COLUMNS = (*(level.value for level in LEVELS), "not_handed_in", "not_agreed")


def _column_words() -> list[str]:
    return [*(str(words) for words in LEVELS.values()), _("agreed, not handed in"), _("not agreed")]


@signed_in("staff")
@require_GET
def report(request: VisitRequest, uid: str) -> HttpResponse:
    """The sums; small ones are left out, groups stand in the order of their names."""
    with unit_of_work(request.actor):
        campaign = campaigns.campaign_of(actor=request.actor, uid=uid)
        found = campaigns.report_of(actor=request.actor, campaign=campaign)
        context = {"campaign": campaign, "report": found, "columns": _column_words()}
        return page(request, "staff/campaigns/report.html", context, current=CAMPAIGNS)


@signed_in("staff")
@require_GET
def report_csv(request: VisitRequest, uid: str) -> HttpResponse:
    """The same table as a file; taking it away is recorded."""
    with unit_of_work(request.actor):
        campaign = campaigns.campaign_of(actor=request.actor, uid=uid)
        found = campaigns.report_of(actor=request.actor, campaign=campaign)
        audit.record(
            actor=request.actor,
            event="campaigns:report:exported",
            subjects=[campaign.audit_subject()],
            reason="",
        )
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{campaign.number}.csv"'
    response.write("\ufeff")  # office programs read it as UTF-8 then
    writer = csv.writer(response)
    writer.writerow([_("Group"), _("People"), *_column_words()])
    for line in (*(() if found.only_totals else found.table.rows), found.table.total):
        counts = ["" if one is None else one for one in line.counts]
        writer.writerow([_safe(line.key or _("Together")), "" if line.n is None else line.n, *counts])
    return response


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell
