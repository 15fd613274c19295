"""Who may meet a request: who made it, the house, the privacy officer above the person's place. The default is no."""

from dataclasses import replace
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from anxin.domains.rights.contracts import SCOPE, Permission
from anxin.domains.rights.models import ProtectedEntry, SubjectRequest
from anxin.kernel.actor import Actor, NodeGrant


def officer(actor: Actor) -> Actor:
    """``actor`` with a scope that shows the requests they may decide, and no other row about anybody."""
    own = tuple(
        NodeGrant(SCOPE + path, "rights", frozenset(), sees_identified=True)
        for path in actor.paths_with(Permission.DECIDE)
    )
    return replace(actor, grants=actor.grants + own)


def can_view_request(actor: Actor, request: SubjectRequest) -> bool:
    """The person, the house, and the officer."""
    if actor.is_system:
        return True
    if actor.resident_id is not None:
        return request.resident_id == actor.resident_id
    return actor.is_staff and actor.may(Permission.DECIDE, at=request.node_path)


def visible_requests(actor: Actor, requests: QuerySet[SubjectRequest]) -> QuerySet[SubjectRequest]:
    """The same for many."""
    if actor.is_system:
        return requests
    if actor.resident_id is not None:
        return requests.filter(resident_id=actor.resident_id)
    return requests.filter(_below(actor)) if actor.is_staff else requests.none()


def can_decide(actor: Actor, request: SubjectRequest) -> bool:
    """The officer only: neither the person nor the house answers a request."""
    return actor.is_staff and actor.may(Permission.DECIDE, at=request.node_path)


def can_view_protected(actor: Actor, entry: ProtectedEntry) -> bool:
    """The house and the officer. Neither the person nor a guardian."""
    at = entry.scope_path.removeprefix(SCOPE)
    return actor.is_system or (actor.is_staff and actor.may(Permission.DECIDE, at=at))


def visible_protected(actor: Actor, entries: QuerySet[ProtectedEntry]) -> QuerySet[ProtectedEntry]:
    """The same for many."""
    if actor.is_system:
        return entries
    return entries.filter(_below(actor)) if actor.is_staff else entries.none()


def _below(actor: Actor) -> Q:
    paths = actor.paths_with(Permission.DECIDE)
    nobody = Q(pk__in=())
    return reduce(or_, (Q(scope_path__startswith=SCOPE + path) for path in paths), nobody)
