"""Proving once more, in a session that is open already, who sits there: the password, and the code of the app.

A code proves for ten minutes, so that nobody types one for each page; a session that was left open for longer than
that, or taken over, opens nothing by the password alone. Tries count like those at the door.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import LockedOut, SecondFactorCodeWrong
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest
from anxin.sites.signin.devices import device_of

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account

RECENT = timedelta(minutes=10)
_KEY = "ax_second_factor_at"


def note(request: VisitRequest) -> None:
    """The code was right, at this moment."""
    request.session[_KEY] = clock.now().isoformat()


def is_recent(request: VisitRequest) -> bool:
    """Whether a code was right in this session not long ago."""
    kept = request.session.get(_KEY, "")
    if not kept:
        return False
    age = clock.now() - datetime.fromisoformat(kept)
    return timedelta() <= age < RECENT


def asks_code(request: VisitRequest, account: "Account") -> bool:
    """Whether somebody who has an authenticator app has to type its code now."""
    return not is_recent(request) and accounts.has_second_factor(account=account)


def faults(
    request: VisitRequest, account: "Account", *, password: str | None, code: str | None
) -> dict[str, str]:
    """What does not fit, by the field of the form. ``None`` was not asked for."""
    if password is None and code is None:
        return {}
    try:
        with unit_of_work(request.actor):
            tried = accounts.begin_try(actor=request.actor, login=account.login, device=device_of(request))
    except LockedOut as error:
        return {"": _(error.message) % error.params}
    if password is not None and not account.check_password(password):
        return {"password": _("This is not your password.")}
    with unit_of_work(request.actor):
        if code is not None and not accounts.check_second_factor(
            actor=request.actor, account=account, code=code
        ):
            return {"code": _(SecondFactorCodeWrong.message)}
        accounts.take_back_try(actor=request.actor, tried=tried)
    if code is not None:
        note(request)
    return {}
