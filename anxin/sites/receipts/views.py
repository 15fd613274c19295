"""Taking the reports of a provider. Everything is checked before anything is read; nothing is told to a stranger."""

import json
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anxin.domains.notices import api as notices
from anxin.domains.notices.contracts import CARRIED, CallRepeated, ReceiptEvent, ReceiptState
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.signed_calls import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_signed
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import public

SYSTEM = Actor.system("receipts")
LONGEST_BODY = 256_000
MOST_EVENTS = 500
_SECRETS = {channel.value: f"ANXIN_{channel.name}_SECRET" for channel in CARRIED}
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EVENT = re.compile(r"[\x21-\x7e]{1,80}")


@csrf_exempt
@require_POST
@public(reason="a provider's server; every call is signed with a secret of its own", reads_session=False)
def take(request: HttpRequest, channel: str) -> HttpResponse:
    """200 once everything is kept, 401 unsigned, 409 the very same call again, 400 not to be understood."""
    secret = str(getattr(settings, _SECRETS.get(channel, ""), "") or "")
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > LONGEST_BODY:
        return HttpResponse(status=413)
    signature = request.headers.get(SIGNATURE_HEADER, "")
    if not is_signed(
        secret=secret,
        timestamp=request.headers.get(TIMESTAMP_HEADER, ""),
        path=request.get_full_path(),
        body=request.body,
        signature=signature,
    ):
        return HttpResponse(status=401)
    events = _events(request.body)
    if events is None:
        return HttpResponse(status=400)
    try:
        with unit_of_work(SYSTEM):
            taken = notices.take_receipts(actor=SYSTEM, gateway=channel, signature=signature, events=events)
    except CallRepeated:
        return HttpResponse(status=409)
    return JsonResponse({"taken": taken})


def _events(body: bytes) -> list[ReceiptEvent] | None:
    try:
        raw = json.loads(body)
        lines = raw["events"]
        if not isinstance(lines, list) or len(lines) > MOST_EVENTS:
            return None
        return [_event(line) for line in lines]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _event(line: dict[str, Any]) -> ReceiptEvent:
    event_id, key = line["id"], line["key"]
    if not _EVENT.fullmatch(event_id) or not _KEY.fullmatch(key):
        raise ValueError("an event names itself and a letter")
    at = datetime.fromisoformat(line["at"])
    if at.tzinfo is None:
        raise ValueError("a moment has an offset")
    # A provider whose clock runs ahead reports nothing from the future.
    return ReceiptEvent(event_id, key, ReceiptState(line["state"]), min(at, clock.now()))
