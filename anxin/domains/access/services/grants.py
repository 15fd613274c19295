"""Giving and taking rights."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from anxin.domains.access.contracts import (
    AccountInactive,
    AlreadyGranted,
    DutiesNotSeparate,
    OwnRights,
    Role,
    RoleNotForNode,
    RoleUnknown,
    SignedIn,
)
from anxin.domains.access.library import load_roles
from anxin.domains.access.models import RoleGrant
from anxin.domains.access.policies import can_grant
from anxin.domains.access.rules.roles import are_separate, can_be_held_at
from anxin.domains.audit.api import command
from anxin.domains.network.contracts import PeriodNotPossible, UnitKind
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit

_RIGHTS_LOCK = 7_203_002


def _lock_rights_of(account_id: int) -> None:
    """Two grants to one person at once must see each other, or duties would join unnoticed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_RIGHTS_LOCK, account_id % 2**31])


def _known(role: str) -> Role:
    found = load_roles().get(role)
    if found is None:
        raise RoleUnknown(field="role")
    return found


def _held(account_id: int, starts_at: datetime) -> set[str]:
    """Roles held at ``starts_at`` or to be held later."""
    rows = RoleGrant.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at), account_id=account_id)
    return set(rows.values_list("role", flat=True))


@transaction.atomic
@command("access:role:granted")
def grant(
    *,
    actor: Actor,
    account: SignedIn,
    role: str,
    node: "Unit",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """Give a role at a node, from now on unless told otherwise.

    Raises ``RoleUnknown``, ``RoleNotForNode``, ``NotPermitted``, ``OwnRights``, ``AccountInactive``,
    ``PeriodNotPossible``, ``DutiesNotSeparate``, ``AlreadyGranted``.
    """
    found, since = _known(role), starts_at or clock.now()
    _check_grant(actor, account, found, node)
    if ends_at is not None and ends_at <= since:
        raise PeriodNotPossible(field="ends_at")
    _lock_rights_of(account.id)
    if not are_separate(_held(account.id, since), role):
        raise DutiesNotSeparate(field="role")
    overlapping = RoleGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=since), account_id=account.id, role=role, node=node
    )
    if ends_at is not None:
        overlapping = overlapping.filter(starts_at__lt=ends_at)
    if overlapping.exists():
        raise AlreadyGranted(field="role")
    return RoleGrant.objects.create(
        account_id=account.id, role=role, node=node, starts_at=since, ends_at=ends_at
    )


def _check_grant(actor: Actor, account: SignedIn, role: Role, node: "Unit") -> None:
    if not can_be_held_at(role, UnitKind(node.kind)):
        raise RoleNotForNode(field="node")
    if not can_grant(actor, role, node.path):
        raise NotPermitted
    if account.uid == actor.uid:
        raise OwnRights
    if not account.is_active:
        raise AccountInactive(field="account")


@transaction.atomic
@command("access:roles:granted")
def grant_all(*, actor: Actor, rows: Sequence[tuple[SignedIn, str, "Unit"]]) -> list[RoleGrant]:
    """Give many roles from now on, for imports and the demo city: to people who hold none yet. The same refusals."""
    moment = clock.now()
    held: dict[int, set[str]] = {}
    for account_id, role in RoleGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=moment), account_id__in=[row[0].id for row in rows]
    ).values_list("account_id", "role"):
        held.setdefault(account_id, set()).add(role)
    for account, role, node in rows:
        _check_grant(actor, account, _known(role), node)
        mine = held.setdefault(account.id, set())
        if not are_separate(mine, role):
            raise DutiesNotSeparate(field="role")
        mine.add(role)
    return RoleGrant.objects.bulk_create(
        [
            RoleGrant(account_id=account.id, role=role, node=node, starts_at=moment)
            for account, role, node in rows
        ],
        batch_size=2000,
    )


@transaction.atomic
@command("access:role:revoked")
def revoke(*, actor: Actor, held: RoleGrant, reason: str = "") -> RoleGrant:
    """Take a role away, from this moment on. Raises ``NotPermitted``, ``OwnRights``."""
    found = (
        RoleGrant.objects.select_for_update(of=("self",)).select_related("node", "account").get(id=held.id)
    )
    if not can_grant(actor, _known(found.role), found.node.path):
        raise NotPermitted
    if found.account.uid == actor.uid:
        raise OwnRights
    moment = clock.now()
    if found.ends_at is None or found.ends_at > moment:
        found.ends_at = max(moment, found.starts_at)
        found.save(update_fields=["ends_at"])
    return found
