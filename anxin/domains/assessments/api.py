"""The door of the assessments room."""

from anxin.domains.assessments.selectors import (
    access_sitting,
    anonymous_total,
    answer_given,
    own_sitting,
    own_sittings,
    previous_total,
    sitting_for_evaluation,
    unevaluated_uids,
)
from anxin.domains.assessments.services import (
    count_anonymous,
    discard_sitting,
    follow_moved_node,
    mark_evaluated,
    save_answer,
    start_sitting,
    submit_sitting,
)

__all__ = [
    "access_sitting",
    "anonymous_total",
    "answer_given",
    "count_anonymous",
    "discard_sitting",
    "follow_moved_node",
    "mark_evaluated",
    "own_sitting",
    "own_sittings",
    "previous_total",
    "save_answer",
    "sitting_for_evaluation",
    "start_sitting",
    "submit_sitting",
    "unevaluated_uids",
]
