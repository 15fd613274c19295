"""Managers and the accounts of those who work below them: unlocking, signing out, confirming roles for another year."""

from collections.abc import Sequence

from django.db import transaction

from anxin.domains.access.contracts import OwnRights, SignedIn
from anxin.domains.access.library import load_roles
from anxin.domains.access.models import RoleGrant
from anxin.domains.access.policies import can_grant
from anxin.domains.access.selectors.grants import grants_at
from anxin.domains.access.selectors.links import may_help
from anxin.domains.accounts import api as accounts
from anxin.domains.accounts.contracts import VisitEnding
from anxin.domains.audit.api import command
from anxin.domains.audit.contracts import Subject
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

_HOUSE = Actor.system("access")


class _Helped:
    """For the trail: whose account."""

    def __init__(self, account: SignedIn) -> None:
        self._uid = account.uid

    def audit_subject(self) -> Subject:
        """By value."""
        return Subject(uid=self._uid)


def _demand_help(actor: Actor, account: SignedIn) -> None:
    if account.uid == actor.uid:
        raise OwnRights
    if not may_help(actor=actor, account=account):
        raise NotPermitted


@transaction.atomic
@command("access:account:unlocked")
def unlock_account(*, actor: Actor, account: SignedIn, reason: str = "") -> _Helped:
    """Let a colleague try again now. Raises ``NotPermitted``, ``OwnRights``."""
    _demand_help(actor, account)
    found = accounts.account_by_uid(uid=account.uid)
    if found is not None:
        accounts.unlock(actor=_HOUSE, account=found, reason=reason)
    return _Helped(account)


@transaction.atomic
@command("access:account:signed-out")
def sign_out_account(*, actor: Actor, account: SignedIn, reason: str = "") -> _Helped:
    """End every session of a colleague: a device was lost. Raises ``NotPermitted``, ``OwnRights``."""
    _demand_help(actor, account)
    found = accounts.account_by_uid(uid=account.uid)
    if found is not None:
        accounts.end_other_visits(actor=_HOUSE, account=found, ending=VisitEnding.ACCESS_CHANGED)
    return _Helped(account)


@transaction.atomic
@command("access:grants:confirmed")
def confirm_grants(*, actor: Actor, uids: Sequence[str], reason: str = "") -> list[RoleGrant]:
    """These roles are still right, for another year from now. All of them or none.

    Nobody confirms their own; one that has stopped is given anew instead. Raises ``NotPermitted``, ``OwnRights``.
    """
    moment = clock.now()
    ids = grants_at(moment).filter(uid__in=set(uids)).values_list("id", flat=True)
    found = list(
        RoleGrant.objects.select_for_update(of=("self",))
        .select_related("node", "account")
        .filter(id__in=list(ids))
        .order_by("id")
    )
    known = load_roles()
    for one in found:
        if one.account.uid == actor.uid:
            raise OwnRights
        if one.role not in known or not can_grant(actor, known[one.role], one.node.path):
            raise NotPermitted
    RoleGrant.objects.filter(id__in=[one.id for one in found]).update(confirmed_at=moment, warned_days=None)
    return found


@transaction.atomic
@command("access:grants:warned", silent_on_none=True)
def mark_warned(*, actor: Actor, grant_id: int, days: int) -> None:
    """The holder and those who can confirm were told, ``days`` before the end. For the house."""
    if not actor.is_system:
        raise NotPermitted
    RoleGrant.objects.filter(id=grant_id).update(warned_days=days)
