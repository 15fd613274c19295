"""What a person is shown about the calls made for their sake: when, from where, how it was tried. Nothing clinical."""

from dataclasses import dataclass
from datetime import datetime

from anxin.domains.audit.api import query
from anxin.domains.risk.models import Warning
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to reach them."""

    tried_at: datetime
    channel: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody was asked to get in touch with the person."""

    uid: str
    number: str
    unit: str
    raised_at: datetime
    closed_at: datetime | None
    attempts: tuple[Attempt, ...]


@query()
def calls_about(*, actor: Actor, resident_id: int) -> list[Call]:
    """Every call for one person's sake, newest first: for the person, and for the house."""
    if not (actor.is_system or (actor.resident_id is not None and actor.resident_id == resident_id)):
        raise NotPermitted
    rows = (
        Warning.objects.filter(resident_id=resident_id)
        .select_related("unit")
        .prefetch_related("attempts")
        .order_by("-raised_at", "-id")
    )
    return [
        Call(
            uid=row.uid,
            number=row.number,
            unit=row.unit.name,
            raised_at=row.raised_at,
            closed_at=row.closed_at,
            attempts=tuple(
                Attempt(one.tried_at, one.channel, one.outcome)
                for one in sorted(row.attempts.all(), key=lambda one: one.tried_at)
            ),
        )
        for row in rows
    ]


@query()
def sittings_behind_warnings(*, actor: Actor, resident_id: int) -> frozenset[int]:
    """Which sittings a warning about this person rests on; who answers a warning must see why. For the house."""
    if not actor.is_system:
        raise NotPermitted
    rows = Warning.objects.filter(resident_id=resident_id, evaluation__isnull=False)
    return frozenset(rows.values_list("evaluation__sitting_id", flat=True))
