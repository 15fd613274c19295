"""The door of the notices room."""

from anxin.domains.audit.api import command, query
from anxin.domains.notices import selectors, services

queue = command("notices:notice:queued")(services.queue)
follow_moved_node = command("notices:notices:moved")(services.follow_moved_node)
forget_messages = command("notices:messages:forgotten", silent_on_none=True)(services.forget_messages)
send_due = command("notices:notice:sent")(services.send_due)
text_now = command("notices:text:sent")(services.text_now)
mark_read = command("notices:notice:read")(services.mark_read)

is_waiting = query()(selectors.is_waiting)
sent_to_person = query()(selectors.sent_to_person)
unread_for = query()(selectors.unread_for)

__all__ = [
    "follow_moved_node",
    "forget_messages",
    "is_waiting",
    "mark_read",
    "queue",
    "send_due",
    "sent_to_person",
    "text_now",
    "unread_for",
]
