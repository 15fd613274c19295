"""When a case may be closed: L1 or below on two assessments at least 14 days apart (workflow 4.3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from anxin.domains.cases.contracts import ClosingStanding
from anxin.domains.risk.contracts import Level

LOW = Level.L1
APART = timedelta(days=14)


def closing_standing(case_level: int, assessments: Sequence[tuple[int, datetime]]) -> ClosingStanding:
    """How far closing is, from (level, moment) of every assessment, latest first.

    Only the unbroken row of low assessments up to the latest counts: a higher one in between starts the 14
    days anew, and a warning that has raised ``case_level`` since the latest keeps the case open whatever was
    found before.
    """
    latest_level = assessments[0][0] if assessments else None
    low_since = latest_at = None
    for level, at in assessments:
        if level > LOW:
            break
        latest_at = latest_at or at
        low_since = at
    return ClosingStanding(
        latest_level=latest_level,
        low_since=low_since,
        ready_at=low_since + APART if low_since else None,
        level_is_low=latest_level is not None and latest_level <= LOW and case_level <= LOW,
        is_long_enough=low_since is not None and latest_at is not None and latest_at - low_since >= APART,
    )
