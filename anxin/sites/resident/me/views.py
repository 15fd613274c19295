"""What is mine: results, drafts, agreements, and who has looked."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from anxin.domains.assessments import api as assessments
from anxin.domains.residents import api as residents
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.resident.me import presenters, trail
from anxin.sites.resident.pages import page, see_other


@signed_in("resident")
@require_safe
def me(request: VisitRequest) -> HttpResponse:
    """The archive as its owner sees it."""
    with unit_of_work(request.actor):
        view = presenters.me(request.actor, account=request.user, page=request.GET.get("page", "1"))
    return page(request, "resident/me/me.html", {"view": view})


@signed_in("resident")
@require_safe
def access(request: VisitRequest) -> HttpResponse:
    """谁看过我的记录."""
    period = trail.period_of(request.GET.get("days", ""))
    with unit_of_work(request.actor):
        view = trail.who_looked(request.actor, days=period)
    return page(request, "resident/me/access.html", {"view": view})


@signed_in("resident")
@require_POST
def withdraw(request: VisitRequest) -> HttpResponse:
    """Take back one agreement."""
    purpose = request.POST.get("purpose", "")
    if purpose in presenters.WITHDRAWABLE:
        with unit_of_work(request.actor):
            residents.withdraw_consent(
                actor=request.actor, resident_id=request.actor.resident_id, purpose=purpose
            )
    return see_other("resident_me:me")


@signed_in("resident")
@require_POST
def discard(request: VisitRequest, token: UUID) -> HttpResponse:
    """Put a draft away. What a critical answer has set going goes on; the page says so."""
    with unit_of_work(request.actor):
        assessments.discard_sitting(actor=request.actor, sitting_uid=str(token))
    return see_other("resident_me:me")
