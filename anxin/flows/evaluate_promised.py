"""Keeping the promise of the outbox: a sitting or a critical answer that was kept is evaluated, once or again."""

from typing import Any

from anxin.flows.evaluate_sitting import ANSWER, SUBMITTED, evaluate_sitting


def submitted(payload: dict[str, Any]) -> None:
    """A submitted sitting."""
    evaluate_sitting(sitting_uid=str(payload["sitting"]), occasion=SUBMITTED)


def critical_answer(payload: dict[str, Any]) -> None:
    """A critical answer before submission."""
    evaluate_sitting(sitting_uid=str(payload["sitting"]), occasion=ANSWER)
