"""The outermost ring: what every answer carries, and what is turned away before anybody looks at it.

Headers are set here once, for pages, files, errors and redirects alike; a view may be stricter and never has to
remember. Signs that no column can keep are refused here, or every search box and every cookie would need its own check.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from anxin.sites import errors

Handler = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
# What a page of ours may ask a device for: its place, to list the stations nearby, and nothing else.
_PERMISSIONS = (
    "camera",
    "display-capture",
    "microphone",
    "midi",
    "payment",
    "usb",
    "serial",
    "bluetooth",
    "hid",
)
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": ", ".join(["geolocation=(self)", *(f"{name}=()" for name in _PERMISSIONS)]),
}


class PerimeterMiddleware:
    """The first in the list, so that nothing leaves without passing it."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._headers = {**HEADERS, "Content-Security-Policy": build_policy()}
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Refuse, or pass on and furnish the answer."""
        if self._is_async:
            return self._answer(request)
        refusal = _refusal(request)
        return self._furnish(refusal or cast("HttpResponseBase", self.get_response(request)))

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        refusal = _refusal(request)
        return self._furnish(refusal or await cast("Awaitable[HttpResponseBase]", self.get_response(request)))

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The same for what a form sent. A view without the form check reads its body itself, and only once."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        try:
            names = (file.name or "" for file in request.FILES.values())
            return (
                _turned_away(request) if _has_nul(_texts(request.POST.lists())) or _has_nul(names) else None
            )
        except (MultiPartParserError, OSError):
            return _turned_away(request)

    def _furnish(self, response: HttpResponseBase) -> HttpResponseBase:
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)
        for cookie in response.cookies.values():
            cookie["secure"] = cookie["secure"] or bool(settings.SESSION_COOKIE_SECURE)
            cookie["samesite"] = cookie["samesite"] or "Lax"
        return response


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """Nothing that comes before the body may hold a NUL: not the path, not the query, not a cookie."""
    held = [request.path_info, *_texts(request.GET.lists()), *request.COOKIES.values()]
    return _turned_away(request) if _has_nul(held) else None


def _texts(lists: Iterable[tuple[str, list[Any]]]) -> Iterable[str]:
    for name, values in lists:
        yield name
        yield from (value for value in values if isinstance(value, str))


def _has_nul(texts: Iterable[str]) -> bool:
    return any("\x00" in text for text in texts)


def _turned_away(request: HttpRequest) -> HttpResponse:
    said = _("What was sent holds signs that cannot be kept. Please open the page again and type it anew.")
    return errors.bad_request(request, said=said)
