"""The mark of a device, in a signed cookie of its own: tries and codes are counted for it, and never for an address.

It is given when somebody tries to sign in, not before. On the devices of residents it ends with the browser: phones
and computers of families are shared.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "ax_device"
STAFF_SECONDS = 180 * 24 * 60 * 60
_NEW = "_ax_new_device"


def device_of(request: HttpRequest) -> str:
    """The mark of this device; a new one when it bears none of ours."""
    known: str | None = getattr(request, _NEW, None)
    if known is None:
        known = _read(request)
    if not known:
        known = secrets.token_urlsafe(16)
        setattr(request, _NEW, known)
    return known


def marks_device(*, lasting: bool) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view after which a new mark is left on the device."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def marking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            fresh = getattr(request, _NEW, None)
            if fresh:
                response.set_cookie(
                    COOKIE,
                    _signer().sign(fresh),
                    max_age=STAFF_SECONDS if lasting else None,
                    httponly=True,
                    samesite="Lax",
                    secure=bool(settings.SESSION_COOKIE_SECURE),
                )
            return response

        return marking

    return decorate


def _read(request: HttpRequest) -> str:
    try:
        return str(_signer().unsign(request.COOKIES.get(COOKIE, "")))
    except signing.BadSignature:
        return ""


def _signer() -> signing.Signer:
    return signing.Signer(salt="anxin.device")
