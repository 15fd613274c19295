"""Sessions of people who signed in: begun, used, ended here or from another device, and never too many."""

from collections.abc import Iterable

from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import transaction

from anxin.domains.accounts.contracts import VISIT_MARK, Circle, VisitEnding
from anxin.domains.accounts.library import load_limits
from anxin.domains.accounts.models import Account, Visit
from anxin.domains.accounts.policies import demand_own_or_manage
from anxin.domains.accounts.rules.visits import read_mark, touched
from anxin.domains.accounts.services.tries import device_index
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound
from anxin.kernel.sessions import end_sessions


@transaction.atomic
def begin_visit(
    *,
    actor: Actor,
    account: Account,
    session_name: str,
    circle: Circle = Circle.STAFF,
    device: str = "",
    browser: str = "",
) -> None:
    """A session begins. Where one person has too many, the one used longest ago ends.

    Beginning it twice is beginning it once: the first two requests of a browser come together, and one whose answer
    broke is sent again.
    """
    moment = clock.now()
    Account.objects.select_for_update(of=("self",)).only("id").get(id=account.id)
    Visit.objects.get_or_create(
        session_name=session_name,
        defaults={
            "account": account,
            "device_index": device_index(device),
            "browser": browser[:60],
            "started_at": moment,
            "seen_at": moment,
        },
    )
    Account.objects.filter(id=account.id).update(seen_at=moment)
    others = Visit.objects.filter(account=account, ended_at__isnull=True).order_by("-seen_at", "-id")
    most = load_limits().visits[circle].parallel
    _end(list(others[most:]), VisitEnding.TOO_MANY)


def follow_visit(*, actor: Actor, old_name: str, new_name: str) -> None:
    """The session goes on under another key."""
    Visit.objects.filter(session_name=old_name).update(session_name=new_name)


def touch_visit(*, actor: Actor, account: Account, session_name: str) -> None:
    """The session is in use. Called about once a minute, and leaves no line: it tells nothing."""
    moment = clock.now()
    Visit.objects.filter(session_name=session_name, ended_at__isnull=True).update(seen_at=moment)
    Account.objects.filter(id=account.id).update(seen_at=moment)


def may_listen(*, session: SessionBase, now: float, is_use: bool) -> bool:
    """Whether a stream of this session may go on at real second ``now``.

    A board that is listened to is in use (``is_use``): one that goes deaf without a word at night is worse than one
    that stays signed in for a duty.
    """
    mark = read_mark(session.get(VISIT_MARK))
    if mark is None:
        return True
    if mark.is_over(now):
        return False
    if is_use and mark.needs_touch(now):
        session[VISIT_MARK] = touched(mark, now).as_kept()
        try:
            session.save()
        except UpdateError:  # signed out from another device meanwhile
            return False
    return True


def end_visit(*, actor: Actor, account: Account, uid: str) -> Visit:
    """Sign out one's own other device. Raises ``NotFound`` for a session that is not one's own."""
    if account.uid != actor.uid:
        raise NotFound
    visit = Visit.objects.filter(account=account, uid=uid).first()
    if visit is None:
        raise NotFound
    if visit.ended_at is None:
        _end([visit], VisitEnding.ENDED_ELSEWHERE)
    return visit


def end_other_visits(*, actor: Actor, account: Account, but: str = "", ending: VisitEnding) -> Account:
    """Sign out everywhere but here (``but`` is the name of the session that stays). Raises ``NotPermitted``."""
    demand_own_or_manage(actor, account)
    _end(Visit.objects.filter(account=account, ended_at__isnull=True).exclude(session_name=but), ending)
    return account


def close_visit(*, actor: Actor, session_name: str, ending: VisitEnding) -> None:
    """A session is over: its owner left, or was away too long."""
    _end(Visit.objects.filter(session_name=session_name, ended_at__isnull=True), ending)


def _end(visits: Iterable[Visit], ending: VisitEnding) -> None:
    found = list(visits)
    if not found:
        return
    Visit.objects.filter(id__in=[one.id for one in found]).update(ended_at=clock.now(), ending=ending.value)
    end_sessions([one.session_name for one in found])
