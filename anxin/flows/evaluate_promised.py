"""Keeping the promise of the outbox: a sitting or a critical answer that was kept is evaluated, once or again."""

from typing import Any

from anxin.flows.evaluate_sitting import evaluate_answer, evaluate_sitting


def submitted(payload: dict[str, Any]) -> None:
    """A submitted sitting."""
    evaluate_sitting(sitting_uid=str(payload["sitting"]))


def critical_answer(payload: dict[str, Any]) -> None:
    """A critical answer before submission."""
    evaluate_answer(sitting_uid=str(payload["sitting"]), entry_id=int(payload["entry"]))
