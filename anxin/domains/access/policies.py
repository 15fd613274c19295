"""Who may give and take rights, open records outside their duty, and take data out. Default: no."""

from django.db.models import Q, QuerySet

from anxin.domains.access.contracts import Permission, Role, RoleLevel
from anxin.domains.access.models import BreakGlass, EntryLink, Export, RoleGrant
from anxin.kernel.actor import Actor


def can_grant(actor: Actor, role: Role, path: str) -> bool:
    """Whether the actor may give or take this role at this node. The watching offices need a right of their own."""
    wanted = Permission.MANAGE_TENANT if role.level is RoleLevel.TENANT else Permission.MANAGE
    return actor.may(wanted, at=path)


_AT_ONE_UNIT = frozenset({RoleLevel.UNIT, RoleLevel.STATION, RoleLevel.SCHOOL, RoleLevel.CLASS})


def can_invite(actor: Actor, role: Role, path: str) -> bool:
    """Whoever may give the role there; and the manager of a station, to the roles of a station, at their own."""
    return can_grant(actor, role, path) or (
        role.level in _AT_ONE_UNIT and actor.may(Permission.INVITE, at=path)
    )


def can_view_link(actor: Actor, link: EntryLink) -> bool:
    """Whether the actor may see invitations and requests of that node, and withdraw them."""
    return any(actor.may(one, at=link.node.path) for one in (Permission.MANAGE, Permission.INVITE))


def visible_links(actor: Actor, links: QuerySet[EntryLink]) -> QuerySet[EntryLink]:
    """The same rule, for many."""
    if actor.is_system:
        return links
    rule = Q(pk__in=[])
    for permission in (Permission.MANAGE, Permission.INVITE):
        for path in actor.paths_with(permission):
            rule |= Q(node__path__startswith=path)
    return links.filter(rule)


def can_view_grant(actor: Actor, grant: RoleGrant) -> bool:
    """Whether the actor may see who holds what there. Everybody may see their own."""
    return grant.account.uid == actor.uid or actor.may(Permission.MANAGE, at=grant.node.path)


def visible_grants(actor: Actor, grants: QuerySet[RoleGrant]) -> QuerySet[RoleGrant]:
    """The same rule, for many."""
    if actor.is_system:
        return grants
    rule = Q(account__uid=actor.uid) if actor.uid else Q(pk__in=[])
    for path in actor.paths_with(Permission.MANAGE):
        rule |= Q(node__path__startswith=path)
    return grants.filter(rule)


def can_break_glass(actor: Actor) -> bool:
    """Staff with a clinical role somewhere; where is what the opening lifts."""
    return actor.is_staff and actor.may(Permission.BREAK_GLASS)


def can_view_opening(actor: Actor, opening: BreakGlass) -> bool:
    """Who opened it, and who reviews for the node of the record."""
    if actor.is_system:
        return True
    if not actor.is_staff:
        return False
    return opening.account.uid == actor.uid or actor.may(Permission.REVIEW_OPENINGS, at=opening.scope_path)


def visible_openings(actor: Actor, openings: QuerySet[BreakGlass]) -> QuerySet[BreakGlass]:
    """The same rule, for many."""
    if actor.is_system:
        return openings
    if not actor.is_staff:
        return openings.none()
    rule = Q(account__uid=actor.uid)
    for path in actor.paths_with(Permission.REVIEW_OPENINGS):
        rule |= Q(scope_path__startswith=path)
    return openings.filter(rule)


def can_review(actor: Actor, opening: BreakGlass) -> bool:
    """Whoever reviews for that node. That nobody reviews their own is a refusal of its own."""
    return actor.is_staff and actor.may(Permission.REVIEW_OPENINGS, at=opening.scope_path)


def can_decide_export(actor: Actor, export: Export) -> bool:
    """Whoever approves exports of that node."""
    return actor.is_staff and actor.may(Permission.APPROVE_EXPORTS, at=export.scope_path)


_SEES_EXPORTS = (Permission.APPROVE_EXPORTS, Permission.READ_EXPORTS)


def can_view_export(actor: Actor, export: Export) -> bool:
    """Who asked for it, who may approve it, and who reads the ledger of the node."""
    if actor.is_system:
        return True
    if not actor.is_staff:
        return False
    return export.account.uid == actor.uid or any(
        actor.may(one, at=export.scope_path) for one in _SEES_EXPORTS
    )


def visible_exports(actor: Actor, exports: QuerySet[Export]) -> QuerySet[Export]:
    """The same rule, for many."""
    if actor.is_system:
        return exports
    if not actor.is_staff:
        return exports.none()
    rule = Q(account__uid=actor.uid)
    for permission in _SEES_EXPORTS:
        for path in actor.paths_with(permission):
            rule |= Q(scope_path__startswith=path)
    return exports.filter(rule)
