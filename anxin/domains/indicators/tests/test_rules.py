"""Periods, shares and merged cells, without a database."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.indicators.contracts import Answer, Days, PartOfDay, Period, Quarter, Share
from anxin.domains.indicators.rules import figures, periods, quarters, suppression
from anxin.domains.risk.contracts import Level, WarningEvent, WarningState

TUESDAY = date(2026, 11, 24)
TEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def event(**changes: object) -> WarningEvent:
    """An L3 warning raised at ten, due at half past, nobody yet."""
    values: dict[str, object] = {
        "node_path": "/1/2/3/",
        "line": "community",
        "level": Level.L3,
        "state": WarningState.NEW,
        "rung": "station",
        "climbed": False,
        "raised_at": TEN,
        "acknowledge_due_at": TEN + 30 * MINUTE,
        "acknowledged_at": None,
        "high_ended": False,
        "signed": False,
    }
    return WarningEvent(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("period", "first", "before"),
    [
        (Period.WEEK, date(2026, 11, 23), Days(date(2026, 11, 16), date(2026, 11, 17))),
        (Period.MONTH, date(2026, 11, 1), Days(date(2026, 10, 1), date(2026, 10, 24))),
        (Period.YEAR, date(2026, 1, 1), Days(date(2025, 1, 1), date(2025, 11, 24))),
    ],
)
def test_a_period_is_compared_with_the_same_part_of_the_one_before(
    period: Period, first: date, before: Days
) -> None:
    days = periods.period_until(period, TUESDAY)
    assert days == Days(first, TUESDAY)
    assert periods.same_part_before(period, days) == before


def test_a_long_month_is_compared_with_the_whole_of_a_short_one() -> None:
    days = periods.period_until(Period.MONTH, date(2026, 3, 31))
    assert periods.same_part_before(Period.MONTH, days) == Days(date(2026, 2, 1), date(2026, 2, 28))


def test_weeks_begin_on_monday_and_the_running_one_is_last() -> None:
    weeks = periods.weeks_until(TUESDAY, 12)
    assert len(weeks) == 12
    assert weeks[-1] == date(2026, 11, 23)
    assert {day.weekday() for day in weeks} == {0}


@pytest.mark.parametrize(
    ("hour", "part"),
    [(7, PartOfDay.NIGHT), (8, PartOfDay.DAY), (18, PartOfDay.EVENING), (22, PartOfDay.NIGHT)],
)
def test_the_hour_is_told_coarsely(hour: int, part: PartOfDay) -> None:
    assert periods.part_of_day(hour) is part


@pytest.mark.parametrize(
    ("changes", "after", "answer"),
    [
        ({}, 10, Answer.PENDING),
        ({}, 31, Answer.LATE),
        ({"state": WarningState.ACKNOWLEDGED, "acknowledged_at": TEN + 30 * MINUTE}, 60, Answer.IN_TIME),
        ({"state": WarningState.ACKNOWLEDGED, "acknowledged_at": TEN + 31 * MINUTE}, 60, Answer.LATE),
        ({"state": WarningState.CLOSED}, 60, Answer.PENDING),
    ],
)
def test_an_answer_is_in_time_until_the_minute_it_was_due(
    changes: dict[str, object], after: int, answer: Answer
) -> None:
    assert figures.answer_of(event(**changes), TEN + after * MINUTE) is answer


def test_of_nothing_there_is_no_percentage() -> None:
    counted = figures.count([], TEN)
    assert counted.in_time.percent is None
    assert counted.median_minutes is None
    assert Share(1, 3).percent == 33.3


def test_what_is_not_yet_due_is_no_part_of_the_whole() -> None:
    taken = {"state": WarningState.ACKNOWLEDGED, "acknowledged_at": TEN + 6 * MINUTE}
    counted = figures.count([event(), event(**taken)], TEN + 10 * MINUTE)
    assert (counted.raised, counted.in_time, counted.late) == (2, Share(1, 1), 0)
    assert counted.median_minutes == 6


def test_only_high_warnings_that_ended_count_for_signatures() -> None:
    signed = figures.signatures([event(), event(high_ended=True, signed=True), event(high_ended=True)])
    assert signed == Share(1, 2)


CELLS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 30), max_size=12)


@given(CELLS, st.integers(2, 10))
def test_no_small_cell_can_be_worked_out_of_the_total(counts: Mapping[str, int], smallest: int) -> None:
    merged = suppression.keys_to_merge(counts, smallest=smallest)
    shown = {key: value for key, value in counts.items() if key not in merged}
    assert all(value == 0 or value >= smallest for value in shown.values())
    if merged:
        together = sum(counts[key] for key in merged)
        nothing_else = not any(shown.values())
        assert (len(merged) > 1 and together >= smallest) or nothing_else
        assert together + sum(shown.values()) == sum(counts.values())


def test_a_single_small_cell_takes_the_next_smallest_with_it() -> None:
    assert suppression.keys_to_merge({"a": 3, "b": 20, "c": 8}, smallest=5) == {"a", "c"}


def test_zeros_and_large_cells_stay_as_they_are() -> None:
    assert suppression.keys_to_merge({"a": 0, "b": 20, "c": 8}, smallest=5) == frozenset()


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2026, 11, 24), Quarter(2026, 3)),
        (date(2026, 10, 1), Quarter(2026, 3)),
        (date(2026, 1, 1), Quarter(2025, 4)),
        (date(2026, 12, 31), Quarter(2026, 3)),
    ],
)
def test_only_quarters_that_are_over_are_counted(today: date, newest: Quarter) -> None:
    found = quarters.finished_quarters(today, 6)
    assert found[0] == newest
    assert len(set(found)) == 6
    assert all(quarter.last < today for quarter in found)


def test_quarters_follow_each_other_without_a_gap_or_an_overlap() -> None:
    found = quarters.finished_quarters(date(2026, 11, 24), 9)
    for later, earlier in pairwise(found):
        assert earlier.last + timedelta(days=1) == later.first
