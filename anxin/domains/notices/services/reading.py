"""Reading, following a node that moved, and forgetting."""

from anxin.domains.notices.contracts import WAITING, Channel, Forgotten, Outcome, Reach
from anxin.domains.notices.models import ContactWish, Message, Notice
from anxin.domains.notices.policies import can_read_notice, readable_notices
from anxin.domains.notices.services import reaching
from anxin.domains.notices.services.queueing import HOUSE
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotFound, NotPermitted
from anxin.kernel.paths import rebase
from anxin.kernel.unit_of_work import unit_of_work

AT_ONCE = 200


def mark_read(*, actor: Actor, uid: str) -> Notice:
    """The receiver has seen it. Marking twice keeps the first time."""
    # A notice is its receiver's wherever it comes from; the wall is drawn by places, so the house fetches it.
    with unit_of_work(HOUSE):
        notice = Notice.objects.select_for_update(of=("self",)).filter(uid=uid).first()
        if notice is None or not can_read_notice(actor, notice):
            raise NotFound
        _read(notice)
        return notice


def mark_all_read(*, actor: Actor) -> list[Notice] | None:
    """The receiver has seen their list, as far as it is shown; nothing when there was nothing new."""
    with unit_of_work(HOUSE):
        rows = readable_notices(actor, Notice.objects.filter(channel=Channel.IN_APP, read_at__isnull=True))
        if actor.is_system:
            raise NotPermitted
        notices = list(rows.select_for_update(of=("self",)).order_by("-queued_at", "-id")[:AT_ONCE])
        for notice in notices:
            _read(notice)
        return notices or None


def _read(notice: Notice) -> None:
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.outcome = Outcome.READ if notice.channel == Channel.IN_APP else notice.outcome
        notice.save(update_fields=["read_at", "outcome"])
        reaching.is_read(notice)


def forget_messages(*, actor: Actor, resident_id: int, person_uid: str) -> Forgotten | None:
    """Delete what was sent to one person, because they asked. What is still being tried stays. For the house.

    How they may be reached stays too, without the addresses: a way they closed must not open again.
    """
    if not actor.is_system:
        raise NotPermitted
    loose = Notice.objects.filter(resident_id=resident_id, message=None).exclude(outcome__in=WAITING)
    done = Message.objects.filter(resident_id=resident_id, state__in=(Reach.REACHED, Reach.SETTLED))
    count = loose.count() + Notice.objects.filter(message__in=done).count()
    loose.delete()
    done.delete()
    ContactWish.objects.filter(resident_id=resident_id).update(email="", wechat_openid="", wechat_left=0)
    return Forgotten(person_uid, count) if count else None


def follow_moved_node(*, actor: Actor, old_path: str, new_path: str) -> None:
    """A node of the tree moved: what is kept by its path moves with it. For the house only."""
    if not actor.is_system:
        raise NotPermitted
    for model in (Notice, Message, ContactWish):
        rebase(model.objects.all(), "scope_path", old=old_path, new=new_path)
