"""Who reads which message: its receiver, and nobody else."""

from django.db.models import QuerySet

from anxin.domains.notices.models import Notice
from anxin.kernel.actor import Actor


def can_read_notice(actor: Actor, notice: Notice) -> bool:
    """The receiver."""
    if actor.is_system:
        return True
    if actor.is_staff:
        return actor.staff_id is not None and notice.staff_id == actor.staff_id
    return actor.resident_id is not None and notice.resident_id == actor.resident_id


def readable_notices(actor: Actor, notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """The same for many."""
    if actor.is_system:
        return notices
    if actor.is_staff and actor.staff_id is not None:
        return notices.filter(staff_id=actor.staff_id)
    if actor.resident_id is not None:
        return notices.filter(resident_id=actor.resident_id)
    return notices.none()
