"""Reading the trail."""

from django.db.models import QuerySet

from anxin.domains.audit.contracts import Permission
from anxin.domains.audit.models import AuditEvent
from anxin.kernel.actor import Actor


def trail_of_person(*, actor: Actor, person_uid: str) -> QuerySet[AuditEvent]:
    """Who did or read what about one person, newest first: for the person, and for auditors."""
    trail = AuditEvent.objects.filter(person_uid=person_uid).order_by("-occurred_at", "-id")
    if actor.is_system or (person_uid and actor.resident_uid == person_uid) or actor.may(Permission.READ):
        return trail
    return trail.none()


def events_queryset(*, actor: Actor) -> QuerySet[AuditEvent]:
    """The whole trail, for auditors and the security officer."""
    trail = AuditEvent.objects.order_by("-occurred_at", "-id")
    return trail if actor.may(Permission.READ) else trail.none()
