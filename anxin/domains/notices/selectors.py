"""Reading messages."""

from django.utils.translation import get_language

from anxin.domains.notices.contracts import Channel, Lane, Outcome, SentNotice, UnreadNotice
from anxin.domains.notices.library import template
from anxin.domains.notices.models import Notice
from anxin.domains.notices.policies import readable_notices
from anxin.domains.notices.rules.wording import render
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

LISTED = 50


def unread_for(*, actor: Actor) -> list[UnreadNotice]:
    """The actor's unread list, newest first."""
    rows = readable_notices(
        actor, Notice.objects.filter(channel=Channel.IN_APP, read_at__isnull=True)
    ).order_by("-queued_at", "-id")[:LISTED]
    language = get_language() or "zh"
    return [
        UnreadNotice(
            uid=row.uid,
            template=row.template,
            text=render(template(row.template), row.params, language),
            queued_at=row.queued_at,
        )
        for row in rows
    ]


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
    waiting = Notice.objects.filter(
        channel=Channel.SMS, lane=lane, outcome__in=(Outcome.QUEUED, Outcome.SENDING)
    )
    return actor.is_system and waiting.exists()
