"""The numbers of access outside the ordinary, and what follows from them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from anxin.domains.access.contracts import ExportState


@dataclass(frozen=True, slots=True)
class Limits:
    """The data file, read."""

    window: timedelta
    review_within: timedelta
    lends: frozenset[str]
    confirm_below_age: int
    confirmed_for: timedelta
    most_without_approval: int
    export_life: timedelta


class LimitsUnreadable(ValueError):
    """The data file does not make sense; the message says where."""


def read_limits(data: Mapping[str, Any]) -> Limits:
    """The limits of the data file. Raises ``LimitsUnreadable``."""
    try:
        found = Limits(
            window=timedelta(minutes=data["break_glass"]["minutes"]),
            review_within=timedelta(hours=data["break_glass"]["review_hours"]),
            lends=frozenset(data["break_glass"]["lends"]),
            confirm_below_age=data["confirmation"]["below_age"],
            confirmed_for=timedelta(minutes=data["confirmation"]["minutes"]),
            most_without_approval=data["exports"]["most_without_approval"],
            export_life=timedelta(hours=data["exports"]["hours"]),
        )
    except (KeyError, TypeError) as error:
        raise LimitsUnreadable(f"openings.yaml: {error}") from error
    times = (found.window, found.review_within, found.confirmed_for, found.export_life)
    if min(times) <= timedelta(0) or found.most_without_approval < 0:
        raise LimitsUnreadable("openings.yaml: a time or a limit is not positive")
    return found


def lent(held: Collection[str], lends: Collection[str]) -> frozenset[str]:
    """What is lent to somebody who holds ``held`` at a place of their own: the place is lifted, not the right."""
    return frozenset(held) & frozenset(lends)


def asks_confirmation(born_on: date | None, on: date, below: int, *, by_school: bool = False) -> bool:
    """Whether somebody's protected content asks for one more step.

    An unknown date of birth makes nobody a child, except where a school asks: there everybody is a pupil until known
    to be of age.
    """
    if born_on is None:
        return by_school
    return (on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))) < below


def export_state(
    *,
    needs_approval: bool,
    decided: bool | None,
    taken: bool,
    expires_at: datetime,
    at: datetime,
) -> ExportState:
    """Where an export stands. ``decided`` is None until somebody said yes or no."""
    if taken:
        return ExportState.TAKEN
    if decided is False:
        return ExportState.REFUSED
    if at >= expires_at:
        return ExportState.EXPIRED
    if needs_approval and decided is None:
        return ExportState.WAITING
    return ExportState.READY
