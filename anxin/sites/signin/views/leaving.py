"""Signing out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anxin.domains.accounts import api as accounts
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites import visits
from anxin.sites.marks import VisitRequest, public
from anxin.sites.signin.places import SeeOther


@public(reason="Leaving must always work, also twice.")
@require_http_methods(["GET", "POST"])
def sign_out(request: VisitRequest) -> HttpResponse:
    """GET asks (for a plain link without script), POST ends the session and everything in it."""
    if request.method == "GET":
        return render(request, "signin/sign_out.html")
    was_staff = request.actor.is_staff
    if request.user.is_authenticated:
        with unit_of_work(request.actor):
            accounts.note_sign_out(actor=request.actor, account=request.user)
    visits.leave(request)
    return SeeOther("/sign-in/staff/" if was_staff else "/")
