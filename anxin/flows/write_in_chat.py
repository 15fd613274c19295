"""A message in a conversation that began with 让人联系我.

What the person writes is an event on their warning: whoever holds it is called, one that was assessed already asks to
be taken over anew, and one that had ended makes a new one. No message waits where nobody looks.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from anxin.domains.conversations import api as conversations
from anxin.domains.conversations.contracts import Side, ThreadNotFound
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Permission
from anxin.flows.raise_warning import raise_from
from anxin.flows.request_contact import SYSTEM, alert_of
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.conversations.models import Message, Thread

WROTE: dict[str, object] = {
    "code": "wrote_in_chat",
    "message": "There is a new message from this person.",
    "params": {},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message to show. ``who`` is the name of staff in their office, empty for the person asking."""

    who: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation as one side sees it."""

    thread: "Thread"
    messages: tuple["Message", ...]

    @property
    def lines(self) -> list[Line]:
        """What was written, oldest first."""
        return [
            Line(who=one.staff.name if one.staff else "", text=one.text, at=one.sent_at)
            for one in self.messages
        ]


def read_with_code(*, code: str) -> Talk:
    """The conversation a code opens; what is shown counts as read. Raises ``ThreadNotFound``."""
    with unit_of_work(SYSTEM):
        thread = conversations.thread_by_code(actor=SYSTEM, code=code)
        return _read(SYSTEM, thread, Side.PERSON)


def write_with_code(*, code: str, text: str, client_uid: str) -> "Message":
    """The person writes. Raises ``ThreadNotFound``, ``MessageEmpty``, ``MessageTooLong``, ``ThreadClosed``."""
    with unit_of_work(SYSTEM):
        thread = conversations.thread_by_code(actor=SYSTEM, code=code)
        unread = conversations.unread_count(actor=SYSTEM, thread_id=thread.id, side=Side.STAFF)
        message = conversations.write(
            actor=SYSTEM, thread_id=thread.id, text=text, client_uid=client_uid, side=Side.PERSON
        )
        # While earlier ones are unread somebody has been called already; each call of its own would only be noise.
        if unread == 0:
            request = risk.contact_request_of(actor=SYSTEM, thread_id=thread.id)
            alert = alert_of(request, f"chat-{message.uid}:written")
            raise_from(actor=SYSTEM, alert=replace(alert, reasons=(WROTE,)))
        return message


def read_for_warning(*, actor: Actor, warning_uid: str) -> Talk | None:
    """The conversation behind a warning, for whoever may read its content; ``None`` when there is none.

    What is shown counts as read only for somebody who may act on it: a reader who cannot answer silences no call.
    """
    with unit_of_work(actor):
        warning = risk.warning_brief(actor=actor, uid=warning_uid)
        thread_id = warning.contact_request.thread_id if warning.contact_request else None
        if thread_id is None or not risk.may_on_warning(actor, Permission.READ, warning):
            return None
        thread = conversations.access_thread(actor=actor, thread_id=thread_id)
        side = Side.STAFF if risk.may_on_warning(actor, Permission.ACT, warning) else None
        return _read(actor, thread, side)


def answer_on_warning(*, actor: Actor, warning_uid: str, text: str, client_uid: str) -> "Message":
    """Staff write back. Raises ``NotPermitted``, ``ThreadNotFound`` and what writing itself refuses."""
    with unit_of_work(actor):
        warning = risk.warning_brief(actor=actor, uid=warning_uid)
        if not risk.may_on_warning(actor, Permission.ACT, warning):
            raise NotPermitted
        thread_id = warning.contact_request.thread_id if warning.contact_request else None
        if thread_id is None:
            raise ThreadNotFound
        return conversations.write(
            actor=actor, thread_id=thread_id, text=text, client_uid=client_uid, side=Side.STAFF
        )


def _read(actor: Actor, thread: "Thread", side: Side | None) -> Talk:
    messages = tuple(conversations.messages_of(actor=actor, thread=thread))
    if side is not None and messages:
        conversations.mark_read(actor=actor, thread_id=thread.id, side=side, seq=messages[-1].seq)
    return Talk(thread, messages)
