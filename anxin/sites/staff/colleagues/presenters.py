"""Roles, links and people in plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.utils.translation import pgettext_lazy

from anxin.domains.access import api as access
from anxin.domains.access.contracts import LinkKind, LinkState, Permission
from anxin.domains.accounts import api as accounts
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound
from anxin.sites.staff.colleagues.forms import role_name
from anxin.sites.staff.words import Words

if TYPE_CHECKING:
    from anxin.domains.access.models import EntryLink, RoleGrant
    from anxin.domains.accounts.models import Account

SHOWN, SOON_DAYS = 50, 30
STATES: dict[LinkState, Words] = {
    LinkState.WAITING: pgettext_lazy("link", "waits for a second person"),
    LinkState.OPEN: pgettext_lazy("link", "open"),
    LinkState.USED: pgettext_lazy("link", "used"),
    LinkState.EXPIRED: pgettext_lazy("link", "expired"),
    LinkState.WITHDRAWN: pgettext_lazy("link", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role of one person."""

    uid: str
    person_uid: str
    person: str
    role: str
    place: str
    last_day: date
    is_soon: bool
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One invitation, or one request to let somebody back in."""

    uid: str
    is_recovery: bool
    person: str
    what: str
    place: str
    by: str
    approver: str
    reason: str
    asked_at: datetime
    expires_at: datetime
    state: Words
    may_withdraw: bool
    may_approve: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One colleague."""

    uid: str
    name: str
    roles: tuple[RoleLine, ...]
    units: tuple[str, ...]
    is_locked: bool
    may_help: bool
    is_self: bool


def role_page(actor: Actor, number: str, *, soon: bool) -> tuple[list[RoleLine], Page]:
    """One page of the roles below the reader's nodes; ``soon``: only what stops within a month."""
    found = access.grants_queryset(actor=actor).exclude(account__uid=actor.uid)
    rows = [one for one in found if _is_soon(one)] if soon else found
    shown = Paginator(rows, SHOWN).get_page(number)
    return _lines(actor, shown.object_list), shown


def own_grants(actor: Actor) -> list[RoleLine]:
    """The reader's own roles."""
    return _lines(actor, access.grants_queryset(actor=actor).filter(account__uid=actor.uid))


def _lines(actor: Actor, grants: Iterable["RoleGrant"]) -> list[RoleLine]:
    held = list(grants)
    people = network.staff_of_accounts(account_ids={one.account_id for one in held})
    known = access.roles()
    return [
        RoleLine(
            uid=one.uid,
            person_uid=one.account.uid,
            person=people[one.account_id].name if one.account_id in people else "–",
            role=role_name(known[one.role]) if one.role in known else one.role,
            place=one.node.name,
            last_day=access.lasts_until(grant=one),
            is_soon=_is_soon(one),
            may_confirm=access.can_confirm(actor=actor, grant=one),
        )
        for one in held
    ]


def _is_soon(grant: "RoleGrant") -> bool:
    return (access.lasts_until(grant=grant) - clock.today()).days <= SOON_DAYS


def link_lines(actor: Actor) -> list[LinkLine]:
    """The newest links of the reader's nodes."""
    links = list(access.links_queryset(actor=actor)[:SHOWN])
    ids = {one.account_id for one in links if one.account_id}
    people = network.staff_of_accounts(account_ids=ids)
    return [_link(actor, one, people) for one in links]


def _link(actor: Actor, link: "EntryLink", people: dict[int, Any]) -> LinkLine:
    state, known = access.state_of_link(link=link), access.roles()
    is_recovery = link.kind == LinkKind.RECOVERY
    owner = people.get(link.account_id or 0)
    waits = state is LinkState.WAITING and link.account is not None
    return LinkLine(
        uid=link.uid,
        is_recovery=is_recovery,
        person=owner.name if is_recovery and owner else link.name,
        what=role_name(known[link.role]) if link.role in known else "",
        place=link.unit.name,
        by=link.asker,
        approver=link.approver,
        reason=link.reason,
        asked_at=link.asked_at,
        expires_at=link.expires_at,
        state=STATES[state],
        may_withdraw=state in (LinkState.WAITING, LinkState.OPEN),
        may_approve=waits
        and link.asked_by.uid != actor.uid
        and link.account is not None
        and link.account.uid != actor.uid
        and access.may_help(actor=actor, account=link.account),
    )


def person_page(actor: Actor, uid: str) -> tuple[PersonPage, "Account"]:
    """One colleague below the reader's nodes. Raises ``NotFound`` for everybody else."""
    account = accounts.account_by_uid(uid=uid)
    if account is None or not account.is_staff_member:
        raise NotFound
    roles = _lines(actor, access.grants_queryset(actor=actor).filter(account__uid=uid))
    staff = network.staff_by_account(account_id=account.id)
    postings = network.postings_of(staff_id=staff.id, on=clock.today()) if staff else []
    mine = [one for one in postings if actor.may(Permission.MANAGE, at=one.unit.path)]
    if not actor.may(Permission.MANAGE) or not (roles or mine):
        raise NotFound
    is_self = uid == actor.uid
    may_help = not is_self and access.may_help(actor=actor, account=account)
    page = PersonPage(
        uid=uid,
        name=staff.name if staff else "–",
        roles=tuple(roles),
        units=tuple(one.unit.name for one in mine),
        is_locked=may_help and accounts.is_locked_somewhere(account=account),
        may_help=may_help,
        is_self=is_self,
    )
    return page, account


def reachable_units(actor: Actor, *, limit: int) -> list[Any]:
    """Units the reader can invite people to, for the list under the field."""
    found: dict[int, Any] = {}
    for path in paths_of(actor):
        for one in network.units_queryset(path=path).order_by("depth", "name")[:limit]:
            found.setdefault(one.id, one)
    return list(found.values())[:limit]


def paths_of(actor: Actor) -> tuple[str, ...]:
    """The nodes below which the reader can invite."""
    return tuple(sorted({*actor.paths_with(Permission.MANAGE), *actor.paths_with(Permission.INVITE)}))
