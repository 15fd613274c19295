"""Retention, guardians, coverage: pure."""

from datetime import date
from typing import Any

import pytest

from anxin.domains.archives import library
from anxin.domains.archives.contracts import RetentionClass
from anxin.domains.archives.rules.families import HouseholdCount, coverage, eighteenth_birthday
from anxin.domains.archives.rules.retention import RetentionUnreadable, keep_until, read_classes
from anxin.domains.archives.rules.twins import are_different, needs_second_person
from tests.requirements_marker import requirement

TEN = RetentionClass("ten", 10, 28)


@pytest.mark.parametrize(
    ("closed_on", "born_on", "until"),
    [
        (date(2026, 11, 24), None, date(2036, 11, 24)),
        (date(2026, 11, 24), date(1990, 5, 8), date(2036, 11, 24)),
        (date(2026, 11, 24), date(2016, 3, 1), date(2044, 3, 1)),
        (date(2024, 2, 29), None, date(2034, 3, 1)),
    ],
)
def test_a_closed_archive_is_kept_for_its_years_and_a_childs_until_it_has_grown_up(
    closed_on: date, born_on: date | None, until: date
) -> None:
    assert keep_until(TEN, closed_on=closed_on, born_on=born_on) == until


def test_the_shipped_classes_are_readable_and_medical_records_stay_thirty_years() -> None:
    classes = library.retention_classes()
    assert library.default_class() in classes
    assert classes["medical_record"].years >= 30


@pytest.mark.parametrize(
    "data",
    [
        {"classes": [], "default": "ten"},
        {"classes": [{"id": "ten", "years": 10}], "default": "ten"},
        {"classes": [{"id": "ten", "years": 0, "minors_until": 28}], "default": "ten"},
        {"classes": [{"id": "ten", "years": 1, "minors_until": 28}] * 2, "default": "ten"},
        {"classes": [{"id": "ten", "years": 1, "minors_until": 28}], "default": "other"},
    ],
)
def test_classes_that_make_no_sense_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(RetentionUnreadable):
        read_classes(data)


def test_of_age_on_the_eighteenth_birthday_and_on_the_first_of_march_for_the_leap_day() -> None:
    assert eighteenth_birthday(date(2008, 12, 31)) == date(2026, 12, 31)
    assert eighteenth_birthday(date(2008, 2, 29)) == date(2026, 3, 1)


@requirement("R-026")
def test_coverage_is_a_share_of_households_with_anybody_in_them() -> None:
    found = coverage([HouseholdCount(3, 2), HouseholdCount(1, 0), HouseholdCount(0, 0)])
    assert found is not None
    assert (found.part, found.whole, found.share) == (1, 2, 0.5)
    assert coverage([]) is None
    assert coverage([HouseholdCount(0, 0)]) is None


def test_two_identity_numbers_are_two_people_and_two_units_need_two_people() -> None:
    assert are_different("a", "b")
    assert not any((are_different("a", "a"), are_different("a", None), are_different(None, None)))
    assert needs_second_person(first_path="/1/2/", second_path="/1/3/")
    assert not needs_second_person(first_path="/1/2/", second_path="/1/2/")
