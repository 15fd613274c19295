"""Too many tries that did not fit: when it ends, and what else can be done."""

import math
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from anxin.kernel import clock
from anxin.sites.signin import pending
from anxin.sites.signin.forms import PasswordForm
from anxin.sites.signin.personas import personas
from anxin.sites.signin.places import wanted


def locked_out(request: HttpRequest, login: str, until: datetime) -> HttpResponse:
    """The page instead of the answer. Half a sign-in is forgotten."""
    pending.drop(request)
    minutes = max(1, math.ceil((until - clock.now()).total_seconds() / 60))
    said = ngettext(
        "Too many tries did not fit. Please try again in %(minutes)s minute, or ask whoever leads your unit.",
        "Too many tries did not fit. Please try again in %(minutes)s minutes, or ask whoever leads your unit.",
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
