"""Reading a conversation."""

from collections.abc import Sequence

from anxin.domains.audit.api import query
from anxin.domains.conversations.contracts import Side, ThreadNotFound
from anxin.domains.conversations.models import Message, Thread
from anxin.domains.conversations.policies import threads_open_to
from anxin.domains.conversations.rules.codes import normalised
from anxin.kernel.actor import Actor
from anxin.kernel.crypto import blind_index

CODE_PURPOSE = "chat code"


@query()
def thread_by_code(*, actor: Actor, code: str) -> Thread:
    """The conversation a code opens. The code is the key, so only the house asks. Raises ``ThreadNotFound``."""
    meant = normalised(code)
    found = (
        Thread.objects.filter(code_index=blind_index(meant, purpose=CODE_PURPOSE)).first() if meant else None
    )
    if found is None or not actor.is_system:
        raise ThreadNotFound
    return found


@query("conversations:thread:read")
def access_thread(*, actor: Actor, thread_id: int) -> Thread:
    """The conversation, read by staff; the look is recorded. Raises ``ThreadNotFound``."""
    found = threads_open_to(actor, Thread.objects.all()).filter(id=thread_id).first()
    if found is None:
        raise ThreadNotFound
    return found


@query()
def messages_of(*, actor: Actor, thread: Thread, after: int = 0) -> Sequence[Message]:
    """What was written after number ``after``, in order."""
    return list(thread.messages.filter(seq__gt=after).select_related("staff", "thread").order_by("seq"))


@query()
def unread_count(*, actor: Actor, thread_id: int, side: Side) -> int:
    """How many messages of the other side this side has not seen."""
    thread = threads_open_to(actor, Thread.objects.all()).filter(id=thread_id).first()
    if thread is None:
        return 0
    seen = thread.staff_read_seq if side is Side.STAFF else thread.person_read_seq
    return thread.messages.filter(seq__gt=seen).exclude(side=side).count()


@query()
def threads_about(*, actor: Actor, resident_ids: Sequence[int]) -> list[Thread]:
    """When these people talked with the house, as far as the actor may read it; nothing of what was said."""
    found = threads_open_to(actor, Thread.objects.all()).filter(resident_id__in=resident_ids)
    return list(found.order_by("-opened_at", "-id"))
