"""Roles are confirmed once a year, and links end. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


class GrantLimitsUnreadable(ValueError):
    """The data file does not make sense."""


@dataclass(frozen=True, slots=True)
class GrantLimits:
    """How long a role lasts unconfirmed, when that is said, and how long links work."""

    lasts: timedelta
    warn_days: tuple[int, ...]
    invitation: timedelta
    recovery: timedelta


def read_grant_limits(data: Mapping[str, Any]) -> GrantLimits:
    """Raises ``GrantLimitsUnreadable``."""
    try:
        found = GrantLimits(
            lasts=timedelta(days=data["yearly"]["days"]),
            warn_days=tuple(sorted(data["yearly"]["warn_days"], reverse=True)),
            invitation=timedelta(days=data["links"]["invitation_days"]),
            recovery=timedelta(hours=data["links"]["recovery_hours"]),
        )
    except (KeyError, TypeError) as error:
        raise GrantLimitsUnreadable(str(error)) from error
    if not found.warn_days or not timedelta() < timedelta(days=found.warn_days[0]) < found.lasts:
        raise GrantLimitsUnreadable("yearly: warnings come before the end")
    return found


def last_day(confirmed_on: date, limits: GrantLimits) -> date:
    """The last day on which a role confirmed on a day is in force; it stops at the midnight after."""
    return confirmed_on + limits.lasts


def oldest_in_force(today: date, limits: GrantLimits) -> date:
    """A role confirmed on this day or later is in force today."""
    return today - limits.lasts


def warning_due(confirmed_on: date, today: date, limits: GrantLimits) -> int | None:
    """Which warning is due, in days before the end: the latest that has come; none too early and none too late."""
    left = (last_day(confirmed_on, limits) - today).days
    due = [days for days in limits.warn_days if left <= days]
    return min(due) if due and left >= 0 else None
