"""Until when a closed archive is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from anxin.domains.archives.contracts import RetentionClass


class RetentionUnreadable(ValueError):
    """The data file does not make sense; the message says where."""


def read_classes(data: Mapping[str, Any]) -> tuple[dict[str, RetentionClass], str]:
    """The classes of the data file and the default. Raises ``RetentionUnreadable``."""
    found: dict[str, RetentionClass] = {}
    try:
        for entry in data["classes"]:
            one = RetentionClass(str(entry["id"]), int(entry["years"]), int(entry["minors_until"]))
            if one.years < 1 or one.id in found:
                raise RetentionUnreadable(f"{one.id}: twice, or kept for no time")
            found[one.id] = one
        default = str(data["default"])
    except (KeyError, TypeError) as error:
        raise RetentionUnreadable(str(error)) from error
    if default not in found:
        raise RetentionUnreadable(f"the default {default} is no class")
    return found, default


def keep_until(kind: RetentionClass, *, closed_on: date, born_on: date | None) -> date:
    """The first day it need not be kept any more: the years are over, and a child has grown up for long enough."""
    by_years = _years_later(closed_on, kind.years)
    return max(by_years, _years_later(born_on, kind.minors_until)) if born_on else by_years


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
