"""Reading the trail."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from anxin.domains.audit import shares
from anxin.domains.audit.contracts import Permission, Place, Search
from anxin.domains.audit.models import AuditEvent, AuditSeal, AuditShare
from anxin.kernel.actor import Actor, is_top
from anxin.kernel.errors import NotFound


def trail_of_person(*, actor: Actor, person_uid: str) -> QuerySet[AuditEvent]:
    """Who did or read what about one person, newest first: for the person, and for auditors."""
    if actor.is_system or (person_uid and actor.resident_uid == person_uid):
        return AuditEvent.trail.filter(person_uid=person_uid).order_by("-occurred_at", "-id")
    return events_queryset(actor=actor).filter(person_uid=person_uid)


def events_queryset(*, actor: Actor) -> QuerySet[AuditEvent]:
    """What auditors and the security officer watch over; from the top of the tree also what belongs to no node."""
    rows = AuditEvent.trail.order_by("-occurred_at", "-id")
    if actor.is_system:
        return rows
    if not actor.may(Permission.READ):
        return rows.none()
    paths = actor.paths_with(Permission.READ)
    return rows if any(map(is_top, paths)) else rows.filter(_below(paths))


def _below(paths: Iterable[str]) -> Q:
    return reduce(or_, (Q(node_path__startswith=path) for path in paths), Q(pk__in=[]))


def search(*, actor: Actor, wanted: Search) -> QuerySet[AuditEvent]:
    """The rows that fit, newest first, for auditors and the security officer."""
    rows = events_queryset(actor=actor)
    if wanted.since:
        rows = rows.filter(occurred_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(occurred_at__lt=wanted.until)
    if wanted.actor:
        rows = rows.filter(actor_label__icontains=wanted.actor)
    if wanted.actor_kind:
        rows = rows.filter(actor_kind=wanted.actor_kind)
    if wanted.event:
        rows = rows.filter(event=wanted.event)
    elif wanted.room:
        rows = rows.filter(event__startswith=f"{wanted.room}:")
    if wanted.of:
        names = ("subject_number", "subject_uid", "person_uid", "actor_uid", "request_uid", "uid")
        rows = rows.filter(reduce(or_, (Q(**{name: wanted.of}) for name in names)))
    if wanted.paths is not None:
        rows = rows.filter(_below(wanted.paths))
    return rows


def older_than(rows: QuerySet[AuditEvent], *, uid: str) -> QuerySet[AuditEvent]:
    """Those of ``rows`` that come after the row ``uid`` on the page; all of them when there is no such row."""
    edge = AuditEvent.trail.filter(uid=uid).first() if uid else None
    if edge is None:
        return rows
    # The first condition alone lets the index begin at the edge.
    return rows.filter(occurred_at__lte=edge.occurred_at).exclude(
        occurred_at=edge.occurred_at, id__gte=edge.id
    )


def event_of(*, actor: Actor, uid: str) -> AuditEvent:
    """One row. Raises ``NotFound``."""
    found = events_queryset(actor=actor).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def place_of(*, event: AuditEvent) -> Place | None:
    """Where the row stands in the chain; ``None`` while it waits."""
    seal = AuditSeal.objects.filter(event_id=event.id).first()
    return Place(seal.sequence, bytes(seal.digest).hex(), seal.sealed_at) if seal else None


def reasons_of(*, events: Iterable[AuditEvent]) -> dict[str, str]:
    """The reasons given for these events, by the event's uid, in one query. What was shredded is not there."""
    halves = {event.uid: event.reason for event in events if event.reason}
    found = AuditShare.objects.filter(event_uid__in=halves) if halves else []
    return {
        one.event_uid: shares.join(halves[one.event_uid], one.sealed, event_uid=one.event_uid)
        for one in found
    }
