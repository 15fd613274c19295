"""The door of the conversations room."""

from anxin.domains.audit.api import pure
from anxin.domains.conversations.rules import codes
from anxin.domains.conversations.selectors import (
    access_thread,
    messages_of,
    thread_by_code,
    threads_about,
    unread_count,
)
from anxin.domains.conversations.services import close, follow_moved_node, mark_read, open_thread, write

spelled = pure(codes.spelled)
normalised = pure(codes.normalised)

__all__ = [
    "access_thread",
    "close",
    "follow_moved_node",
    "mark_read",
    "messages_of",
    "normalised",
    "open_thread",
    "spelled",
    "thread_by_code",
    "threads_about",
    "unread_count",
    "write",
]
