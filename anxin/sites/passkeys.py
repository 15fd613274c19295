"""A challenge for a passkey between two requests: kept in the session, and out of use once it was looked at."""

import json
from typing import Any

from anxin.domains.accounts.contracts import Challenge
from anxin.sites.marks import VisitRequest

_KEY = "ax_passkey"
_LONGEST = 20_000


def keep(request: VisitRequest, challenge: Challenge) -> str:
    """Remember the challenge; what the page hands to the device."""
    request.session[_KEY] = challenge.state
    return json.dumps(challenge.options)


def take(request: VisitRequest) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The challenge, which works once, and the answer to it; none when either is missing or unreadable."""
    state = request.session.pop(_KEY, None)
    try:
        answer = json.loads(request.POST.get("answer", "")[:_LONGEST])
    except ValueError:
        return None
    return (state, answer) if isinstance(state, dict) and isinstance(answer, dict) else None
