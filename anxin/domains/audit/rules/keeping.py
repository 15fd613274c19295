"""How long the trail is kept. The Cybersecurity Law (article 21) asks for six months of network logs at least."""

from calendar import monthrange
from datetime import date

LEGAL_MONTHS = 6


def kept_since(*, today: date, months: int) -> date:
    """The day from which on rows stay, for a city that keeps them so many months; never less than the law asks."""
    return months_before(today, max(months, LEGAL_MONTHS))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of that month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
