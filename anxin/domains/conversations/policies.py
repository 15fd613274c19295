"""Who may read and write in a conversation. Default no; what a thread hangs on (a warning) is asked by its own room."""

from django.db.models import QuerySet

from anxin.domains.conversations.models import Thread
from anxin.kernel.actor import Actor


def can_take_part(actor: Actor, thread: Thread) -> bool:
    """The person whose thread it is, the house, and staff at a node above it who meet named people at all."""
    if actor.is_system:
        return True
    if actor.resident_id is not None:
        return thread.resident_id == actor.resident_id
    return actor.is_staff and any(thread.scope_path.startswith(path) for path in actor.identified_paths)


def threads_open_to(actor: Actor, threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """The same for many."""
    if actor.is_system:
        return threads
    if actor.resident_id is not None:
        return threads.filter(resident_id=actor.resident_id)
    if not actor.is_staff:
        return threads.none()
    found = threads.none()
    for path in actor.identified_paths:
        found = found | threads.filter(scope_path__startswith=path)
    return found
