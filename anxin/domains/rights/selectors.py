"""Reading requests, and what is withheld from whom."""

from django.db.models import Case, Count, DateTimeField, F, IntegerField, Q, QuerySet, Value, When

from anxin.domains.residents import api as residents
from anxin.domains.rights.contracts import RequestState, Viewer
from anxin.domains.rights.models import ProtectedEntry, SubjectRequest
from anxin.domains.rights.policies import (
    can_view_request,
    visible_protected,
    visible_requests,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted

ADULT_AGE = 18
RELEASED_SHOWN = 20


def requests_queryset(*, actor: Actor) -> QuerySet[SubjectRequest]:
    """Everything the actor may meet: what waits first, by the moment its next step is due, then the rest.

    ``next_due_at``: the receipt while nobody has proved who asks, the answer afterwards.
    """
    waits = Case(
        When(state=RequestState.CLOSED, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    due = Case(
        When(state=RequestState.REQUESTED, then=F("acknowledge_due_at")),
        default=F("decide_due_at"),
        output_field=DateTimeField(),
    )
    requests = SubjectRequest.objects.annotate(next_due_at=due)
    return visible_requests(actor, requests).order_by(waits, "next_due_at", "id")


def requests_waiting(*, actor: Actor) -> tuple[int, int]:
    """How many wait for the officer, and how many of them are late."""
    waiting = requests_queryset(actor=actor).filter(closed_at__isnull=True).order_by()
    late = Count("id", filter=Q(next_due_at__lte=clock.now()))
    found = waiting.aggregate(all=Count("id"), late=late)
    return found["all"], found["late"]


def access_request(*, actor: Actor, uid: str) -> SubjectRequest:
    """One request, after checking the right. Raises ``NotFound`` for others' as for none."""
    found = SubjectRequest.objects.filter(uid=uid).first()
    if found is None or not can_view_request(actor, found):
        raise NotFound
    return found


def own_requests(*, actor: Actor) -> list[SubjectRequest]:
    """What the person has asked for, newest first."""
    if actor.resident_id is None:
        return []
    return list(
        visible_requests(actor, SubjectRequest.objects.prefetch_related("entries")).order_by("-requested_at")
    )


def protected_entries(*, actor: Actor) -> list[ProtectedEntry]:
    """What is withheld now, for the officer; oldest first."""
    entries = ProtectedEntry.objects.filter(release__isnull=True).order_by("marked_at", "id")
    return list(visible_protected(actor, entries))


def released_entries(*, actor: Actor) -> list[ProtectedEntry]:
    """What was released, for the officer; the newest release first."""
    entries = ProtectedEntry.objects.filter(release__isnull=False).select_related("release")
    return list(visible_protected(actor, entries.order_by("-release__released_at", "-id"))[:RELEASED_SHOWN])


def released_uids(*, actor: Actor, resident_id: int) -> frozenset[str]:
    """The uids about this person that the officer has released. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    entries = ProtectedEntry.objects.filter(resident_id=resident_id, release__isnull=False)
    return frozenset(entries.values_list("subject_uid", flat=True))


def withheld_uids(*, actor: Actor, resident_id: int, viewer: Viewer | str) -> frozenset[str]:
    """The uids nobody may show to ``viewer`` about this person. For the house only, which asks before it shows.

    To a guardian nothing protective is shown before its release. Below 18 neither to the person: the guardian may
    hold the phone. To an adult nothing of their own is withheld.
    """
    if not actor.is_system:
        raise NotPermitted
    if Viewer(viewer) is Viewer.PERSON and not _is_minor(actor, resident_id):
        return frozenset()
    entries = ProtectedEntry.objects.filter(resident_id=resident_id, release__isnull=True)
    return frozenset(entries.values_list("subject_uid", flat=True))


def _is_minor(actor: Actor, resident_id: int) -> bool:
    person = residents.residents_queryset(actor=actor).get(id=resident_id)
    return person.born_on is not None and residents.age_on(person.born_on, clock.today()) < ADULT_AGE
