"""Duty seats as a plan: office hours at stations, day and night at the centres, three shifts at the hotline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from anxin.kernel import calendar, clock

DAY_STARTS, NIGHT_STARTS, HALF_DAY = time(8), time(20), 720
THIRDS, THIRD_OF_DAY = (time(0), time(8), time(16)), 480


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly seat: these weekdays, from ``starts`` for ``minutes``."""

    duty: str
    weekdays: tuple[int, ...]
    starts: time
    minutes: int
    working_days_only: bool = False
    priority: int = 1

    def covers(self, local: datetime) -> bool:
        """Whether somebody in this seat is on duty at ``local``; a night seat began the day before."""
        for day in (local.date(), local.date() - timedelta(days=1)):
            if day.weekday() in self.weekdays and (not self.working_days_only or working_days(day.year)[day]):
                starts = datetime.combine(day, self.starts, local.tzinfo)
                if starts <= local < starts + timedelta(minutes=self.minutes):
                    return True
        return False


@lru_cache(maxsize=16)
def working_days(year: int) -> dict[date, bool]:
    """Which days of ``year`` and the next are working days; the library is slow, and eighteen months ask it often."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=number) for number in range(731))
    return {day: calendar.is_working_day(day) for day in days}


def add_working_time(start: datetime, amount: timedelta) -> datetime:
    """``start`` plus ``amount`` of office time."""
    return calendar.add_working_time(start, amount, working_days(start.year))


def is_on_duty(shifts: Iterable[Shift], moment: datetime) -> bool:
    """Whether one of ``shifts`` covers ``moment``."""
    local = clock.local(moment)
    return any(shift.covers(local) for shift in shifts)


def opening_shifts(
    hours: Sequence[tuple[int, time, time]], *, working_days_only: bool, priority: int = 1
) -> tuple[Shift, ...]:
    """The duty lead of a station while it is open; equal days share a seat."""
    spans: dict[tuple[time, time], list[int]] = {}
    for weekday, opens, closes in hours:
        spans.setdefault((opens, closes), []).append(weekday)
    return tuple(
        Shift(
            duty="duty_lead",
            weekdays=tuple(sorted(days)),
            starts=opens,
            minutes=(closes.hour - opens.hour) * 60 + closes.minute - opens.minute,
            working_days_only=working_days_only,
            priority=priority,
        )
        for (opens, closes), days in sorted(spans.items())
    )


def round_the_clock(
    people: int, *, duty: str, starts: Sequence[time], minutes: int, first_always_by_day: bool = False
) -> list[tuple[Shift, ...]]:
    """Seats for ``people`` so that every hour of the week is covered, one person at a time.

    With ``first_always_by_day`` the first person takes every shift that begins at eight and nobody else does: that is
    how a persona is found on duty whenever the demo is tried by day.
    """
    seats: list[dict[time, list[int]]] = [{} for _ in range(people)]
    rotating = list(range(1, people)) if first_always_by_day else list(range(people))
    turn = 0
    for weekday in range(7):
        for begin in starts:
            if first_always_by_day and begin == DAY_STARTS:
                seats[0].setdefault(begin, []).append(weekday)
                continue
            seats[rotating[turn % len(rotating)]].setdefault(begin, []).append(weekday)
            turn += 1
    return [
        tuple(Shift(duty, tuple(days), begin, minutes) for begin, days in sorted(own.items()))
        for own in seats
    ]
