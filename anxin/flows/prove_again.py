"""The person on the page proves once more who they are: a fresh code to the phone they sign in with.

Asked for before a copy of everything, a request about one's own data and leaving: an open page on a shared phone is
not enough for these.
"""

from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import CodeCheck
from anxin.domains.residents import api as residents
from anxin.flows import sign_in_resident
from anxin.flows.sign_in_resident import SentCode
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work


def send_code(*, actor: Actor, device: str = "", language: str = "zh") -> SentCode:
    """A code to the person's own phone, whoever asks. Raises ``CodeRequestedTooSoon``, ``TooManyCodes``."""
    return sign_in_resident.send_code(actor=actor, phone=own_phone(actor), device=device, language=language)


def check(*, actor: Actor, code: str) -> CodeCheck:
    """Compare; a wrong code is counted."""
    phone = own_phone(actor)
    with unit_of_work(actor):
        return accounts.check_phone_code(actor=actor, phone=phone, code=code)


def own_phone(actor: Actor) -> str:
    """The phone the person signs in with."""
    if actor.resident_id is None:
        raise NotPermitted
    with unit_of_work(actor):
        return residents.residents_queryset(actor=actor).get(id=actor.resident_id).phone
