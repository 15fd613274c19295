"""Leaving: every agreement is taken back and the account closes in the same moment; nobody has to allow it (PIPL 15).

What then happens to what is kept (deleted where the law lets the platform, restricted where it does not) is a request
with clocks, answered by the privacy officer. Calls that were already promised are still made.
"""

from typing import TYPE_CHECKING

from anxin.domains.accounts import api as accounts
from anxin.domains.residents.contracts import Purpose
from anxin.domains.rights import api as rights
from anxin.domains.rights.contracts import Proof, RequestKind
from anxin.flows import take_back_agreement
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.accounts.models import Account
    from anxin.domains.rights.models import SubjectRequest

SYSTEM = Actor.system("leaving")


def leave(*, actor: Actor, account: "Account", text: str = "") -> "SubjectRequest":
    """Take back everything, close the account, ask for the rest. Raises ``RequestOpen`` when that was done already."""
    if actor.resident_id is None:
        raise NotPermitted
    with unit_of_work(actor):
        for purpose in Purpose:
            take_back_agreement.take_back(actor=actor, purpose=purpose)
        request = rights.ask(
            actor=actor,
            resident_id=actor.resident_id,
            kind=RequestKind.LEAVE,
            text=text,
            proof=Proof.PHONE_CODE,
        )
        with unit_of_work(SYSTEM):
            accounts.deactivate(actor=SYSTEM, account=account, reason=request.number)
    return request
