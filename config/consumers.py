"""Which flow carries out which promise of the outbox. The only place where a topic meets its consumer."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

CONSUMERS: dict[str, str] = {
    "assessments.sitting_submitted": "anxin.flows.evaluate_promised.submitted",
    "cases.cover_changed": "anxin.flows.hand_over_cases.follow_cover",
    "network.posting_ended": "anxin.flows.follow_ended_posting.follow_ended_posting",
    "network.unit_moved": "anxin.flows.follow_moved_unit.follow_moved_unit",
    "assessments.critical_answer": "anxin.flows.evaluate_promised.critical_answer",
}


def consumer(topic: str) -> Callable[[dict[str, Any]], None]:
    """The function for ``topic``. Raises ``KeyError`` for a topic nobody consumes."""
    module, _, name = CONSUMERS[topic].rpartition(".")
    found: Callable[[dict[str, Any]], None] = getattr(import_module(module), name)
    return found
