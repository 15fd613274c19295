"""Answers of a sitting: what is missing, and which critical rules an answer newly fires."""

from collections.abc import Sequence


def missing_items(answers: Sequence[int | None]) -> tuple[int, ...]:
    """Numbers (from 1) of the questions without an answer."""
    return tuple(number for number, value in enumerate(answers, start=1) if value is None)


def with_answer(answers: Sequence[int | None], *, item: int, value: int) -> list[int | None]:
    """A copy of ``answers`` with question ``item`` (from 1) set."""
    changed = list(answers)
    changed[item - 1] = value
    return changed


def newly_fired(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Critical rules in ``after`` that were not in ``before``."""
    return tuple(rule for rule in after if rule not in before)
