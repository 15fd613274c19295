"""Until when the log of single answers is kept."""

from datetime import date

_LEAP_DAY = (2, 29)


def last_day_over(today: date, years: int) -> date:
    """The newest day whose ``years`` are over: what was handed in then, or before, need not be kept today.

    Years begun on 29 February are over on 1 March, as in the rules for archives.
    """
    if (today.month, today.day) == _LEAP_DAY:
        try:
            return today.replace(year=today.year - years)
        except ValueError:
            return date(today.year - years, 2, 28)
    return today.replace(year=today.year - years)
