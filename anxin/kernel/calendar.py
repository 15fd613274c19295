"""Working days and working hours of the city.

The public holidays and the make-up working days of the State Council come from ``chinesecalendar``. The library knows
the years announced so far and refuses later ones; beyond it Monday to Friday counts as working, unless the override
table (:mod:`anxin.kernel.working_days`, kept by the administrator) says otherwise. ``anxin doctor`` warns in time.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import chinese_calendar
from chinese_calendar import constants

from anxin.kernel import clock

DAY_STARTS = time(8, 30)
DAY_ENDS = time(17, 30)
_WORKING_SECONDS = 9 * 3600


def covered_until() -> date:
    """The last day the holiday library knows."""
    return date(max(day.year for day in constants.holidays), 12, 31)


def is_working_day(day: date, overrides: Mapping[date, bool] | None = None) -> bool:
    """Whether offices work on ``day``; an override wins, then the library, then Monday to Friday."""
    if overrides and day in overrides:
        return overrides[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def add_working_time(
    start: datetime, amount: timedelta, overrides: Mapping[date, bool] | None = None
) -> datetime:
    """``start`` plus ``amount`` of office time (8:30 to 17:30 of working days), as an aware moment.

    One working day is nine office hours here; see :func:`working_days`.
    """
    moment, left = clock.local(start), amount
    for _ in range(4000):
        opens = datetime.combine(moment.date(), DAY_STARTS, clock.LOCAL)
        closes = datetime.combine(moment.date(), DAY_ENDS, clock.LOCAL)
        if is_working_day(moment.date(), overrides) and moment < closes:
            begin = max(moment, opens)
            if begin + left <= closes:
                return (begin + left).astimezone(start.tzinfo)
            left -= closes - begin
        moment = datetime.combine(moment.date() + timedelta(days=1), time(0), clock.LOCAL)
    raise ValueError("no working day within ten years")


def working_days(count: float) -> timedelta:
    """The office time of ``count`` working days, to pass to :func:`add_working_time`."""
    return timedelta(seconds=_WORKING_SECONDS * count)
