"""A resident signs in: a code to the phone, the code back, and the first time a date of birth and the nearest place.

Whoever holds the phone is the person. Nobody needs this to get help or to take a self-test.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import AccountKind, CodeCheck
from anxin.domains.network import api as network
from anxin.domains.notices import api as notices
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account
    from anxin.domains.network.models import Unit

SYSTEM = Actor.system("sign-in")


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code on its way. ``gateway`` says by whom; the null one sends nothing."""

    phone: str
    code: str
    expires_at: datetime
    gateway: str
    is_accepted: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of a typed code. Right, and no account: it is the first visit."""

    check: CodeCheck
    account: "Account | None" = None


def send_code(*, actor: Actor, phone: str, device: str = "", language: str = "zh") -> SentCode:
    """Make a code and hand it to the gateway. Raises ``MobileInvalid``, ``CodeRequestedTooSoon``, ``TooManyCodes``."""
    with unit_of_work(actor):
        issued = accounts.start_phone_code(actor=actor, phone=phone, device=device)
    delivery = notices.text_now(
        actor=actor,
        phone=issued.phone,
        template="sign_in_code",
        params={"code": issued.code},
        language=language,
    )
    return SentCode(
        phone=issued.phone,
        code=issued.code,
        expires_at=issued.expires_at,
        gateway=delivery.gateway,
        is_accepted=delivery.is_accepted,
    )


def enter(*, actor: Actor, phone: str, code: str) -> Entry:
    """Compare the code; a wrong one is counted even though nothing else happens."""
    with unit_of_work(actor):
        check = accounts.check_phone_code(actor=actor, phone=phone, code=code)
        if check is not CodeCheck.RIGHT:
            return Entry(check)
        return Entry(check, accounts.account_by_login(login=accounts.login_for_phone(phone)))


def register(*, phone: str, born_on: date, home_uid: str = "", consent_version: str) -> "Account":
    """The first visit: account, archive and the agreement to both, together or not at all.

    Without a chosen place the person belongs to the city. Raises ``GuardianConsentNeeded`` below 14.
    """
    with unit_of_work(SYSTEM):
        account = accounts.create_account(
            actor=SYSTEM, kind=AccountKind.RESIDENT, login=accounts.login_for_phone(phone)
        )
        resident = residents.register_resident(
            actor=SYSTEM, account=account, phone=phone, home_unit=_home(home_uid), born_on=born_on
        )
        residents.give_consent(
            actor=SYSTEM, resident_id=resident.id, purpose=Purpose.ACCOUNT, text_version=consent_version
        )
    return account


def _home(uid: str) -> "Unit":
    if uid:
        return network.unit_by_uid(uid=uid)
    found = network.city()
    if found is None:
        raise RuntimeError("the network has no city yet")
    return found
