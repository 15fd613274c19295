"""Who may touch accounts. Signing in is not here: that is proved by password or code, not granted."""

from django.db.models import QuerySet

from anxin.domains.accounts.contracts import Permission
from anxin.domains.accounts.models import Account
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


def can_manage_account(actor: Actor, account: Account) -> bool:
    """Make, close and repair accounts: the platform administrator, who never sees clinical content."""
    return actor.may(Permission.MANAGE)


def manageable_accounts(actor: Actor, accounts: QuerySet[Account]) -> QuerySet[Account]:
    """The same for many."""
    return accounts if actor.may(Permission.MANAGE) else accounts.none()


def demand_manage(actor: Actor) -> None:
    """Raise unless the actor manages accounts."""
    if not actor.may(Permission.MANAGE):
        raise NotPermitted


def demand_own_or_manage(actor: Actor, account: Account) -> None:
    """Raise unless it is the actor's own account, or the actor manages accounts."""
    if actor.uid != account.uid:
        demand_manage(actor)


def demand_house(actor: Actor) -> None:
    """Raise unless the house itself acts, after it asked who may."""
    if not actor.is_system:
        raise NotPermitted
