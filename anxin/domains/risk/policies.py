"""Who may see and do what with a warning. Default: no.

A grant at a node covers the warnings of the people below it, but only those that have come as far as that
node: a county clinician sees what climbed to the county, the station between sees it too, a neighbour never.
When a climb is overdue and nobody has written it down (the worker is dead), everyone above who may view sees
it, so that it cannot hide.
"""

from datetime import timedelta

from django.db.models import Q, QuerySet

from anxin.domains.risk.contracts import Permission
from anxin.domains.risk.models import Warning
from anxin.kernel import clock
from anxin.kernel.actor import Actor

GRACE = timedelta(seconds=15)


def _prefixes(path: str) -> list[str]:
    steps = path.strip("/").split("/")
    return ["/" + "/".join(steps[: count + 1]) + "/" for count in range(len(steps))]


def may_on_warning(actor: Actor, permission: str, warning: Warning) -> bool:
    """Whether the actor holds ``permission`` at a node between the person's station and the warning's reach.

    Or at this person's record, opened for a short time: reading only.
    """
    if actor.is_system or actor.has_opened(permission, warning.resident_id):
        return True
    is_late = warning.deadline is not None and warning.deadline.next_change_at < clock.now() - GRACE
    return any(
        warning.scope_path.startswith(path) and (is_late or path.startswith(warning.reach_path))
        for path in actor.paths_with(permission)
    )


def can_view_warning(actor: Actor, warning: Warning) -> bool:
    """Level, owner and clock; not the content."""
    return may_on_warning(actor, Permission.VIEW, warning)


def visible_warnings(actor: Actor, warnings: QuerySet[Warning]) -> QuerySet[Warning]:
    """The same rule, for many."""
    if actor.is_system:
        return warnings
    rule = Q(pk__in=[])
    late = Q(deadline__next_change_at__lt=clock.now() - GRACE)
    for path in actor.paths_with(Permission.VIEW):
        rule |= Q(scope_path__startswith=path) & (Q(reach_path__in=_prefixes(path)) | late)
    opened = actor.residents_opened_for(Permission.VIEW)
    if opened:
        rule |= Q(resident_id__in=opened)
    return warnings.filter(rule)
