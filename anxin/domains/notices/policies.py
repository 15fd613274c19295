"""Who reads which message, who takes care of somebody not reached, who says how a person may be reached."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from anxin.domains.notices.contracts import Permission
from anxin.domains.notices.models import ContactWish, Message, Notice, QuotaUse
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


def can_follow_up(actor: Actor, message: Message) -> bool:
    """Those who answer warnings where the message belongs, or above."""
    return actor.may(Permission.FOLLOW_UP, at=message.scope_path)


def followed_messages(actor: Actor, messages: QuerySet[Message]) -> QuerySet[Message]:
    """The same for many."""
    if actor.is_system:
        return messages
    rules = [Q(scope_path__startswith=path) for path in actor.paths_with(Permission.FOLLOW_UP)]
    return messages.filter(reduce(or_, rules)) if rules else messages.none()


def can_set_wish(actor: Actor, *, resident_id: int, scope_path: str) -> bool:
    """The person, and those who keep archives where the person belongs. The default is no."""
    if actor.is_staff:
        return actor.may(Permission.SET_CONTACT, at=scope_path)
    return actor.is_system or actor.resident_id == resident_id


def can_view_wish(actor: Actor, wish: ContactWish) -> bool:
    """Whoever may change it."""
    return can_set_wish(actor, resident_id=wish.resident_id, scope_path=wish.scope_path)


def can_view_use(actor: Actor, use: QuotaUse) -> bool:
    """Those who answer for what a unit spends."""
    return actor.may(Permission.VIEW_QUOTA, at=use.unit.path)


def visible_uses(actor: Actor, uses: QuerySet[QuotaUse]) -> QuerySet[QuotaUse]:
    """The same for many."""
    if actor.is_system:
        return uses
    rules = [Q(unit__path__startswith=path) for path in actor.paths_with(Permission.VIEW_QUOTA)]
    return uses.filter(reduce(or_, rules)) if rules else uses.none()
