"""Periods as days of the city's calendar: the running one, the one before to compare with, the weeks of a chart."""

from datetime import date, timedelta

from anxin.domains.indicators.contracts import Days, PartOfDay, Period

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
EVENING_FROM, NIGHT_FROM, DAY_FROM = 18, 22, 8


def monday_of(day: date) -> date:
    """The Monday of that week."""
    return day - timedelta(days=day.weekday())


def period_until(period: Period, today: date) -> Days:
    """The running period, as far as it has come."""
    first = {
        Period.WEEK: monday_of(today),
        Period.MONTH: today.replace(day=1),
        Period.YEAR: today.replace(month=1, day=1),
    }[period]
    return Days(first, today)


def same_part_before(period: Period, days: Days) -> Days:
    """The same part of the period before: a half month is compared with a half month."""
    before = period_until(period, days.first - _DAY)
    return Days(before.first, min(before.first + (days.last - days.first), before.last))


def week_of(first: date) -> Days:
    """The week that begins on or holds ``first``."""
    monday = monday_of(first)
    return Days(monday, monday + _WEEK - _DAY)


def weeks_until(today: date, count: int) -> tuple[date, ...]:
    """The Mondays of the last ``count`` weeks, the running one last."""
    last = monday_of(today)
    return tuple(last - _WEEK * back for back in range(count - 1, -1, -1))


def part_of_day(hour: int) -> PartOfDay:
    """Day, evening or night of a local hour."""
    if DAY_FROM <= hour < EVENING_FROM:
        return PartOfDay.DAY
    return PartOfDay.EVENING if EVENING_FROM <= hour < NIGHT_FROM else PartOfDay.NIGHT
