"""Age: how a person is counted."""

from datetime import date

GUARDIAN_UNTIL = 14


def age_on(born_on: date, day: date) -> int:
    """Full years of life on ``day``; somebody born on 29 February ages on 1 March of a common year."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def needs_guardian(born_on: date | None, day: date) -> bool:
    """Whether a guardian has to agree. An unknown date of birth does not make an adult a child."""
    return born_on is not None and age_on(born_on, day) < GUARDIAN_UNTIL
