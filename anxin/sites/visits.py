"""Sessions while they are used: begun at sign-in, looked at with every request, ended when their time is over."""

import re
import time
from typing import TYPE_CHECKING, cast

from django.contrib.auth import logout

from anxin.domains.access import api as access
from anxin.domains.access.contracts import RoleLevel
from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import VISIT_MARK as MARK
from anxin.domains.accounts.contracts import Circle, VisitEnding
from anxin.kernel.actor import Actor
from anxin.kernel.sessions import stored_name
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def circle_of(actor: Actor) -> Circle:
    """Whose limits hold: those who watch over the whole city's data have the shortest."""
    if not actor.is_staff:
        return Circle.RESIDENT
    known = access.roles()
    watches = any(known[one.role].level is RoleLevel.TENANT for one in actor.grants if one.role in known)
    return Circle.OFFICE if watches else Circle.STAFF


def begin(request: VisitRequest, actor: Actor, account: "Account", device: str = "") -> None:
    """Somebody has come in: mark the session with its limits and list it among theirs."""
    if request.session.session_key is None:
        request.session.create()
    circle = circle_of(actor)
    mark = accounts.new_mark(accounts.limits().visits[circle], time.time())
    request.session[MARK] = mark.as_kept()
    with unit_of_work(actor):
        accounts.begin_visit(
            actor=actor,
            account=account,
            session_name=stored_name(request.session.session_key),
            circle=circle,
            device=device,
            browser=browser_of(request),
        )


def leave(request: VisitRequest, ending: VisitEnding = VisitEnding.SIGNED_OUT) -> None:
    """End the session of this browser, whoever it was of."""
    name = stored_name(request.session.session_key)
    logout(request)
    with unit_of_work(request.actor):
        accounts.close_visit(actor=request.actor, session_name=name, ending=ending)


def is_over(request: VisitRequest) -> bool:
    """Whether the session has been idle or open for too long; then it is ended, and the visitor is nobody."""
    mark = accounts.read_mark(request.session.get(MARK))
    if mark is None or not mark.is_over(time.time()):
        return False
    leave(request, VisitEnding.TIMED_OUT)
    return True


def keep(request: VisitRequest, actor: Actor) -> None:
    """The session is in use. One that bears no mark yet gets its limits now."""
    mark, now = accounts.read_mark(request.session.get(MARK)), time.time()
    account = cast("Account", request.user)
    if mark is None:
        begin(request, actor, account)
    elif mark.needs_touch(now):
        request.session[MARK] = accounts.touched_mark(mark, now).as_kept()
        name = stored_name(request.session.session_key)
        with unit_of_work(actor):
            accounts.touch_visit(actor=actor, account=account, session_name=name)


def browser_of(request: VisitRequest) -> str:
    """``Chrome · Windows``: enough to recognise one's own device, and no more."""
    text = request.headers.get("User-Agent", "")
    found = [
        next((name for sign, name in signs if re.search(rf"\b{sign}", text)), "")
        for signs in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(one for one in found if one)
