"""Referrals: the lists of both sides, the draft, and one referral with its steps."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anxin.domains.referrals import api as referrals
from anxin.domains.referrals.contracts import Permission
from anxin.flows import refer
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires, signed_in
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.referrals import presenters
from anxin.sites.staff.referrals.forms import DraftForm, ReferralFilter
from anxin.sites.staff.referrals.steps import KINDS, options_of
from anxin.sites.staff.shell import REFERRALS, SeeOther, attempt, page

_LISTS = (Permission.READ, Permission.SEND, Permission.VIEW_STATUS, Permission.VIEW_COUNTS)


@requires(*_LISTS)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """What was sent to us and by us, what is due first on top."""
    form = ReferralFilter(request.GET)
    with unit_of_work(request.actor):
        view = presenters.referral_list(request.actor, form, request.GET.get("page", "1"))
        note_listing(request.actor, "referrals:referrals:listed", asked=form.chosen(), shown=len(view.rows))
        context = {"view": view, "filter": form}
        return page(request, "staff/referrals/list.html", context, current=REFERRALS)


@requires(Permission.SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: VisitRequest) -> HttpResponse:
    """Draft a referral from a case or a warning."""
    source = {
        "case_uid": request.GET.get("case", ""),
        "warning_uid": "" if request.GET.get("case") else request.GET.get("warning", ""),
    }
    if not any(source.values()):
        raise Http404
    with unit_of_work(request.actor):
        gathered = refer.gather(actor=request.actor, **source)
        units = presenters.unit_choices()
        refer.posting_to_send_from(request.actor, gathered.subject)
    previous = request.GET.get("previous", "")
    form = DraftForm(
        request.POST if request.method == "POST" else None, units=units, initial={"previous": previous}
    )
    status, made = 200, []
    if request.method == "POST":

        def act() -> None:
            made.append(refer.draft(actor=request.actor, wish=form.wish(), **source))

        status = attempt(form, act)
        if status == SeeOther.status_code:
            messages.success(request, _("The draft is kept. Nobody else sees it yet."))
            return SeeOther(reverse("staff:referral", kwargs={"uid": made[0].uid}))
    with unit_of_work(request.actor):
        context = {"form": form, "gathered": presenters.gathered_words(gathered)}
        return page(request, "staff/referrals/new.html", context, current=REFERRALS, status=status)


@signed_in("staff")
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One referral."""
    return _page(request, uid)


def _page(
    request: VisitRequest, uid: str, *, status: int = 200, tried: dict[str, Form] | None = None
) -> HttpResponse:
    with unit_of_work(request.actor):
        view = presenters.referral_page(request.actor, uid, tried=tried)
        return page(request, "staff/referrals/one.html", {"view": view}, current=REFERRALS, status=status)


@signed_in("staff")
@require_POST
def step(request: VisitRequest, uid: str, step: str) -> HttpResponse:
    """Take one step; what was refused comes back as the page, with everything typed kept."""
    kind = KINDS.get(step)
    if kind is None:
        raise Http404
    with unit_of_work(request.actor):
        brief = referrals.referral_brief(actor=request.actor, uid=uid)
        options: dict[str, Any] = options_of(step, brief, presenters.unit_choices())
    form = kind.form(request.POST, auto_id=f"id_{step}_%s", **options)
    status = attempt(form, lambda: kind.run(request.actor, uid, form))
    if status != SeeOther.status_code:
        return _page(request, uid, status=status, tried={step: form})
    messages.success(request, str(kind.done))
    with unit_of_work(request.actor):
        # Whoever turned it away does not see it any more.
        stays = referrals.referrals_queryset(actor=request.actor).filter(uid=uid).exists()
    return SeeOther(reverse("staff:referral", kwargs={"uid": uid}) if stays else reverse("staff:referrals"))
