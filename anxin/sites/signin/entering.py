"""The last step of every way in: the session, the trail, and where to go."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse

from anxin.domains.access import api as access
from anxin.domains.accounts import api as accounts
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites import visits
from anxin.sites.marks import VisitRequest
from anxin.sites.signin import pending
from anxin.sites.signin.devices import device_of
from anxin.sites.signin.places import SeeOther, after_sign_in

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account

_AFTER = "ax_after_codes"
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def enter(request: VisitRequest, account: "Account", address: str) -> HttpResponse:
    """Sign ``account`` in and lead on to ``address``.

    A resident's session ends with the browser: phones and computers of families are shared.
    """
    pending.drop(request)
    if request.user.is_authenticated:
        visits.leave(request)
    login(request, account, backend=BACKEND)
    actor = access.actor_for(account=account, request_uid=request.request_uid)
    if not actor.is_staff:
        request.session.set_expiry(0)
    device = device_of(request)
    with unit_of_work(actor):
        accounts.note_sign_in(actor=actor, account=account)
        # before the device counts as known, or what was tried from an unknown one would stay
        accounts.forget_tries(actor=actor, account=account, device=device)
    visits.begin(request, actor, account, device)
    return SeeOther(after_sign_in(actor, address))


def enter_enrolled(request: VisitRequest, account: "Account", address: str) -> HttpResponse:
    """The same after enrolment, by way of the recovery codes."""
    enter(request, account, address)
    request.session[_AFTER] = address
    return SeeOther("/sign-in/staff/recovery/")


def address_after_codes(request: VisitRequest) -> str:
    """Where to go once the recovery codes were seen."""
    return after_sign_in(request.actor, str(request.session.pop(_AFTER, "")))
