"""Building the Actor, and reading who holds what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import BooleanField, Func, Q, QuerySet, Value

from anxin.domains.access.contracts import WATCHING, Permission, Role, SignedIn
from anxin.domains.access.library import load_grant_limits, load_limits, load_roles
from anxin.domains.access.models import BreakGlass, Confirmation, RoleGrant
from anxin.domains.access.policies import visible_grants
from anxin.domains.access.rules.openings import lent
from anxin.domains.access.rules.yearly import oldest_in_force
from anxin.domains.accounts.contracts import AccountKind
from anxin.domains.audit.api import query
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant, OpenedRecord
from anxin.kernel.crypto import blind_index
from anxin.kernel.unit_of_work import unit_of_work

_SESSION = "confirmation-session"


class _HoldsOpenings(Func):
    """Whether an account has something open: yes or no, and never whose record (migration 0004)."""

    function = "access_holds_openings"
    output_field = BooleanField()


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
    """The grants in force at a moment: begun, not ended, and confirmed within the year."""
    oldest = oldest_in_force(clock.local(moment).date(), load_grant_limits())
    since = datetime.combine(oldest, time(), tzinfo=clock.LOCAL)
    confirmed = Q(confirmed_at__gte=since) | Q(confirmed_at__isnull=True, starts_at__gte=since)
    return RoleGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=moment), confirmed, starts_at__lte=moment
    )


@query()
def actor_for(
    *,
    account: SignedIn,
    request_uid: str = "",
    resident_id: int | None = None,
    resident_uid: str = "",
    session_key: str = "",
) -> Actor:
    """Who acts, with the rights of this moment, in at most three queries while nothing is open.

    The site passes a resident's archive, which this room cannot see. An inactive account is nobody. Rights over named
    people end with the last posting: a role that ``sees_identified`` counts only while the person is posted somewhere.
    The query for the grants also says whether a record is open for a short time or confirmed in the session; those rows
    are behind a wall, and are then asked for in the name of the account.
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
    held = _held(account, is_posted=bool(postings), session=session_index(session_key))
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


def _held(account: SignedIn, *, is_posted: bool, session: str) -> _Held:
    known, moment = load_roles(), clock.now()
    rows = list(
        grants_at(moment)
        .filter(account_id=account.id)
        .order_by("node__path", "role", "id")
        .annotate(holds=_HoldsOpenings(Value(account.id), Value(session), Value(moment)))
        .values_list("role", "node__path", "holds")
    )
    grants = tuple(
        NodeGrant(
            path,
            name,
            known[name].permissions,
            sees_identified=known[name].sees_identified,
            keeps_watch=not WATCHING.isdisjoint(known[name].permissions),
        )
        for name, path, _ in rows
        if name in known and (is_posted or not known[name].sees_identified)
    )
    if not any(holds for _, _, holds in rows):
        return _Held(grants)
    with unit_of_work(Actor(kind=ActorKind.STAFF, uid=account.uid, label="")):
        return _with_openings(grants, account.id, session, moment)


def _with_openings(grants: tuple[NodeGrant, ...], account_id: int, session: str, moment: datetime) -> _Held:
    ours = Confirmation.objects.filter(account_id=account_id, session_index=session, ends_at__gt=moment)
    confirmed = frozenset(ours.values_list("resident_uid", flat=True))
    held = frozenset[str]().union(*(grant.permissions for grant in grants))
    if Permission.BREAK_GLASS not in held:
        return _Held(grants, (), confirmed)
    running = BreakGlass.objects.filter(account_id=account_id, ended_at__isnull=True, ends_at__gt=moment)
    permissions = lent(held, load_limits().lends)
    opened = tuple(
        OpenedRecord(**one, permissions=permissions)
        for one in running.order_by("id").values("uid", "resident_id", "resident_uid")
    )
    return _Held(grants, opened, confirmed)


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
