"""Saying yes or no. The address of a guardian, or the token of a person in the body, says who answers; no sign-in."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import ConsentNotTheirs, ConsentTextReplaced
from anxin.kernel.errors import NotFound, Refused
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public
from anxin.sites.resident.consent import presenters
from anxin.sites.resident.consent.presenters import ANSWERS, HOUSE
from anxin.sites.resident.pages import page, see_other


@public(reason="the address is for one guardian, and opens one question only", reads_session=False)
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: VisitRequest, token: str) -> HttpResponse:
    """A guardian decides, or changes the decision."""
    trouble = ""
    try:
        if request.method == "POST":
            trouble = _trouble(request, partial(campaigns.answer_as_guardian, actor=HOUSE, token=token))
            if not trouble:
                return see_other("resident_consent:guardian", token)
        with unit_of_work(HOUSE):
            view = presenters.guardian_page(token)
    except (NotFound, ConsentTextReplaced):
        return page(request, "resident/consent/gone.html", status=404)
    return _ask(request, view, trouble)


@csrf_exempt
@public(reason="the signed token in the body says who answers, no cookie does", reads_session=False)
@require_POST
def mine(request: VisitRequest) -> HttpResponse:
    """The person decides: the token comes from their slip. Without an answer the question is shown."""
    token = request.POST.get("token", "")
    trouble = ""
    try:
        if "answer" in request.POST:
            trouble = _trouble(request, partial(campaigns.answer_as_self, actor=HOUSE, token=token))
        with unit_of_work(HOUSE):
            view = presenters.own_page(token)
    except (NotFound, ConsentTextReplaced):
        return page(request, "resident/consent/gone.html", status=404)
    return _ask(request, view, trouble)


def _ask(request: VisitRequest, view: dict[str, Any], trouble: str) -> HttpResponse:
    context = {"view": view, "trouble": trouble}
    return page(request, "resident/consent/ask.html", context, status=422 if trouble else 200)


def _trouble(request: VisitRequest, keep: Callable[..., object]) -> str:
    """Keep the answer; what stood in the way, in words."""
    answer = request.POST.get("answer", "")
    if answer not in ANSWERS:
        return _("Please choose one of the two.")
    try:
        with unit_of_work(HOUSE):
            keep(answer=answer, text_version=request.POST.get("version", ""))
    except ConsentNotTheirs:
        return _("From the age of 14 on your child decides. You need not do anything.")
    except Refused as refused:
        return said(refused)
    return ""
