"""Too many wrong passwords or codes. axes counts them; this says when it ends and what else can be done."""

import math
from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext

from anxin.kernel.crypto import blind_index
from anxin.sites.signin import pending
from anxin.sites.signin.forms import PasswordForm
from anxin.sites.signin.personas import personas
from anxin.sites.signin.places import wanted


def locked_out(request: HttpRequest, *_ignored: Any) -> HttpResponse:
    """The page instead of the answer; called by axes' middleware for every attempt while the lock holds.

    Its other arguments differ between sync and async, so the login is read where it was typed or kept.
    """
    login = request.POST.get("username") or pending.held(request).login
    pending.drop(request)
    minutes = minutes_left(login)
    said = ngettext(
        "Too many tries did not fit. Please try again in %(minutes)s minute, or ask your administrator.",
        "Too many tries did not fit. Please try again in %(minutes)s minutes, or ask your administrator.",
        minutes,
    ) % {"minutes": minutes}
    address = wanted(request)
    context = {
        "form": PasswordForm(initial={"username": login, "next": address}),
        "locked": said,
        "personas": personas(),
        "next": address,
    }
    return render(request, "signin/staff.html", context, status=429)


def counted_as(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """Under what axes counts a try: a keyed hash, because people type telephone numbers and passwords for a login."""
    typed = (credentials or {}).get("username") or request.POST.get("username")
    return _hashed(typed) if typed else None


def _hashed(login: str) -> str:
    return blind_index(login.strip(), purpose="sign-in try")


def is_locked(request: HttpRequest, login: str) -> bool:
    """Whether this login is locked from where the request comes."""
    return not AxesProxyHandler.is_allowed(request, {"username": login})


def count_wrong_code(request: HttpRequest, login: str) -> None:
    """A wrong second factor weighs as much as a wrong password; else six digits could be tried at leisure."""
    user_login_failed.send(sender=__name__, credentials={"username": login}, request=request)


def minutes_left(login: str) -> int:
    """Full minutes until the lock on ``login`` ends, at least one. Real time: the clock of the lock is axes' own."""
    last = AccessAttempt.objects.filter(username=_hashed(login)).order_by("-attempt_time").first()
    cool_off = get_cool_off()
    if last is None or cool_off is None:
        return 1
    left: timedelta = last.attempt_time + cool_off - timezone.now()
    return max(1, math.ceil(left.total_seconds() / 60))
