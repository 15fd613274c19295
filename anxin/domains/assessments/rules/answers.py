"""Answers of a sitting: one more, and which critical rules it newly fires."""

from collections.abc import Sequence


def with_answer(answers: Sequence[int | None], *, item: int, value: int | None) -> list[int | None]:
    """A copy of ``answers`` with the question at place ``item`` (from 1) set, or left open again."""
    changed = list(answers)
    changed[item - 1] = value
    return changed


def newly_fired(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Critical rules in ``after`` that were not in ``before``."""
    return tuple(rule for rule in after if rule not in before)


def differing(first: Sequence[int | None], second: Sequence[int | None]) -> tuple[int, ...]:
    """The places (from 1) at which two entries of the same paper do not agree."""
    return tuple(
        place for place, (one, other) in enumerate(zip(first, second, strict=True), start=1) if one != other
    )
