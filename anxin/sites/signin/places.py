"""Where people go after signing in: back to where they came from, or to where their work is."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from anxin.domains.audit.contracts import Permission as Trail
from anxin.domains.indicators.contracts import Permission as Figures
from anxin.domains.risk.contracts import Permission as Warnings
from anxin.kernel.actor import Actor

STAFF_SITES = ("/staff/", "/oversight/")
_NOT_A_PLACE = ("/sign-in/", "/live/", "/healthz")


class SeeOther(HttpResponseRedirect):
    """303: after a POST the browser asks for the next page with GET."""

    status_code = 303


def wanted(request: HttpRequest) -> str:
    """The checked ``next`` of a request: an address of this site, or empty."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    return address if is_safe(request, address) else ""


def is_safe(request: HttpRequest, address: str) -> bool:
    """Whether ``address`` is a page of this site to come back to."""
    return (
        address.startswith("/")
        and not address.startswith(_NOT_A_PLACE)
        and url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    )


def is_for_staff(address: str) -> bool:
    """Whether the page belongs to one of the staff sites."""
    return address.startswith(STAFF_SITES)


def after_sign_in(actor: Actor, address: str) -> str:
    """``address`` when it is on the person's own side of the house, else the page their day begins on."""
    if address and is_for_staff(address) == actor.is_staff:
        return address
    if not actor.is_staff:
        return "/"
    if actor.may(Warnings.VIEW):
        return "/staff/duty/"
    if actor.may(Trail.READ):
        return "/staff/audit/"
    return "/oversight/" if actor.may(Figures.VIEW) else "/"
