"""What a person is shown about the plan to support them: that it exists, where, since when. No note, no level."""

from dataclasses import dataclass
from datetime import datetime

from anxin.domains.audit.api import query
from anxin.domains.cases.models import Case
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Support:
    """One support plan."""

    uid: str
    number: str
    unit: str
    opened_at: datetime
    closed_at: datetime | None


@query()
def support_of(*, actor: Actor, resident_id: int) -> list[Support]:
    """Every support plan of one person, newest first: for the person, and for the house."""
    if not (actor.is_system or (actor.resident_id is not None and actor.resident_id == resident_id)):
        raise NotPermitted
    rows = Case.objects.filter(resident_id=resident_id).select_related("unit").order_by("-opened_at", "-id")
    return [
        Support(
            uid=row.uid,
            number=row.number,
            unit=row.unit.name,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )
        for row in rows
    ]
