"""Building the Actor, and reading who holds what."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from anxin.domains.access.contracts import Role, SignedIn
from anxin.domains.access.library import load_roles
from anxin.domains.access.models import RoleGrant
from anxin.domains.access.policies import visible_grants
from anxin.domains.accounts.contracts import AccountKind
from anxin.domains.audit.api import query
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant


def grants_at(moment: datetime) -> QuerySet[RoleGrant]:
    """The grants in force at a moment."""
    return RoleGrant.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), starts_at__lte=moment)


@query()
def actor_for(
    *, account: SignedIn, request_uid: str = "", resident_id: int | None = None, resident_uid: str = ""
) -> Actor:
    """Who acts, with the rights of this moment, in at most three queries.

    The site passes a resident's archive, which this room cannot see. An inactive account is nobody. Rights over named
    people end with the last posting: a role that ``sees_identified`` counts only while the person is posted somewhere.
    """
    if not account.is_active:
        return Actor.anonymous()
    if account.kind != AccountKind.STAFF:
        return Actor(
            kind=ActorKind.RESIDENT,
            uid=account.uid,
            label="resident",
            resident_id=resident_id,
            resident_uid=resident_uid,
            request_uid=request_uid,
        )
    staff = network.staff_by_account(account_id=account.id)
    postings = network.postings_of(staff_id=staff.id, on=clock.today()) if staff else []
    return Actor(
        kind=ActorKind.STAFF,
        uid=account.uid,
        label=staff.name if staff else "staff",
        grants=_node_grants(account.id, is_posted=bool(postings)),
        staff_id=staff.id if staff else None,
        posting_ids=tuple(posting.id for posting in postings),
        request_uid=request_uid,
    )


def _node_grants(account_id: int, *, is_posted: bool) -> tuple[NodeGrant, ...]:
    known = load_roles()
    rows = grants_at(clock.now()).filter(account_id=account_id).order_by("node__path", "role", "id")
    return tuple(
        NodeGrant(path, name, known[name].permissions, known[name].sees_identified)
        for name, path in rows.values_list("role", "node__path")
        if name in known and (is_posted or not known[name].sees_identified)
    )


@query()
def roles() -> dict[str, Role]:
    """Every role by its id, in the order of the data file."""
    return dict(load_roles())


@query()
def grants_queryset(*, actor: Actor) -> QuerySet[RoleGrant]:
    """The grants in force that the actor may see, with account and node."""
    grants = visible_grants(actor, grants_at(clock.now()))
    return grants.select_related("account", "node").order_by("node__path", "role", "id")


@query()
def staff_who_may(*, permission: str, at: str, staff_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who hold ``permission`` at the node ``at`` or above it now."""
    accounts = network.accounts_of_staff(staff_ids=staff_ids)
    roles = [name for name, role in load_roles().items() if permission in role.permissions]
    rows = grants_at(clock.now()).filter(account_id__in=accounts.values(), role__in=roles)
    holders = {
        account for account, path in rows.values_list("account_id", "node__path") if at.startswith(path)
    }
    return frozenset(staff for staff, account in accounts.items() if account in holders)
