"""Who may see and answer a linkage. Default: no."""

from django.db.models import Q, QuerySet

from anxin.domains.linkages.contracts import Kind, Permission
from anxin.domains.linkages.models import Linkage
from anxin.kernel.actor import Actor

_TO_ANSWER = {Kind.RELEASE: Permission.APPROVE_RELEASE, Kind.INBOUND: Permission.ANSWER_INBOUND}


def can_view_linkage(actor: Actor, linkage: Linkage) -> bool:
    """The house; whoever began it; who may read here; who may decide on one of its kind."""
    if actor.is_system or (actor.staff_id is not None and linkage.asked_by_id == actor.staff_id):
        return True
    if actor.may(Permission.READ, at=linkage.scope_path):
        return True
    decides = _TO_ANSWER.get(Kind(linkage.kind))
    return decides is not None and actor.may(decides, at=linkage.scope_path)


def visible_linkages(actor: Actor, linkages: QuerySet[Linkage]) -> QuerySet[Linkage]:
    """The same rule, for many."""
    if actor.is_system:
        return linkages
    rule = Q(pk__in=[]) if actor.staff_id is None else Q(asked_by=actor.staff_id)
    for path in actor.paths_with(Permission.READ):
        rule |= Q(scope_path__startswith=path)
    for kind, right in _TO_ANSWER.items():
        for path in actor.paths_with(right):
            rule |= Q(kind=kind.value, scope_path__startswith=path)
    return linkages.filter(rule)


def can_answer(actor: Actor, linkage: Linkage) -> bool:
    """Who writes down the answer: for a release and for what came in, those who decide; else who works with it here."""
    decides = _TO_ANSWER.get(Kind(linkage.kind), Permission.BEGIN)
    return can_view_linkage(actor, linkage) and actor.may(decides, at=linkage.scope_path)
