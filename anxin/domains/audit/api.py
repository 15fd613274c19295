"""The door of the audit room. ``command``, ``query`` and ``pure`` are the marks of every other door."""

from anxin.domains.audit import selectors, services
from anxin.domains.audit.contracts import Subject
from anxin.domains.audit.marks import command, pure, query, writes_the_trail

record = writes_the_trail(services.record)
trail_of_person = query()(selectors.trail_of_person)
events_queryset = query()(selectors.events_queryset)

__all__ = ["Subject", "command", "events_queryset", "pure", "query", "record", "trail_of_person"]
