"""The override table of working days, and working time with it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from anxin.kernel import calendar
from anxin.kernel.models import WorkingDayOverride


def overrides() -> dict[date, bool]:
    """Days the administrator decided, whatever the library says."""
    return dict(WorkingDayOverride.objects.values_list("day", "is_working"))


def reckoner() -> Callable[[datetime, timedelta], datetime]:
    """:func:`add_working_time` for all the spans of one step: the table is read once, and only if a span asks."""
    known: dict[date, bool] | None = None

    def add(start: datetime, amount: timedelta) -> datetime:
        nonlocal known
        known = overrides() if known is None else known
        return calendar.add_working_time(start, amount, known)

    return add


def add_working_time(start: datetime, amount: timedelta) -> datetime:
    """``start`` plus ``amount`` of the city's office time."""
    return calendar.add_working_time(start, amount, overrides())
