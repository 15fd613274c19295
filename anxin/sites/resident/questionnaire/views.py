"""Files that may be cached, and the one door for what a device kept while it had no network."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_safe

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import ENVELOPE_LIMIT
from anxin.kernel.actor import Actor
from anxin.sites.marks import public
from anxin.sites.resident.campaign_answers.views import respond
from anxin.sites.resident.pages import page
from anxin.sites.resident.questionnaire import presenters

INTAKE = Actor.system("intake")
CACHED_SECONDS = 300
_REASON = "the page is the same for everybody; the signed token says who answers"


@public(reason=_REASON, reads_session=False)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The empty page: who answers what is known on the device only."""
    # No form in the frame: its token would make the page one visitor's own.
    response = page(request, "resident/questionnaire/page.html", {"exit_clear_url": ""})
    patch_cache_control(response, private=True, max_age=CACHED_SECONDS)
    return response


@public(reason=_REASON, reads_session=False)
@require_safe
@condition(etag_func=lambda request, uid: presenters.form_of(uid).etag)
def form(request: HttpRequest, uid: str) -> HttpResponse:
    """The questions of a campaign. Raises ``CampaignNotFound``."""
    response = HttpResponse(presenters.form_of(uid).body, content_type="application/json")
    patch_cache_control(response, public=True, max_age=CACHED_SECONDS)
    return response


@public(reason=_REASON, reads_session=False)
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Keeps the page and its form for a room without a network. Its reach is this folder."""
    view = {"files": presenters.files_kept(), "version": presenters.version_of_files()}
    response = render(
        request, "resident/questionnaire/sw.js", view, content_type="text/javascript; charset=utf-8"
    )
    patch_cache_control(response, no_cache=True)
    return response


@csrf_exempt
@public(reason=_REASON, reads_session=False)
def sealed(request: HttpRequest) -> HttpResponse | JsonResponse:
    """One envelope: what is in it is taken in as if it had just been sent, once however often it comes."""
    return respond(
        request,
        lambda admits: campaigns.take_in_sealed(actor=INTAKE, body=request.body, admits=admits),
        limit=ENVELOPE_LIMIT,
    )
