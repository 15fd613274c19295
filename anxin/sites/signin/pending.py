"""Half a sign-in, kept in the session for ten minutes. Whoever holds it is not signed in yet.

The session table has no inner wall, so what is kept is sealed: a phone number must not lie there readable.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest

from anxin.domains.accounts import api as accounts
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import UnreadableCiphertext, seal, unseal
from anxin.kernel.sessions import stored_name

LIFE = timedelta(minutes=10)
_KEY = "ax_pending_sign_in"
_HOUSE = Actor.system("sign-in")
_CONTEXT = "session.pending"


@dataclass(frozen=True, slots=True)
class Pending:
    """``phone``: a resident who typed the right code. ``login``: staff who typed the right password. ``held``: the
    login of an archive that the code alone does not open.
    """

    phone: str = ""
    held: str = ""
    login: str = ""
    secret: str = ""
    next: str = ""


def keep(request: HttpRequest, pending: Pending) -> None:
    """Remember for ten minutes, under a fresh session key."""
    before = stored_name(request.session.session_key)
    request.session.cycle_key()
    # Somebody may be signed in already, and begin to sign in as another.
    accounts.follow_visit(actor=_HOUSE, old_name=before, new_name=stored_name(request.session.session_key))
    body = {
        "phone": pending.phone,
        "held": pending.held,
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
