"""The override table of working days, and working time with it."""

from datetime import date, datetime, timedelta

from anxin.kernel import calendar
from anxin.kernel.models import WorkingDayOverride


def overrides() -> dict[date, bool]:
    """Days the administrator decided, whatever the library says."""
    return dict(WorkingDayOverride.objects.values_list("day", "is_working"))


def add_working_time(start: datetime, amount: timedelta) -> datetime:
    """``start`` plus ``amount`` of the city's office time."""
    return calendar.add_working_time(start, amount, overrides())
