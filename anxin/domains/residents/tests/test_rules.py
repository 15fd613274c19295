"""Age."""

from datetime import date

import pytest

from anxin.domains.residents.rules.people import age_on, needs_guardian


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(1990, 5, 8), date(2026, 5, 7), 35),
        (date(1990, 5, 8), date(2026, 5, 8), 36),
        (date(2012, 11, 24), date(2026, 11, 24), 14),
        (date(2012, 11, 25), date(2026, 11, 24), 13),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2026, 11, 24), date(2026, 11, 24), 0),
    ],
)
def test_age_in_full_years(born_on: date, day: date, age: int) -> None:
    assert age_on(born_on, day) == age


def test_a_guardian_is_needed_until_the_fourteenth_birthday() -> None:
    day = date(2026, 11, 24)
    assert needs_guardian(date(2012, 11, 25), day)
    assert not needs_guardian(date(2012, 11, 24), day)
    assert not needs_guardian(None, day)
