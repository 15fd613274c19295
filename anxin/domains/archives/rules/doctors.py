"""The term of a family doctor's contract."""

from datetime import date


def in_force(day: date, *, starts_on: date, ends_on: date) -> bool:
    """From the first day through the last."""
    return starts_on <= day <= ends_on
