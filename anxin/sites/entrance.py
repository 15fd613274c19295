"""The entrance: who is asking, may they open this page, and how a refusal from below is shown.

It sits after authentication, so ``request.user`` is known, and hands the rooms a frozen :class:`Actor` instead of a
request. Sync and async handlers share it; the hooks that touch the database are run in Django's worker thread.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.access import api as access
from anxin.domains.access.contracts import ConfirmationNeeded
from anxin.domains.residents import api as residents
from anxin.kernel.actor import Actor
from anxin.kernel.errors import AnxinError, Conflict, NotFound, NotPermitted
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites import errors, visits
from anxin.sites.limits import times_said
from anxin.sites.marks import Access, VisitRequest, access_of

Handler = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
_DOORKEEPER = Actor.system("entrance")


class EntranceMiddleware:
    """One per process."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Name the request, pass it on, forbid keeping the answer."""
        if self._is_async:
            return self._answer(request)
        _enter(request)
        return _leave(cast("HttpResponseBase", self.get_response(request)))

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        _enter(request)
        return _leave(await cast("Awaitable[HttpResponseBase]", self.get_response(request)))

    def process_view(
        self, request: VisitRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let in, send to sign in, or refuse."""
        declared = access_of(view)
        if declared is None:
            name = f"{getattr(view, '__module__', '')}.{getattr(view, '__qualname__', view)}"
            raise ImproperlyConfigured(
                f"{name} declares no access: mark it with requires, signed_in or public"
            )
        if not declared.reads_session:
            return None
        try:
            request.actor = _actor_of(request)
            if request.user.is_authenticated:
                visits.keep(request, request.actor)
        except (OperationalError, InterfaceError):
            return errors.unavailable(request)
        return None if declared.admits(request.actor) else _turn_away(request, declared)

    def process_exception(self, request: VisitRequest, exception: Exception) -> HttpResponse | None:
        """The page for an error of the house that no view answered, and for a database that went away."""
        if isinstance(exception, OperationalError | InterfaceError):
            errors.log.error("the database did not answer", exc_info=exception)
            return errors.unavailable(request)
        if not isinstance(exception, AnxinError):
            return None
        if isinstance(exception, NotFound):
            return errors.not_found(request)
        if isinstance(exception, ConfirmationNeeded):
            return _ask_confirmation(request, exception)
        if isinstance(exception, NotPermitted):
            return errors.forbidden(request) if request.actor.is_staff else errors.not_found(request)
        if isinstance(exception, Conflict):
            return errors.conflict(request, said(exception))
        return errors.refused(request, said(exception))


def _ask_confirmation(request: VisitRequest, needed: ConfirmationNeeded) -> HttpResponse:
    """403, with the way to the second step and back to this page."""
    address = reverse("staff:confirm", args=[needed.params["person"]])
    address += "?" + urlencode({"next": request.get_full_path() if request.method == "GET" else ""}, safe="/")
    return errors.page(
        request, "staff/breakglass/confirmation_needed.html", 403, url=address, times=times_said()
    )


def said(error: AnxinError) -> str:
    """The words of ``error`` in the reader's language."""
    words = _(error.message)
    return words % error.params if error.params else words


def _enter(request: HttpRequest) -> None:
    request.request_uid = new_uid()  # type: ignore[attr-defined]
    request.actor = replace(Actor.anonymous(), request_uid=request.request_uid)  # type: ignore[attr-defined]


def _leave(response: HttpResponseBase) -> HttpResponseBase:
    """A shared computer must show nothing after somebody left. Static files never come this far in."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _actor_of(request: VisitRequest) -> Actor:
    account = request.user
    if not account.is_authenticated or visits.is_over(request):
        return request.actor
    if account.is_staff_member:
        key = request.session.session_key or ""
        return access.actor_for(account=account, request_uid=request.request_uid, session_key=key)
    with unit_of_work(_DOORKEEPER):
        resident = residents.resident_of(account=account)
    actor = access.actor_for(account=account, request_uid=request.request_uid)
    if resident is None or not account.is_active:
        return actor
    return replace(actor, label=resident.number, resident_id=resident.id, resident_uid=resident.uid)


def _turn_away(request: VisitRequest, declared: Access) -> HttpResponse:
    if not request.user.is_authenticated:
        return _to_sign_in(request)
    if declared.permissions and request.actor.is_staff:
        return errors.forbidden(request)
    return errors.forbidden(
        request,
        reason=_(
            "You are signed in as somebody this page is not for. Sign out to sign in as another person."
        ),
    )


def _to_sign_in(request: VisitRequest) -> HttpResponse:
    """A piece of a page that a script asked for must not become a sign-in page, so scripts get 401 and the address."""
    address = settings.LOGIN_URL
    here = _page_of(request)
    if here:
        address += "?" + urlencode({"next": here}, safe="/")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address)


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: this one, or for a form or a piece the page it stands on."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    source = urlsplit(request.headers.get("Referer", ""))
    if source.netloc != request.get_host():
        return ""
    return source.path + (f"?{source.query}" if source.query else "")
