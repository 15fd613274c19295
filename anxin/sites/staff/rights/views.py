"""The privacy officer: requests about one's own data, and what a guardian may not know of yet."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Permission
from anxin.flows import answer_subject_request
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, requires
from anxin.sites.staff.listing import note_listing
from anxin.sites.staff.rights import presenters
from anxin.sites.staff.rights.forms import DecideForm, ReleaseForm, RequestFilter, VerifyForm
from anxin.sites.staff.shell import RIGHTS, SeeOther, attempt, page


@requires(Permission.DECIDE)
@require_GET
def index(request: VisitRequest) -> HttpResponse:
    """What waits, the next due first."""
    form, officer = RequestFilter(request.GET), rights.officer(request.actor)
    with unit_of_work(officer):
        view = presenters.request_list(officer, form, request.GET.get("page", "1"))
        protected = len(rights.protected_entries(actor=officer))
        asked = {("number" if name == "q" else name): value for name, value in form.chosen().items()}
        note_listing(request.actor, "rights:requests:listed", asked=asked, shown=view.shown)
        context = {"view": view, "filter": form, "protected": protected}
        return page(request, "staff/rights/list.html", context, current=RIGHTS)


@requires(Permission.DECIDE)
@require_GET
def show(request: VisitRequest, uid: str) -> HttpResponse:
    """One request."""
    return _page(request, uid)


def _page(request: VisitRequest, uid: str, *, status: int = 200, **tried: Any) -> HttpResponse:
    officer = rights.officer(request.actor)
    with unit_of_work(officer):
        view = presenters.request_page(officer, uid)
        context = {
            "view": view,
            "verify": tried.get("verify") or VerifyForm(),
            "decide": tried.get("decide") or DecideForm(facts=view.fact_names),
        }
        return page(request, "staff/rights/request.html", context, current=RIGHTS, status=status)


@requires(Permission.DECIDE)
@require_POST
def verify(request: VisitRequest, uid: str) -> HttpResponse:
    """The officer made sure who asks."""
    form = VerifyForm(request.POST)

    def act() -> None:
        answer_subject_request.verify(actor=request.actor, request_uid=uid, proof=form.chosen())

    status = attempt(form, act)
    if status != SeeOther.status_code:
        return _page(request, uid, status=status, verify=form)
    messages.success(request, _("Kept. The person sees that the request arrived."))
    return SeeOther(reverse("staff:rights-request", args=[uid]))


@requires(Permission.DECIDE)
@require_POST
def decide(request: VisitRequest, uid: str) -> HttpResponse:
    """The answer, carried out at once."""
    officer = rights.officer(request.actor)
    with unit_of_work(officer):
        facts = presenters.request_page(officer, uid).fact_names
    form = DecideForm(request.POST, facts=facts)

    def act() -> None:
        answer_subject_request.answer(
            actor=request.actor,
            request_uid=uid,
            decision=form.chosen(),
            reason=form.cleaned_data["reason"],
            granted_facts=form.cleaned_data.get("facts") or facts[:0],
        )

    status = attempt(form, act)
    if status != SeeOther.status_code:
        return _page(request, uid, status=status, decide=form)
    messages.success(request, _("Decided and carried out. The person reads the answer on their own page."))
    return SeeOther(reverse("staff:rights-request", args=[uid]))


@requires(Permission.DECIDE)
@require_GET
def protected(request: VisitRequest) -> HttpResponse:
    """What a guardian may not know of yet."""
    return _protected(request)


def _protected(
    request: VisitRequest, *, status: int = 200, tried: str = "", form: ReleaseForm | None = None
) -> HttpResponse:
    officer = rights.officer(request.actor)
    with unit_of_work(officer):
        waiting, released = presenters.protected_lines(officer)
        rows = [
            (one, form if form is not None and one.uid == tried else ReleaseForm(auto_id=f"id_{one.uid}_%s"))
            for one in waiting
        ]
        context = {"rows": rows, "released": released, "tried": tried}
        return page(request, "staff/rights/protected.html", context, current=RIGHTS, status=status)


@requires(Permission.DECIDE)
@require_POST
def release(request: VisitRequest, uid: str) -> HttpResponse:
    """It may be known from now on."""
    officer = rights.officer(request.actor)
    form = ReleaseForm(request.POST, auto_id=f"id_{uid}_%s")

    def act() -> None:
        with unit_of_work(officer):
            rights.release(actor=officer, entry_uid=uid, reason=form.cleaned_data["reason"])

    status = attempt(form, act)
    if status != SeeOther.status_code:
        return _protected(request, status=status, tried=uid, form=form)
    messages.success(request, _("Released. It stands on the pages of the person and of the guardian now."))
    return SeeOther(reverse("staff:rights-protected"))
