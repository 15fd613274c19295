"""Links, whom a manager may help, and roles whose year is nearly over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from anxin.domains.access.contracts import LinkState, Permission, Role, SignedIn
from anxin.domains.access.library import load_grant_limits, load_roles
from anxin.domains.access.models import EntryLink, RoleGrant
from anxin.domains.access.policies import can_grant, can_invite, visible_links
from anxin.domains.access.rules.roles import can_be_held_at
from anxin.domains.access.rules.yearly import last_day, warning_due
from anxin.domains.access.selectors.grants import actor_for, grants_at
from anxin.domains.audit.api import query
from anxin.domains.network import api as network
from anxin.domains.network.contracts import UnitKind
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit


@dataclass(frozen=True, slots=True)
class Lapsing:
    """A role that stops soon. ``warning``: the days of the warning that is due and was not said yet."""

    grant: RoleGrant
    last_day: date
    warning: int


@query()
def may_help(*, actor: Actor, account: SignedIn) -> bool:
    """Whether the actor manages everything this person holds: each role, and each unit they work at.

    So nobody lets themselves into an account that can do more than they could give.
    """
    if actor.is_system:
        return True
    known = load_roles()
    held = grants_at(clock.now()).filter(account_id=account.id).select_related("node")
    grants = [(known[one.role], one.node.path) for one in held if one.role in known]
    staff = network.staff_by_account(account_id=account.id)
    postings = network.postings_of(staff_id=staff.id, on=clock.today()) if staff else []
    if not grants and not postings:
        return actor.may(Permission.MANAGE_TENANT)
    return all(can_grant(actor, role, path) for role, path in grants) and all(
        actor.may(Permission.MANAGE, at=one.unit.path) for one in postings
    )


@query()
def node_for(*, role: str, unit: "Unit") -> "Unit | None":
    """Where somebody who works at ``unit`` holds ``role``: there, or at the nearest node above that knows it."""
    known = load_roles().get(role)
    if known is None:
        return None
    upward = [unit, *reversed(network.ancestors(unit=unit))]
    return next((one for one in upward if can_be_held_at(known, UnitKind(one.kind))), None)


@query()
def invitable_roles(*, actor: Actor) -> list[Role]:
    """The roles the actor can invite to, somewhere."""
    paths = {path for one in (Permission.MANAGE, Permission.INVITE) for path in actor.paths_with(one)}
    return [
        role
        for role in load_roles().values()
        if any(can_be_held_at(role, kind) for kind in UnitKind)
        and any(can_invite(actor, role, path) for path in paths)
    ]


@query()
def can_confirm(*, actor: Actor, grant: RoleGrant) -> bool:
    """Whether the actor may say that this role is still right, or take it away."""
    role = load_roles().get(grant.role)
    return role is not None and grant.account.uid != actor.uid and can_grant(actor, role, grant.node.path)


@query()
def links_queryset(*, actor: Actor) -> QuerySet[EntryLink]:
    """Links of the nodes the actor manages, newest first."""
    links = EntryLink.objects.select_related("node", "unit", "account", "asked_by")
    return visible_links(actor, links).order_by("-asked_at", "-id")


@query()
def access_link(*, actor: Actor, uid: str) -> EntryLink:
    """One of them. Raises ``NotFound``."""
    found = links_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


@query()
def state_of_link(*, link: EntryLink) -> LinkState:
    """Where it stands now."""
    if link.used_at is not None:
        return LinkState.USED
    if link.withdrawn_at is not None:
        return LinkState.WITHDRAWN
    if link.expires_at <= clock.now():
        return LinkState.EXPIRED
    return LinkState.OPEN if link.token_index else LinkState.WAITING


@query()
def may_still_invite(*, link: EntryLink) -> bool:
    """Whether whoever invited could do so still: rights that were lost meanwhile give nothing on."""
    role = load_roles().get(link.role)
    return role is not None and can_invite(actor_for(account=link.asked_by), role, link.node.path)


@query()
def lasts_until(*, grant: RoleGrant) -> date:
    """The last day of a role that nobody confirms again."""
    return last_day(_confirmed_on(grant), load_grant_limits())


@query()
def lapsing_grants() -> list[Lapsing]:
    """Roles in force whose next warning has come, for the house."""
    limits, today = load_grant_limits(), clock.today()
    first = today - limits.lasts + timedelta(days=limits.warn_days[0] + 1)
    newest = datetime.combine(first, time(), tzinfo=clock.LOCAL)
    rows = grants_at(clock.now()).filter(
        Q(confirmed_at__lt=newest) | Q(confirmed_at__isnull=True, starts_at__lt=newest), ends_at__isnull=True
    )
    return list(_lapsing(rows.select_related("node", "account").order_by("id"), today))


def _lapsing(rows: QuerySet[RoleGrant], today: date) -> Iterator[Lapsing]:
    limits = load_grant_limits()
    for grant in rows:
        confirmed_on = _confirmed_on(grant)
        due = warning_due(confirmed_on, today, limits)
        if due is not None and (grant.warned_days is None or grant.warned_days > due):
            yield Lapsing(grant, last_day(confirmed_on, limits), due)


def _confirmed_on(grant: RoleGrant) -> date:
    return clock.local(grant.confirmed_at or grant.starts_at).date()
