"""Building the Actor, and reading who holds what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import JSONObject

from anxin.domains.access.contracts import Permission, Role, SignedIn
from anxin.domains.access.library import load_limits, load_roles
from anxin.domains.access.models import BreakGlass, Confirmation, RoleGrant
from anxin.domains.access.policies import visible_grants
from anxin.domains.access.rules.openings import lent
from anxin.domains.accounts.contracts import AccountKind
from anxin.domains.audit.api import query
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant, OpenedRecord
from anxin.kernel.crypto import blind_index

_SESSION = "confirmation-session"
_TEXTS = ArrayField(CharField())


@dataclass(frozen=True, slots=True)
class _Held:
    """What the rows of one account say."""

    grants: tuple[NodeGrant, ...] = ()
    opened: tuple[OpenedRecord, ...] = ()
    confirmed: frozenset[str] = frozenset()


def session_index(session_key: str) -> str:
    """How a session is known here; its key stays where it is."""
    return blind_index(session_key, purpose=_SESSION) if session_key else ""


def grants_at(moment: datetime) -> QuerySet[RoleGrant]:
    """The grants in force at a moment."""
    return RoleGrant.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), starts_at__lte=moment)


@query()
def actor_for(
    *,
    account: SignedIn,
    request_uid: str = "",
    resident_id: int | None = None,
    resident_uid: str = "",
    session_key: str = "",
) -> Actor:
    """Who acts, with the rights of this moment, in at most three queries.

    The site passes a resident's archive, which this room cannot see. An inactive account is nobody. Rights over named
    people end with the last posting: a role that ``sees_identified`` counts only while the person is posted somewhere.
    Records opened for a short time, and confirmations of the session, come with the same query as the grants.
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
    held = _held(account.id, is_posted=bool(postings), session=session_index(session_key))
    return Actor(
        kind=ActorKind.STAFF,
        uid=account.uid,
        label=staff.name if staff else "staff",
        grants=held.grants,
        opened=held.opened,
        confirmed=held.confirmed,
        staff_id=staff.id if staff else None,
        posting_ids=tuple(posting.id for posting in postings),
        request_uid=request_uid,
    )


def _held(account_id: int, *, is_posted: bool, session: str) -> _Held:
    known, moment = load_roles(), clock.now()
    running = BreakGlass.objects.filter(account_id=account_id, ended_at__isnull=True, ends_at__gt=moment)
    confirmed = Confirmation.objects.filter(account_id=account_id, session_index=session, ends_at__gt=moment)
    rows = list(
        grants_at(moment)
        .filter(account_id=account_id)
        .order_by("node__path", "role", "id")
        .annotate(
            opened=ArraySubquery(
                running.order_by("id").values(
                    one=JSONObject(uid="uid", resident_id="resident_id", resident_uid="resident_uid")
                )
            ),
            confirmed=ArraySubquery(confirmed.values("resident_uid"), output_field=_TEXTS),
        )
        .values_list("role", "node__path", "opened", "confirmed")
    )
    grants = tuple(
        NodeGrant(path, name, known[name].permissions, known[name].sees_identified)
        for name, path, _, _ in rows
        if name in known and (is_posted or not known[name].sees_identified)
    )
    held = frozenset[str]().union(*(grant.permissions for grant in grants))
    if not rows or Permission.BREAK_GLASS not in held:
        return _Held(grants, (), frozenset(rows[0][3]) if rows else frozenset())
    permissions = lent(held, load_limits().lends)
    opened = tuple(OpenedRecord(**one, permissions=permissions) for one in rows[0][2])
    return _Held(grants, opened, frozenset(rows[0][3]))


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


@query()
def accounts_that_may(*, permission: str, at: str) -> list[int]:
    """The accounts that hold ``permission`` at the node ``at`` or above it now, for calling them."""
    names = [name for name, role in load_roles().items() if permission in role.permissions]
    rows = grants_at(clock.now()).filter(role__in=names).order_by("id")
    return [account for account, path in rows.values_list("account_id", "node__path") if at.startswith(path)]
