"""Finished quarters of a year.

Group reports know no other period: two that overlap would give their difference away, and one that still runs would
tell from one day to the next who came in between.
"""

from datetime import date, timedelta

from anxin.domains.indicators.contracts import Quarter


def quarter_of(day: date) -> Quarter:
    """The quarter that holds ``day``."""
    return Quarter(day.year, (day.month - 1) // 3 + 1)


def finished_quarters(today: date, count: int) -> tuple[Quarter, ...]:
    """The last ``count`` quarters that are over, the newest first."""
    found: list[Quarter] = []
    first = quarter_of(today).first
    while len(found) < count:
        quarter = quarter_of(first - timedelta(days=1))
        found.append(quarter)
        first = quarter.first
    return tuple(found)
