"""Somebody comes to a station because their number was passed on or lost: staff see the identity card, and the archive
is entered with another phone from then on.

What is on the card has to fit what the archive knows, and the phone is proved by a code, so that neither a friendly
word nor a typing error opens an archive to a stranger.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import (
    CardDoesNotFit,
    CodeCheck,
    NoSignInYet,
    PhoneCodeWrong,
    VisitEnding,
)
from anxin.domains.audit import api as audit
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Permission
from anxin.flows.sign_in_resident import SentCode, send_code
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.residents.models import Resident

SYSTEM = Actor.system("rebind")


@dataclass(frozen=True, slots=True)
class Card:
    """What staff read off the identity card in front of them."""

    name: str
    born_on: date


def send_rebind_code(*, actor: Actor, resident_uid: str, phone: str, card: Card, language: str) -> SentCode:
    """The card fits, so a code goes to the phone the person holds now. Raises as :func:`rebind_phone`."""
    with unit_of_work(actor):
        _demand_fit(_person(actor, resident_uid), card)
    return send_code(
        actor=actor, phone=phone, device=f"staff:{actor.uid}", language=language, template="rebind_code"
    )


def rebind_phone(*, actor: Actor, resident_uid: str, phone: str, code: str, card: Card) -> None:
    """The new phone opens the archive; every session that was open ends.

    Raises ``NotPermitted``, ``NotFound``, ``NoSignInYet``, ``CardDoesNotFit``, ``PhoneCodeWrong``, ``ResidentKnown``.
    """
    with unit_of_work(actor):
        person = _person(actor, resident_uid)
        _demand_fit(person, card)
        check = accounts.check_phone_code(actor=actor, phone=phone, code=code)
    if check is not CodeCheck.RIGHT:
        raise PhoneCodeWrong(field="code")
    with unit_of_work(SYSTEM):
        account = accounts.active_account(account_id=person.account_id)
        if account is None:
            raise NoSignInYet
        residents.change_phone(actor=SYSTEM, resident_id=person.id, phone=phone)
        accounts.rebind(actor=SYSTEM, account=account, login=accounts.login_for_phone(phone))
        accounts.end_other_visits(actor=SYSTEM, account=account, ending=VisitEnding.ACCESS_CHANGED)
        audit.record(actor=actor, event="accounts:phone:rebound", subjects=[person.audit_subject()])


def _person(actor: Actor, uid: str) -> "Resident":
    person = residents.access_resident(actor=actor, uid=uid)
    if not actor.may(Permission.REGISTER, at=person.scope_path):
        raise NotPermitted
    if person.account_id is None:
        raise NoSignInYet
    return person


def _demand_fit(person: "Resident", card: Card) -> None:
    """The whole name where the archive has one, and always the birth date. Nothing of the archive is said in answer."""
    is_name = not person.name or accounts.is_same_name(person.name, card.name)
    if person.born_on is None or person.born_on != card.born_on or not is_name:
        raise CardDoesNotFit
