"""Where one is signed in, and codes for the day a number is lost."""

from typing import TYPE_CHECKING, cast

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import VisitEnding
from anxin.kernel.sessions import stored_name
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.devices import device_lines
from anxin.sites.marks import VisitRequest, signed_in
from anxin.sites.resident.pages import page, private, see_other

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account


@signed_in("resident")
@require_safe
def security(request: VisitRequest) -> HttpResponse:
    """The page."""
    return _page(request)


@signed_in("resident")
@require_POST
def renew_codes(request: VisitRequest) -> HttpResponse:
    """A new set, shown in the answer and never again."""
    with unit_of_work(request.actor):
        codes = accounts.renew_recovery_codes(actor=request.actor, account=_account(request))
    return _page(request, codes)


@signed_in("resident")
@require_POST
def end_device(request: VisitRequest, uid: str) -> HttpResponse:
    """Sign out there."""
    with unit_of_work(request.actor):
        accounts.end_visit(actor=request.actor, account=_account(request), uid=uid)
    return see_other("resident_security:security")


@signed_in("resident")
@require_POST
def end_others(request: VisitRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    with unit_of_work(request.actor):
        accounts.end_other_visits(
            actor=request.actor,
            account=_account(request),
            but=stored_name(request.session.session_key),
            ending=VisitEnding.ENDED_ELSEWHERE,
        )
    return see_other("resident_security:security")


def _page(request: VisitRequest, codes: list[str] | None = None) -> HttpResponse:
    account = _account(request)
    with unit_of_work(request.actor):
        context = {
            "codes": codes or [],
            "has_codes": accounts.has_recovery_codes(account=account),
            "devices": device_lines(request.actor, account, stored_name(request.session.session_key)),
            "unseen_days": accounts.limits().unseen.days,
        }
    return private(page(request, "resident/security/security.html", context))


def _account(request: VisitRequest) -> "Account":
    return cast("Account", request.user)
