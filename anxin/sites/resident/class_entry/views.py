"""Typing oneself in. A right entry leads to the questionnaire, or first to the question whether one takes part."""

import secrets

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import Answerer, EntryRefused, EntryTooOften
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.entrance import said
from anxin.sites.marks import VisitRequest, public
from anxin.sites.resident.class_entry.forms import EntryForm
from anxin.sites.resident.consent import presenters
from anxin.sites.resident.pages import SeeOther, page

HOUSE = Actor.system("class entry")
DEVICE_COOKIE = "ax_entry"
DEVICE_SECONDS = 30 * 24 * 60 * 60


@public(reason="a class code, a number and a birthday say who enters", reads_session=False)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: VisitRequest) -> HttpResponse:
    """The form; or the way on."""
    form = EntryForm(request.POST or None)
    outcome: HttpResponse | int = 200
    if request.method == "POST":
        outcome = _try(request, form) if form.is_valid() else 422
    response = (
        page(request, "resident/class_entry/enter.html", {"form": form}, status=outcome)
        if isinstance(outcome, int)
        else outcome
    )
    if DEVICE_COOKIE not in request.COOKIES:
        response.set_cookie(
            DEVICE_COOKIE, secrets.token_urlsafe(16), max_age=DEVICE_SECONDS, httponly=True, samesite="Lax"
        )
    return response


def _try(request: VisitRequest, form: EntryForm) -> HttpResponse | int:
    """The way on, or the status of the refusal that is in ``form`` now."""
    data = form.cleaned_data
    # who sends no cookie shares one account of tries with everybody else who sends none for this class
    device = request.COOKIES.get(DEVICE_COOKIE) or f"none {data['code']}"
    try:
        with unit_of_work(HOUSE):
            entry = campaigns.issue_token(
                actor=HOUSE,
                code=data["code"],
                roster_number=data["number"],
                day=data["day"],
                month=data["month"],
                device=device,
            )
    except EntryTooOften as refused:
        form.add_error(None, said(refused))
        return 429
    except EntryRefused as refused:
        with unit_of_work(HOUSE):
            campaigns.count_failure(actor=HOUSE, code=data["code"], device=device)
        form.add_error(None, said(refused))
        return 422
    if entry.has_consent and entry.is_open:
        return SeeOther(f"{reverse('resident_questionnaire:page')}#{entry.fragment}")
    if entry.has_consent:
        return page(
            request, "resident/class_entry/wait.html", {"begins": entry.participant.campaign.runs_from}
        )
    with unit_of_work(HOUSE):
        view = presenters.own_page(entry.token)
    if entry.asking.consent_by is Answerer.GUARDIAN and not view["has_answered"]:
        return page(request, "resident/class_entry/wait.html", {"guardian": True})
    return page(request, "resident/consent/ask.html", {"view": view, "trouble": ""})
