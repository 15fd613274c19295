"""The door of the notices room."""

from anxin.domains.audit.api import command, pure, query
from anxin.domains.notices import library, selectors
from anxin.domains.notices.rules import wording
from anxin.domains.notices.services import (
    queueing,
    quotas,
    reaching,
    reading,
    receipts,
    sending,
    wishes,
)

bind_wechat = command("notices:wechat:bound")(wishes.bind_wechat)
carry_on = command("notices:messages:carried-on", silent_on_none=True)(reaching.carry_on)
end_taken_over = command("notices:messages:taken-over", silent_on_none=True)(reaching.end_taken_over)
follow_moved_node = command("notices:notices:moved")(reading.follow_moved_node)
forget_messages = command("notices:messages:forgotten", silent_on_none=True)(reading.forget_messages)
mark_all_read = command("notices:notices:read", silent_on_none=True)(reading.mark_all_read)
mark_raised = command("notices:messages:raised")(reaching.mark_raised)
mark_read = command("notices:notice:read")(reading.mark_read)
queue = command("notices:notice:queued")(queueing.queue)
reach = command("notices:message:promised")(reaching.reach)
send_due = command("notices:notice:sent")(sending.send_due)
set_wishes = command("notices:wishes:changed")(wishes.set_wishes)
settle = command("notices:message:settled")(reaching.settle)
take_receipts = command("notices:receipts:taken")(receipts.take_receipts)
text_now = command("notices:text:sent")(queueing.text_now)

access_message = query("notices:message:viewed")(selectors.access_message)
is_ended = query()(selectors.is_ended)
is_waiting = query()(selectors.is_waiting)
next_try_at = query()(selectors.next_try_at)
notices_for = query()(selectors.notices_for)
sent_to_person = query()(selectors.sent_to_person)
settled_queryset = query()(selectors.settled_queryset)
to_raise = query()(reaching.to_raise)
unread_count = query()(selectors.unread_count)
unread_for = query()(selectors.unread_for)
unreached_count = query()(selectors.unreached_count)
unreached_queryset = query()(selectors.unreached_queryset)
uses_in = query()(selectors.uses_in)
wishes_of_person = query("notices:wishes:viewed")(selectors.wishes_of_person)

quota_month = pure(quotas.this_month)
render = pure(wording.render)
template = pure(library.template)

__all__ = [
    "access_message",
    "bind_wechat",
    "carry_on",
    "end_taken_over",
    "follow_moved_node",
    "forget_messages",
    "is_ended",
    "is_waiting",
    "mark_all_read",
    "mark_raised",
    "mark_read",
    "next_try_at",
    "notices_for",
    "queue",
    "quota_month",
    "reach",
    "render",
    "send_due",
    "sent_to_person",
    "set_wishes",
    "settle",
    "settled_queryset",
    "take_receipts",
    "template",
    "text_now",
    "to_raise",
    "unreached_count",
    "unreached_queryset",
    "unread_count",
    "unread_for",
    "uses_in",
    "wishes_of_person",
]
