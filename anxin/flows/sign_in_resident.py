"""A resident signs in: a code to the phone, the code back, and the first time a date of birth and the nearest place.

Whoever holds the phone is the person, as long as they come now and then: a number that was given up is passed on, so
an archive that nobody has opened for long asks for something besides. Nobody needs this to get help or to take a test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import AccountKind, CodeCheck, ReentryState, SecondThing
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
    """What came of a typed code. Right, and no account: it is the first visit. ``is_held_back``: the code alone opens
    nothing here.
    """

    check: CodeCheck
    account: "Account | None" = None
    is_held_back: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """What a person can prove themselves with besides the phone. ``is_closed``: only a station can help."""

    person: bool
    recovery_code: bool
    is_closed: bool


def send_code(
    *, actor: Actor, phone: str, device: str = "", language: str = "zh", template: str = "sign_in_code"
) -> SentCode:
    """Make a code and hand it to the gateway. Raises ``MobileInvalid``, ``CodeRequestedTooSoon``, ``TooManyCodes``."""
    with unit_of_work(actor):
        issued = accounts.start_phone_code(actor=actor, phone=phone, device=device)
    delivery = notices.text_now(
        actor=actor,
        phone=issued.phone,
        template=template,
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
        account = accounts.account_by_login(login=accounts.login_for_phone(phone))
        if account is None or not accounts.is_held_back(account=account):
            return Entry(check, account)
    with unit_of_work(SYSTEM):
        accounts.ask_second_thing(actor=SYSTEM, account=account)
    return Entry(check, account, is_held_back=True)


def ways_of(*, account: "Account") -> Ways:
    """What can be asked of whoever holds the phone of an archive long unseen."""
    with unit_of_work(SYSTEM):
        person = residents.resident_of(account=account)
        reentry = accounts.reentry_of(account=account)
        return Ways(
            person=bool(person and person.name and person.born_on),
            recovery_code=accounts.has_recovery_codes(account=account),
            is_closed=reentry is not None and reentry.state == ReentryState.CLOSED,
        )


def prove_person(*, account: "Account", name: str, born_on: date) -> None:
    """Birth date and name. Raises ``SecondThingWrong``, ``ReentryClosed``; a wrong one has counted then."""

    def fits() -> bool:
        person = residents.resident_of(account=account)
        return person is not None and accounts.is_same_person(
            name=person.name, born_on=person.born_on, typed_name=name, typed_born_on=born_on
        )

    _prove(account, SecondThing.PERSON, fits)


def prove_recovery_code(*, account: "Account", code: str) -> None:
    """One of the codes written down earlier. Raises as above."""
    _prove(
        account,
        SecondThing.RECOVERY_CODE,
        lambda: accounts.check_second_factor(actor=SYSTEM, account=account, code=code),
    )


def _prove(account: "Account", thing: SecondThing, check: Callable[[], bool]) -> None:
    with unit_of_work(SYSTEM):
        reentry = accounts.try_second_thing(actor=SYSTEM, account=account, thing=thing, check=check)
    if reentry.state != ReentryState.PROVED:
        raise accounts.refusal_of(reentry)


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
