"""An archive that nobody has opened for long, and somebody who holds its phone number.

Numbers that were given up are passed on. So the right phone code is only half: the person tells something that whoever
holds the number now does not know, or comes to a station with an identity card. Wrong tries add up over all visits, and
only a good end or the staff of a station sets them back.
"""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from anxin.domains.accounts.contracts import (
    LoginTaken,
    ReentryClosed,
    ReentryState,
    SecondThing,
    SecondThingWrong,
)
from anxin.domains.accounts.library import load_limits
from anxin.domains.accounts.models import Account, Reentry
from anxin.domains.accounts.policies import demand_house
from anxin.domains.accounts.rules.reentry import after_wrong, is_unseen
from anxin.kernel import clock
from anxin.kernel.actor import Actor

_OPEN = (ReentryState.ASKED.value, ReentryState.CLOSED.value)


def is_held_back(*, account: Account) -> bool:
    """Whether a phone code alone does not open this account's archive."""
    fresh = Account.objects.only("seen_at", "created_at").get(id=account.id)
    return is_unseen(fresh.seen_at, fresh.created_at, clock.now(), longest=load_limits().unseen)


@transaction.atomic
def ask_second_thing(*, actor: Actor, account: Account) -> Reentry:
    """Somebody came with the right phone code; the matter begins, or goes on where it stood."""
    Account.objects.select_for_update(of=("self",)).only("id").get(id=account.id)
    found = Reentry.objects.filter(account=account, state__in=_OPEN).first()
    return found or Reentry.objects.create(account=account, asked_at=clock.now())


def reentry_of(*, account: Account) -> Reentry | None:
    """How the matter stands, while it is open."""
    return Reentry.objects.filter(account=account, state__in=_OPEN).first()


def try_second_thing(
    *, actor: Actor, account: Account, thing: SecondThing, check: Callable[[], bool]
) -> Reentry:
    """Compare one more thing. ``check`` is asked only while tries are left. The caller commits a wrong one too, so that
    it counts; the answer's ``state`` says how it ended.
    """
    demand_house(actor)
    with transaction.atomic():
        found = (
            Reentry.objects.select_for_update(of=("self",))
            .filter(account=account, state=ReentryState.ASKED)
            .first()
        )
        if found is None:
            raise ReentryClosed
        if check():
            found.state, found.ended_at = ReentryState.PROVED.value, clock.now()
            Account.objects.filter(id=account.id).update(seen_at=clock.now())
        else:
            found.attempts += 1
            found.state = after_wrong(found.attempts, most=load_limits().reentry_tries).value
        found.save(update_fields=["state", "attempts", "ended_at"])
    return found


def refusal_of(reentry: Reentry) -> SecondThingWrong | ReentryClosed:
    """What is said after a thing that did not fit."""
    if reentry.state == ReentryState.CLOSED:
        return ReentryClosed()
    return SecondThingWrong(left=load_limits().reentry_tries - reentry.attempts)


@transaction.atomic
def rebind(*, actor: Actor, account: Account, login: str) -> Account:
    """Staff saw the identity card: from now on the account is entered with the phone behind ``login``.

    For the house, whose flow has asked who may. Sessions end; a matter that was open is over.
    """
    demand_house(actor)
    moment = clock.now()
    locked = Account.objects.select_for_update(of=("self",)).get(id=account.id)
    locked.login, locked.seen_at = login, moment
    try:
        with transaction.atomic():
            locked.save(update_fields=["login", "seen_at"])
    except IntegrityError:
        raise LoginTaken(field="phone") from None
    Reentry.objects.filter(account=locked, state__in=_OPEN).update(
        state=ReentryState.REBOUND.value, ended_at=moment
    )
    return locked
