"""The door of the linkages room."""

from anxin.domains.audit.api import pure
from anxin.domains.linkages import library, policies
from anxin.domains.linkages.selectors import (
    access_linkage,
    linkage_brief,
    linkages_queryset,
    own_calls,
    own_submissions,
)
from anxin.domains.linkages.services import (
    answer,
    begin,
    follow_moved_node,
    note_callback,
    record_climb,
    refuse,
    respond,
    withdraw,
)

can_answer = pure(policies.can_answer)
linkage_rules = pure(library.linkage_rules)

__all__ = [
    "access_linkage",
    "answer",
    "begin",
    "can_answer",
    "follow_moved_node",
    "linkage_brief",
    "linkage_rules",
    "linkages_queryset",
    "note_callback",
    "own_calls",
    "own_submissions",
    "record_climb",
    "refuse",
    "respond",
    "withdraw",
]
