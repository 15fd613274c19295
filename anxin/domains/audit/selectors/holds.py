"""Whom the law holds."""

from django.db.models import QuerySet

from anxin.domains.audit.models import LegalHold
from anxin.kernel.actor import Actor


def held_people(*, actor: Actor) -> frozenset[str]:
    """The people (uid) of whom nothing may be destroyed now; for the house."""
    return frozenset(holds_queryset(actor=actor).values_list("person_uid", flat=True))


def holds_queryset(*, actor: Actor) -> QuerySet[LegalHold]:
    """The holds in force, the oldest first; for the house."""
    if not actor.is_system:
        return LegalHold.objects.none()
    return LegalHold.objects.filter(lifted_at__isnull=True).order_by("set_at", "id")
