"""Codes sent to a phone: six digits, five minutes, five attempts, and not too many of them.

No network address is kept. The limits hang on the fingerprint of the phone and on a random mark in the visitor's
session.
"""

import hmac
import math
import secrets
from datetime import timedelta

from anxin.domains.accounts.contracts import CodeCheck, CodeRequestedTooSoon, IssuedCode, TooManyCodes
from anxin.domains.accounts.models import PhoneCode
from anxin.domains.accounts.selectors import login_for_phone
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index
from anxin.kernel.identifiers_cn import normalise_mobile

LIFE = timedelta(minutes=5)
PAUSE = timedelta(seconds=60)
WINDOW = timedelta(hours=1)
PER_PHONE, PER_DEVICE, ATTEMPTS = 5, 10, 5


def start_phone_code(*, actor: Actor, phone: str, device: str = "") -> IssuedCode:
    """A fresh code for ``phone``, which puts earlier ones out of use. The caller sends it."""
    number = normalise_mobile(phone)
    index = login_for_phone(number)
    device_index = blind_index(device, purpose="device") if device else ""
    moment = clock.now()
    _check_limits(index, device_index)
    PhoneCode.objects.filter(phone_index=index, issued_at__lte=moment - WINDOW).delete()
    code = f"{secrets.randbelow(1_000_000):06d}"
    row = PhoneCode(phone_index=index, device_index=device_index, issued_at=moment, expires_at=moment + LIFE)
    row.digest = _digest(row, code)
    row.save(force_insert=True)
    return IssuedCode(phone=number, code=code, expires_at=row.expires_at)


def check_phone_code(*, actor: Actor, phone: str, code: str) -> CodeCheck:
    """Compare with the newest code of ``phone``. A right code is used up; a wrong one costs an attempt."""
    newest = (
        PhoneCode.objects.select_for_update()
        .filter(phone_index=login_for_phone(phone))
        .order_by("-issued_at", "-id")
        .first()
    )
    if newest is None or newest.used_at is not None or newest.expires_at <= clock.now():
        return CodeCheck.EXPIRED
    if newest.attempts >= ATTEMPTS:
        return CodeCheck.EXHAUSTED
    newest.attempts += 1
    if hmac.compare_digest(newest.digest, _digest(newest, code)):
        newest.used_at = clock.now()
    newest.save(update_fields=["attempts", "used_at"])
    if newest.used_at is not None:
        return CodeCheck.RIGHT
    return CodeCheck.WRONG if newest.attempts < ATTEMPTS else CodeCheck.EXHAUSTED


def _digest(row: PhoneCode, code: str) -> str:
    return blind_index(f"{row.uid}\x00{code}", purpose="phone-code")


def _check_limits(phone_index: str, device_index: str) -> None:
    moment = clock.now()
    recent = PhoneCode.objects.filter(issued_at__gt=moment - WINDOW)
    mine = list(
        recent.filter(phone_index=phone_index).order_by("issued_at").values_list("issued_at", flat=True)
    )
    if mine and mine[-1] + PAUSE > moment:
        raise CodeRequestedTooSoon(
            field="phone", seconds=math.ceil((mine[-1] + PAUSE - moment).total_seconds())
        )
    theirs = (
        list(
            recent.filter(device_index=device_index).order_by("issued_at").values_list("issued_at", flat=True)
        )
        if device_index
        else []
    )
    for issued, limit in ((mine, PER_PHONE), (theirs, PER_DEVICE)):
        if len(issued) >= limit:
            free = clock.local(issued[-limit] + WINDOW)
            raise TooManyCodes(field="phone", time=f"{free:%H:%M}")
