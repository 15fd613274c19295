"""Reading messages, who was not reached, how a person may be reached, and what it cost."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import get_language

from anxin.domains.notices.contracts import (
    CARRIED,
    WAITING,
    Channel,
    Lane,
    Quota,
    Reach,
    SentNotice,
    UnreadNotice,
)
from anxin.domains.notices.library import orders, template
from anxin.domains.notices.models import ContactWish, Message, Notice, QuotaUse
from anxin.domains.notices.policies import can_set_wish, followed_messages, readable_notices, visible_uses
from anxin.domains.notices.rules.wording import render
from anxin.domains.residents import api as residents
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

LISTED = 50
_HOUSE = Actor.system("notices")


@dataclass(frozen=True, slots=True)
class UseLine:
    """What one unit spent on one channel in a month."""

    unit: str
    channel: Channel
    used: int
    used_for_safety: int
    quota: Quota | None


def unread_for(*, actor: Actor) -> list[UnreadNotice]:
    """The actor's unread list, newest first."""
    return _listed(actor, Notice.objects.filter(channel=Channel.IN_APP, read_at__isnull=True))


def notices_for(*, actor: Actor) -> list[UnreadNotice]:
    """The actor's list, read and unread, newest first."""
    return _listed(actor, Notice.objects.filter(channel=Channel.IN_APP))


def unread_count(*, actor: Actor) -> int:
    """For the bell."""
    rows = Notice.objects.filter(channel=Channel.IN_APP, read_at__isnull=True)
    if actor.is_system:
        return 0
    with unit_of_work(_HOUSE):
        return readable_notices(actor, rows).count()


def sent_to_person(*, actor: Actor, resident_id: int, language: str = "zh") -> list[SentNotice]:
    """Every message to one person, newest first: for the person, and for the house."""
    if not (actor.is_system or (actor.resident_id is not None and actor.resident_id == resident_id)):
        raise NotPermitted
    rows = Notice.objects.filter(resident_id=resident_id).order_by("-queued_at", "-id")
    return [
        SentNotice(
            uid=row.uid,
            text=render(template(row.template), row.params, language),
            queued_at=row.queued_at,
            sent_at=row.sent_at,
        )
        for row in rows
    ]


def is_waiting(*, actor: Actor, lane: Lane) -> bool:
    """Whether a message of ``lane`` is still to be sent, now or after a pause. For the house."""
    return next_try_at(actor=actor, lane=lane) is not None


def next_try_at(*, actor: Actor, lane: Lane) -> datetime | None:
    """When the next message of ``lane`` may be sent, if any waits. For the house."""
    waiting = Notice.objects.filter(channel__in=CARRIED, lane=lane, outcome__in=WAITING)
    first = waiting.order_by("next_try_at").values_list("next_try_at", flat=True).first()
    return first if actor.is_system else None


def is_ended(*, actor: Actor, uid: str) -> bool:
    """Whether the person was reached after all, or somebody took care of them. For the house."""
    if not actor.is_system:
        raise NotPermitted
    return not Message.objects.filter(uid=uid, state__in=(Reach.TRYING, Reach.UNREACHED)).exists()


def unreached_queryset(*, actor: Actor) -> QuerySet[Message]:
    """Who was not reached and whom nobody has taken care of yet: what cannot wait first, then the longest waiting."""
    rows = (
        Message.objects.filter(state=Reach.UNREACHED)
        .select_related("staff", "resident", "settled_by")
        .prefetch_related("attempts")
    )
    return followed_messages(actor, rows).order_by("-lane", "ended_at", "id")


def unreached_count(*, actor: Actor) -> int:
    """For the menu."""
    return followed_messages(actor, Message.objects.filter(state=Reach.UNREACHED)).count()


def access_message(*, actor: Actor, uid: str) -> Message:
    """One that was not reached, with everything that was tried. Raises ``NotFound``."""
    ended = Message.objects.filter(state__in=(Reach.UNREACHED, Reach.SETTLED))
    rows = ended.select_related("staff", "resident", "settled_by").prefetch_related("attempts")
    found = followed_messages(actor, rows).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def settled_queryset(*, actor: Actor) -> QuerySet[Message]:
    """What colleagues did about those who were not reached, newest first."""
    rows = (
        Message.objects.filter(state=Reach.SETTLED)
        .select_related("staff", "resident", "settled_by")
        .prefetch_related("attempts")
    )
    return followed_messages(actor, rows).order_by("-settled_at", "-id")


def wishes_of_person(*, actor: Actor, resident_uid: str) -> ContactWish:
    """How one person may be reached; what holds for everybody when they said nothing. Raises ``NotFound``."""
    with unit_of_work(_HOUSE):
        person = residents.access_resident(actor=_HOUSE, uid=resident_uid)
        if not can_set_wish(actor, resident_id=person.id, scope_path=person.scope_path):
            raise NotFound
        row = ContactWish.objects.filter(resident_id=person.id).first()
    row = row or ContactWish(resident_id=person.id, scope_path=person.scope_path)
    row.resident = person
    return row


def uses_in(*, actor: Actor, month: date) -> list[UseLine]:
    """What the units the actor answers for spent in a month, the most first."""
    rows = QuotaUse.objects.filter(month=month).select_related("unit")
    quotas = orders().quotas
    return [
        UseLine(
            row.unit.name,
            Channel(row.channel),
            row.used,
            row.used_for_safety,
            quotas.get(Channel(row.channel)),
        )
        for row in visible_uses(actor, rows).order_by("-used", "unit__name", "channel")[:500]
    ]


def _listed(actor: Actor, rows: QuerySet[Notice]) -> list[UnreadNotice]:
    """A notice is its receiver's wherever it comes from; the wall is drawn by places, so the house fetches it."""
    with unit_of_work(_HOUSE):
        found = readable_notices(actor, rows).select_related("message").order_by("-queued_at", "-id")[:LISTED]
        language = get_language() or "zh"
        return [
            UnreadNotice(
                uid=row.uid,
                template=row.template,
                text=render(template(row.template), row.params, language),
                queued_at=row.queued_at,
                is_read=row.read_at is not None,
                subject_kind=row.message.subject_kind if row.message else "",
                subject_uid=row.message.subject_uid if row.message else "",
            )
            for row in found
        ]
