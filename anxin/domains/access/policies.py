"""Who may give and take rights. Default: no."""

from django.db.models import Q, QuerySet

from anxin.domains.access.contracts import Permission, Role, RoleLevel
from anxin.domains.access.models import RoleGrant
from anxin.kernel.actor import Actor


def can_grant(actor: Actor, role: Role, path: str) -> bool:
    """Whether the actor may give or take this role at this node. The watching offices need a right of their own."""
    wanted = Permission.MANAGE_TENANT if role.level is RoleLevel.TENANT else Permission.MANAGE
    return actor.may(wanted, at=path)


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
