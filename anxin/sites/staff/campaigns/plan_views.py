"""Planning: a new draft, the parts of the plan, and the capacity sum as it is being typed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import Permission
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires, signed_in
from anxin.sites.staff.campaigns import planning
from anxin.sites.staff.campaigns.colleagues import units_to_plan_at
from anxin.sites.staff.campaigns.forms import BasicsForm, CapacityForm, PlanPart
from anxin.sites.staff.campaigns.planning import EMPTY, PARTS, plan_of
from anxin.sites.staff.shell import CAMPAIGNS, SeeOther, attempt, page


@requires(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def new(request: VisitRequest) -> HttpResponse:
    """A new draft, at a unit where this person plans."""
    with unit_of_work(request.actor):
        units = units_to_plan_at(request.actor)
    if not units:
        raise NotPermitted
    if request.method == "POST":
        chosen = next((one for one in units if one.uid == request.POST.get("unit")), units[0])
        form = BasicsForm(request.POST)
        made: list[str] = []

        def act() -> None:
            with unit_of_work(request.actor):
                plan = form.put_into(EMPTY)
                campaign = campaigns.draft_campaign(actor=request.actor, unit_id=chosen.id, plan=plan)
                made.append(campaign.uid)

        status = attempt(form, act)
        if status == SeeOther.status_code:
            return SeeOther(
                reverse("staff:campaign-plan-part", kwargs={"uid": made[0], "part": "instruments"})
            )
    else:
        form, status = BasicsForm(initial=BasicsForm.initial_of(EMPTY)), 200
    with unit_of_work(request.actor):
        context = {"form": form, "units": units}
        return page(request, "staff/campaigns/new.html", context, current=CAMPAIGNS, status=status)


@signed_in("staff")
@require_GET
def plan(request: VisitRequest, uid: str) -> HttpResponse:
    """The plan, looked through from its last part."""
    return _part(request, uid, "check")


@signed_in("staff")
@require_http_methods(["GET", "POST"])
def plan_part(request: VisitRequest, uid: str, part: str) -> HttpResponse:
    """One part: read, written, and on to the next."""
    if part not in PARTS:
        raise Http404
    form_class = PARTS[part][1]
    if request.method != "POST" or form_class is None:
        return _part(request, uid, part)
    with unit_of_work(request.actor):
        before = plan_of(campaigns.campaign_of(actor=request.actor, uid=uid))
    form = planning.part_form(form_class, before, request.POST)

    def act() -> None:
        with unit_of_work(request.actor):
            campaigns.change_plan(
                actor=request.actor,
                campaign_uid=uid,
                plan=form.put_into(before),
                seen_version=form.cleaned_data["seen_version"],
            )

    status = attempt(form, act)
    if status == SeeOther.status_code:
        messages.success(request, _("Kept."))
        order = list(PARTS)
        following = order[min(order.index(part) + 1, len(order) - 1)]
        return SeeOther(reverse("staff:campaign-plan-part", kwargs={"uid": uid, "part": following}))
    return _part(request, uid, part, tried=form, status=status)


def _part(
    request: VisitRequest, uid: str, part: str, *, tried: PlanPart | None = None, status: int = 200
) -> HttpResponse:
    with unit_of_work(request.actor):
        view = planning.plan_page(request.actor, uid, part, tried=tried)
        return page(request, "staff/campaigns/plan.html", {"view": view}, current=CAMPAIGNS, status=status)


@signed_in("staff")
@require_GET
def capacity(request: VisitRequest, uid: str) -> HttpResponse:
    """The sum with the figures as they are typed; nothing is kept. Without a script the whole part comes back."""
    form = CapacityForm(request.GET)
    with unit_of_work(request.actor):
        campaign = campaigns.campaign_of(actor=request.actor, uid=uid)
        known = plan_of(campaign)
        typed = form.put_into(known) if form.is_valid() else known
        if request.headers.get("HX-Request"):
            context = {"capacity": planning.capacity_of(typed), "is_typed": form.is_valid()}
            return render(request, "staff/campaigns/capacity.html", context)
        view = planning.plan_page(request.actor, uid, "capacity", tried=form)
        context = {"view": view, "typed_capacity": planning.capacity_of(typed)}
        return page(request, "staff/campaigns/plan.html", context, current=CAMPAIGNS)
