"""Tries that did not fit: counted for each account and each device, never for a network address.

A try is written down before it is looked at and taken back when it fits, so that a hundred at the same moment are a
hundred tries. A device from which an account was signed in before has a count of its own: strangers who knock at an
account from elsewhere do not lock out its owner.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from anxin.domains.accounts.contracts import LockedOut
from anxin.domains.accounts.library import load_limits
from anxin.domains.accounts.models import Account, SignInTry, Visit
from anxin.domains.accounts.policies import demand_manage
from anxin.domains.accounts.rules.lockout import locked_until
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index, newest_index

_LOCK = 7_203_011


def device_index(device: str) -> str:
    """How a device is known here; empty for one without a mark."""
    return blind_index(device, purpose="device") if device else ""


def login_index(login: str) -> str:
    """How a typed login is known here: people type telephone numbers and passwords into that field."""
    return blind_index(login.strip(), purpose="sign-in try")


@transaction.atomic
def begin_try(*, actor: Actor, login: str, device: str = "") -> SignInTry:
    """Write down that a try is being made. Raises ``LockedOut``, and then it does not count."""
    login_at, device_at = login_index(login), device_index(device)
    with connection.cursor() as cursor:
        key = int(newest_index(login_at)[-8:], 16) - 2**31
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, key])
    until = _lock_on(login_at, device_at, login)
    if until is not None:
        raise LockedOut(until, time=f"{clock.local(until):%H:%M}")
    old = clock.now() - load_limits().account.window
    SignInTry.objects.filter(login_index=login_at, tried_at__lt=old).delete()
    return SignInTry.objects.create(
        login_index=login_at,
        device_index=device_at,
        is_known_device=_is_known(login, device_at),
        tried_at=clock.now(),
    )


def take_back_try(*, actor: Actor, tried: SignInTry) -> None:
    """It fitted."""
    SignInTry.objects.filter(id=tried.id).delete()


def forget_tries(*, actor: Actor, account: Account, device: str = "") -> None:
    """Somebody has come in whole: what did not fit before on this device is forgotten."""
    rows = SignInTry.objects.filter(login_index=login_index(account.login))
    known = _is_known(account.login, device_index(device))
    rows = rows.filter(device_index=device_index(device)) if known else rows.filter(is_known_device=False)
    rows.delete()


def unlock(*, actor: Actor, account: Account, reason: str) -> Account:
    """Let an account be tried again, from everywhere. Raises ``NotPermitted``."""
    demand_manage(actor)
    SignInTry.objects.filter(login_index=login_index(account.login)).delete()
    return account


def locked_out_until(*, login: str, device: str = "") -> datetime | None:
    """When this login can be tried again from this device; None when it can be now."""
    return _lock_on(login_index(login), device_index(device), login)


def is_locked_somewhere(*, account: Account) -> bool:
    """Whether any device is locked out of this account, for the page on which a manager unlocks."""
    rows = SignInTry.objects.filter(login_index=login_index(account.login))
    limits, moment = load_limits().account, clock.now()
    devices = set(rows.filter(is_known_device=True).values_list("device_index", flat=True))
    groups = [rows.filter(is_known_device=True, device_index=one) for one in devices]
    return any(
        locked_until(_times(group), limits, moment) for group in (*groups, rows.filter(is_known_device=False))
    )


def _lock_on(login_at: str, device_at: str, login: str) -> datetime | None:
    limits, moment = load_limits(), clock.now()
    rows = SignInTry.objects.filter(login_index=login_at)
    known = _is_known(login, device_at)
    mine = (
        rows.filter(is_known_device=True, device_index=device_at)
        if known
        else rows.filter(is_known_device=False)
    )
    locks = [locked_until(_times(mine), limits.account, moment)]
    if device_at:
        here = SignInTry.objects.filter(device_index=device_at)
        locks.append(locked_until(_times(here), limits.device, moment))
    return max((one for one in locks if one is not None), default=None)


def _is_known(login: str, device_at: str) -> bool:
    since = clock.now() - load_limits().known_device
    return (
        bool(device_at)
        and Visit.objects.filter(account__login=login, device_index=device_at, started_at__gt=since).exists()
    )


def _times(rows: QuerySet[SignInTry]) -> list[datetime]:
    return list(rows.order_by("tried_at", "id").values_list("tried_at", flat=True))
