"""Working days, also in years that nobody has announced yet."""

from datetime import date, datetime, timedelta

import pytest

from anxin.kernel.calendar import add_working_time, covered_until, is_working_day, working_days
from anxin.kernel.clock import LOCAL


def _at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # national day
        (date(2026, 11, 21), False),  # an ordinary Saturday
        (date(2026, 11, 24), True),  # an ordinary Tuesday
        (date(2026, 1, 4), True),  # a Sunday worked for the new year's holiday
    ],
)
def test_holidays_and_make_up_days_of_an_announced_year(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_beyond_the_announced_years_monday_to_friday_count() -> None:
    beyond = covered_until() + timedelta(days=1)
    week = [beyond + timedelta(days=offset) for offset in range(7)]
    assert [is_working_day(day) for day in week] == [day.weekday() < 5 for day in week]


def test_an_override_wins_over_library_and_fallback() -> None:
    overrides = {date(2026, 11, 24): False, date(2027, 10, 1): False, date(2027, 10, 9): True}
    assert not is_working_day(date(2026, 11, 24), overrides)
    assert not is_working_day(date(2027, 10, 1), overrides)
    assert is_working_day(date(2027, 10, 9), overrides)


def test_a_follow_up_after_180_days_made_today_works_although_its_year_is_not_announced() -> None:
    due = _at(2026, 11, 24) + timedelta(days=180)
    assert due.date() == date(2027, 5, 23)
    assert add_working_time(due, working_days(1)) == _at(2027, 5, 24, 17, 30)


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        (_at(2026, 11, 24, 9), timedelta(hours=2), _at(2026, 11, 24, 11)),
        (_at(2026, 11, 24, 17), timedelta(hours=1), _at(2026, 11, 25, 9)),  # over night
        (_at(2026, 11, 20, 17), timedelta(hours=1), _at(2026, 11, 23, 9)),  # over a weekend
        (_at(2026, 11, 24, 3), timedelta(hours=1), _at(2026, 11, 24, 9, 30)),  # before opening
        (_at(2026, 9, 30, 17), timedelta(hours=1), _at(2026, 10, 8, 9)),  # over the national holiday
    ],
)
def test_office_time_runs_only_while_offices_work(start: datetime, amount: timedelta, end: datetime) -> None:
    assert add_working_time(start, amount) == end


def test_a_calendar_without_working_days_ends_in_an_error_and_not_in_a_loop() -> None:
    never = {date(2026, 11, 24) + timedelta(days=offset): False for offset in range(4100)}
    with pytest.raises(ValueError, match="working day"):
        add_working_time(_at(2026, 11, 24), timedelta(hours=1), never)
