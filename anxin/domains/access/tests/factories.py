"""Accounts with rights, the smallest way."""

from itertools import count

from anxin.domains.access import api
from anxin.domains.accounts.models import Account
from anxin.domains.network.models import Posting, StaffMember, Unit
from anxin.domains.network.tests import factories as network
from anxin.kernel.actor import Actor

_serial = count(1)


def an_account(kind: str = "staff") -> Account:
    """An active account nobody can sign in to."""
    return Account.objects.create(kind=kind, login=f"{kind}-{next(_serial)}", password="!")


def a_member_of_staff(*, role: str, node: Unit, unit: Unit | None = None, name: str = "") -> Actor:
    """A posted person who holds one role at ``node``; posted at ``unit``, or at the node itself."""
    account = an_account()
    network.a_posting(unit or node, network.a_person(name, account_id=account.id))
    api.grant(actor=network.SYSTEM, account=account, role=role, node=node)
    return api.actor_for(account=account)


def actor_of(posting: Posting, *, role: str, node: Unit) -> Actor:
    """The person of a posting, given an account and one role."""
    account = an_account()
    StaffMember.objects.filter(id=posting.staff_id).update(account=account)
    api.grant(actor=network.SYSTEM, account=account, role=role, node=node)
    return api.actor_for(account=account)
