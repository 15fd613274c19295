"""``POST /campaign-answers/``: what the intake lane does, by the ordinary road.

For an installation whose web server is not ours, and as the measure of the lane: the same body gets the same answer and
leaves the same rows. Like there, only the signed token in the body says who sends; no session, no cookie, so CSRF has
nothing to protect, and a foreign origin is turned away all the same.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import FormRefused, Receipt, Verdict
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import public

INTAKE = Actor.system("intake")
NUMBERS = {
    Verdict.STORED: 201,
    Verdict.ALREADY_THERE: 200,
    Verdict.CONFLICT: 409,
    Verdict.TOO_LARGE: 413,
    Verdict.BAD_FORM: 422,
    Verdict.BAD_ANSWERS: 422,
    Verdict.TOO_MANY: 429,
}
RETRY_AFTER_SECONDS = 3
BODY_LIMIT = 16 * 1024
_allowance = campaigns.new_allowance()
_REASON = "the signed token in the body says who sends"


@csrf_exempt
@public(reason=_REASON, reads_session=False)
def submissions(request: HttpRequest) -> HttpResponse:
    """One finished form."""
    return respond(request, lambda admits: campaigns.take_in(actor=INTAKE, body=request.body, admits=admits))


@csrf_exempt
@public(reason=_REASON, reads_session=False)
def critical(request: HttpRequest) -> HttpResponse:
    """One critical answer, before its form is finished."""
    return respond(
        request, lambda admits: campaigns.hear_signal(actor=INTAKE, body=request.body, admits=admits)
    )


def _admits(participant_id: int) -> bool:
    return _allowance.admits(participant_id, time.monotonic())


Admits = Callable[[int], bool]


def respond(
    request: HttpRequest, work: Callable[[Admits], Receipt], *, limit: int = BODY_LIMIT
) -> HttpResponse:
    """The answer to one sending: ``work`` is given the allowance of this process."""
    if request.method != "POST":
        return JsonResponse({"status": "post-only"}, status=405, headers={"Allow": "POST"})
    if not _is_own_origin(request):
        return _said(Verdict.ORIGIN)
    if int(request.headers.get("Content-Length") or 0) > limit:
        return _said(Verdict.TOO_LARGE)
    try:
        with unit_of_work(INTAKE):
            receipt = work(_admits)
    except FormRefused as refused:
        return _said(refused.verdict, help_first=refused.help_first)
    return _said(receipt.verdict, uid=receipt.uid, help_first=receipt.help_first)


def _said(verdict: Verdict, *, uid: str = "", help_first: bool = False) -> HttpResponse:
    number = NUMBERS.get(verdict, 403)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if number == 429 else {}
    return JsonResponse(
        {"status": verdict, "uid": uid, "help_first": help_first}, status=number, headers=headers
    )


def _is_own_origin(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    own = origin.partition("://")[2] == request.headers.get("Host", "")
    return not origin or own or origin in settings.CSRF_TRUSTED_ORIGINS
