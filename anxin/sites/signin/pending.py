"""Half a sign-in, kept in the session for ten minutes. Whoever holds it is not signed in yet.

The session table has no inner wall, so what is kept is sealed: a phone number must not lie there readable.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest

from anxin.kernel.crypto import UnreadableCiphertext, seal, unseal

LIFE = timedelta(minutes=10)
_KEY, _DEVICE = "ax_pending_sign_in", "ax_device"
_CONTEXT = "session.pending"


@dataclass(frozen=True, slots=True)
class Pending:
    """``phone``: a resident who typed the right code. ``login``: staff who typed the right password."""

    phone: str = ""
    login: str = ""
    secret: str = ""
    next: str = ""


def keep(request: HttpRequest, pending: Pending) -> None:
    """Remember for ten minutes, under a fresh session key."""
    request.session.cycle_key()
    body = {
        "phone": pending.phone,
        "login": pending.login,
        "secret": pending.secret,
        "next": pending.next,
        "until": (datetime.now(UTC) + LIFE).timestamp(),
    }
    request.session[_KEY] = seal(json.dumps(body), context=_CONTEXT)


def held(request: HttpRequest) -> Pending:
    """What is pending; an empty one when nothing is, or not any more."""
    try:
        body = json.loads(unseal(request.session.get(_KEY, ""), context=_CONTEXT))
    except (UnreadableCiphertext, ValueError):
        return Pending()
    if body.pop("until") < datetime.now(UTC).timestamp():
        return Pending()
    return Pending(**body)


def drop(request: HttpRequest) -> None:
    """Forget."""
    request.session.pop(_KEY, None)


def device_of(request: HttpRequest) -> str:
    """A random mark of this visitor's session, to limit codes without keeping network addresses."""
    if _DEVICE not in request.session:
        request.session[_DEVICE] = secrets.token_urlsafe(16)
    return str(request.session[_DEVICE])
