"""When a city tests itself: more in term time, on weekday evenings, and a little more every month."""

from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from anxin.kernel import clock

DAYS = 548
_TERM = {1: 0.7, 2: 0.6, 3: 1.15, 4: 1.2, 5: 1.25, 6: 1.1, 7: 0.75, 8: 0.7, 9: 1.3, 10: 1.2, 11: 1.2, 12: 1.1}
_WEEKDAY = (1.15, 1.05, 1.05, 1.0, 0.95, 0.8, 0.95)
_HOUR = (5, 3, 2, 1, 1, 2, 4, 8, 12, 14, 14, 12, 16, 14, 12, 12, 13, 14, 18, 26, 32, 30, 20, 10)
_HOURS_ADDED_UP = tuple(accumulate(_HOUR))
_GROWTH = 0.8


class Tides:
    """The ``DAYS`` days up to ``now``, and how much of everything falls on each."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.local_now = clock.local(now)
        self.today = self.local_now.date()
        self.epoch = self.today - timedelta(days=DAYS)
        weights = [self._weight(number) for number in range(DAYS + 1)]
        self._shares = [share / sum(weights) for share in weights]

    def day(self, number: int) -> date:
        """The date of day ``number`` of the period."""
        return self.epoch + timedelta(days=number)

    def spread(self, total: int) -> list[int]:
        """How many of ``total`` fall on each day; they add up exactly."""
        counts, given, share = [], 0, 0.0
        for one in self._shares:
            share += one
            upto = min(total, round(total * share))
            counts.append(upto - given)
            given = upto
        return counts

    def moments(self, number: int, count: int, rng: Random) -> list[datetime]:
        """``count`` moments of day ``number`` in order, most of them in the evening, none in the future."""
        midnight = datetime.combine(self.day(number), time(0), clock.LOCAL)
        hours = 24 if number < DAYS else self.local_now.hour
        drawn = (
            rng.choices(range(hours), cum_weights=_HOURS_ADDED_UP[:hours], k=count) if hours else [0] * count
        )
        if not hours:
            # Just after midnight the day has no full hour yet; the late evening before stands in.
            midnight -= timedelta(hours=1)
        return sorted(midnight + timedelta(hours=hour, seconds=rng.randrange(3600)) for hour in drawn)

    def _weight(self, number: int) -> float:
        day = self.day(number)
        elapsed = sum(_HOUR[: self.local_now.hour]) / sum(_HOUR) if number == DAYS else 1.0
        return _TERM[day.month] * _WEEKDAY[day.weekday()] * (1 + _GROWTH * number / DAYS) * elapsed
