"""Guardians and households: until when, and what is counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from anxin.kernel.proportions import Proportion, wilson

OF_AGE = 18


def eighteenth_birthday(born_on: date) -> date:
    """The day a minor is of age; of somebody born on 29 February 1 March."""
    try:
        return born_on.replace(year=born_on.year + OF_AGE)
    except ValueError:
        return date(born_on.year + OF_AGE, 3, 1)


def is_guardian_on(day: date, *, starts_on: date, ends_on: date | None, ended_on: date | None) -> bool:
    """Whether a guardianship is in force; on the day it ends it is not."""
    if day < starts_on or (ends_on is not None and day >= ends_on):
        return False
    return ended_on is None or day < ended_on


@dataclass(frozen=True, slots=True)
class HouseholdCount:
    """One household as it is counted: how many live there, and how many of them have an open archive."""

    members: int
    with_archive: int


def coverage(households: Iterable[HouseholdCount]) -> Proportion | None:
    """Households with at least one open archive, of all with anybody in them (R-026); of none there is none."""
    counted = [one for one in households if one.members > 0]
    return wilson(sum(one.with_archive > 0 for one in counted), len(counted))
