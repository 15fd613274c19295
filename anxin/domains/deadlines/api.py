"""The door of the deadlines room."""

from anxin.domains.audit.api import pure
from anxin.domains.deadlines.rules import ladder
from anxin.domains.deadlines.selectors import (
    is_overdue_q,
    lock_clock,
    open_deadline_of,
    overdue,
    overdue_queryset,
    subjects_calling,
)
from anxin.domains.deadlines.services import cancel, climb_due, meet, pause, replace, resume, start

standing = pure(ladder.standing)
standing_of = pure(ladder.standing_of)
build_ladder = pure(ladder.build_ladder)
dump_ladder = pure(ladder.dump_ladder)
load_ladder = pure(ladder.load_ladder)

__all__ = [
    "build_ladder",
    "cancel",
    "climb_due",
    "dump_ladder",
    "is_overdue_q",
    "load_ladder",
    "lock_clock",
    "meet",
    "open_deadline_of",
    "overdue",
    "overdue_queryset",
    "pause",
    "replace",
    "resume",
    "standing",
    "standing_of",
    "start",
    "subjects_calling",
]
