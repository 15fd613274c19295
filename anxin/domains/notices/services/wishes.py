"""How one person may be reached: said by them, or by a colleague on their behalf."""

from anxin.domains.notices.contracts import (
    CLOSABLE,
    AddressMissing,
    Channel,
    HoursHalf,
    NoWayLeft,
    SafeWayClosed,
    WishDraft,
)
from anxin.domains.notices.models import ContactWish
from anxin.domains.notices.policies import can_set_wish
from anxin.domains.residents import api as residents
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

HOUSE = Actor.system("notices")
_ADDRESSED = (Channel.WECHAT, Channel.EMAIL)


def set_wishes(*, actor: Actor, resident_uid: str, draft: WishDraft) -> ContactWish:
    """Keep how this person may be reached.

    Raises ``NoWayLeft``, ``SafeWayClosed``, ``AddressMissing``, ``HoursHalf``; ``NotFound`` for others' people.
    """
    with unit_of_work(HOUSE):
        person = residents.access_resident(actor=HOUSE, uid=resident_uid)
    if not can_set_wish(actor, resident_id=person.id, scope_path=person.scope_path):
        raise NotFound
    with unit_of_work(HOUSE):
        row = ContactWish.objects.select_for_update(of=("self",)).filter(resident_id=person.id).first()
        row = row or ContactWish(resident_id=person.id)
        row.scope_path = person.scope_path
        _check(draft, has_wechat=bool(row.wechat_openid))
        row.refused = sorted(one.value for one in CLOSABLE if one not in draft.open)
        row.agreed = sorted(one.value for one in _ADDRESSED if one in draft.open)
        row.safe_channel = draft.safe_channel.value if draft.safe_channel else ""
        row.safe_from, row.safe_until = draft.safe_from, draft.safe_until
        row.email = draft.email if Channel.EMAIL in draft.open else ""
        row.changed_at = clock.now()
        row.save()
    row.resident = person
    return row


def bind_wechat(*, actor: Actor, resident_uid: str, openid: str, subscriptions: int) -> ContactWish:
    """The person subscribed in the city's account: each subscription buys one message. For the house."""
    if not actor.is_system:
        raise NotPermitted
    person = residents.access_resident(actor=actor, uid=resident_uid)
    row = ContactWish.objects.select_for_update(of=("self",)).filter(resident_id=person.id).first()
    row = row or ContactWish(resident_id=person.id, scope_path=person.scope_path)
    row.wechat_openid, row.wechat_left = openid, row.wechat_left + subscriptions
    row.agreed = sorted({*row.agreed, Channel.WECHAT.value})
    row.refused = [one for one in row.refused if one != Channel.WECHAT]
    row.changed_at = clock.now()
    row.save()
    return row


def _check(draft: WishDraft, *, has_wechat: bool) -> None:
    if not draft.open & {Channel.SMS, Channel.VOICE}:
        raise NoWayLeft(field="open")
    if draft.safe_channel is not None and draft.safe_channel not in draft.open:
        raise SafeWayClosed(field="safe_channel")
    if Channel.EMAIL in draft.open and not draft.email:
        raise AddressMissing(field="email")
    if Channel.WECHAT in draft.open and not has_wechat:
        raise AddressMissing(field="open")
    if (draft.safe_from is None) != (draft.safe_until is None):
        raise HoursHalf(field="safe_until")
