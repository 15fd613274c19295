"""The door of the rights room."""

from anxin.domains.audit.api import command, pure, query
from anxin.domains.rights import library, policies, selectors, services

ask = command("rights:request:made")(services.ask)
verify_identity = command("rights:request:identity-verified")(services.verify_identity)
decide = command("rights:request:decided")(services.decide)
mark_fulfilled = command("rights:request:fulfilled")(services.mark_fulfilled)
take_back = command("rights:request:taken-back")(services.take_back)
note_copy = command("rights:copy:taken")(services.note_copy)
protect = command("rights:entry:protected")(services.protect)
release = command("rights:entry:released")(services.release)
follow_moved_node = command("rights:requests:moved")(services.follow_moved_node)

access_request = query("rights:request:viewed")(selectors.access_request)
own_requests = query()(selectors.own_requests)
protected_entries = query("rights:entries:viewed")(selectors.protected_entries)
released_entries = query("rights:entries:viewed")(selectors.released_entries)
released_uids = query()(selectors.released_uids)
requests_queryset = query()(selectors.requests_queryset)
requests_waiting = query()(selectors.requests_waiting)
withheld_uids = query()(selectors.withheld_uids)

officer = pure(policies.officer)
clocks = pure(library.clocks)
kinds_of_data = pure(library.kinds_of_data)

__all__ = [
    "access_request",
    "ask",
    "clocks",
    "decide",
    "follow_moved_node",
    "kinds_of_data",
    "mark_fulfilled",
    "note_copy",
    "officer",
    "own_requests",
    "protect",
    "protected_entries",
    "release",
    "released_entries",
    "released_uids",
    "requests_queryset",
    "requests_waiting",
    "take_back",
    "verify_identity",
    "withheld_uids",
]
