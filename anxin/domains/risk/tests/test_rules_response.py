"""Response times: spans, schedules, and the shipped table against workflow 4.2."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from anxin.domains.risk.contracts import Level, Stage
from anxin.domains.risk.rules.response import (
    BadSpan,
    add_span,
    read_response_times,
    read_span,
    schedule,
)
from anxin.kernel.calendar import add_working_time
from tests.requirements_marker import requirement

DATA = Path(__file__).parents[1] / "data" / "response_times.yaml"
TIMES = read_response_times(yaml.safe_load(DATA.read_text(encoding="utf-8")))
TUESDAY_10 = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in the city
FRIDAY_17 = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # 17:00 in the city


@pytest.mark.parametrize("text", ["", "5", "5x", "-5m", "0m", "m5", "5m+", "5 m 3"])
def test_a_span_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadSpan):
        read_span(text)


def test_parts_are_added_one_after_the_other() -> None:
    span = read_span("24h+1wd")
    # Saturday 17:00 is no working time, so the working day is Monday.
    assert add_span(FRIDAY_17, span, add_working_time) == datetime(2026, 11, 30, 9, 30, tzinfo=UTC)


@requirement("R-059")
@pytest.mark.parametrize(
    ("level", "minutes"), [(Level.L4, 5), (Level.L3, 30)], ids=["L4 five minutes", "L3 thirty minutes"]
)
def test_high_warnings_are_answered_by_the_wall_clock(level: Level, minutes: int) -> None:
    due, climbs = schedule(
        TIMES, level=level, stage=Stage.ACKNOWLEDGE, start=FRIDAY_17, add_working_time=add_working_time
    )
    assert due == FRIDAY_17 + timedelta(minutes=minutes)
    assert climbs[0] == due, "an unanswered step climbs the moment it is due"


def test_l4_climbs_at_five_and_ten_and_is_paged_every_five_minutes() -> None:
    _, climbs = schedule(
        TIMES, level=Level.L4, stage=Stage.ACKNOWLEDGE, start=TUESDAY_10, add_working_time=add_working_time
    )
    assert [c - TUESDAY_10 for c in climbs] == [timedelta(minutes=5), timedelta(minutes=10)]
    assert TIMES.page_every == timedelta(minutes=5)


def test_l2_waits_four_working_hours_across_the_weekend() -> None:
    due, climbs = schedule(
        TIMES, level=Level.L2, stage=Stage.ACKNOWLEDGE, start=FRIDAY_17, add_working_time=add_working_time
    )
    assert due == datetime(2026, 11, 30, 4, 0, tzinfo=UTC)  # half an hour on Friday, 8:30 to 12:00 on Monday
    assert climbs[0] > due


@pytest.mark.parametrize("level", [Level.L1, Level.L2, Level.L3, Level.L4])
@pytest.mark.parametrize("stage", list(Stage))
def test_every_step_of_every_level_is_due_and_climbs_in_order(level: Level, stage: Stage) -> None:
    due, climbs = schedule(
        TIMES, level=level, stage=stage, start=TUESDAY_10, add_working_time=add_working_time
    )
    assert due > TUESDAY_10
    assert climbs
    assert list(climbs) == sorted(climbs)
    assert climbs[0] >= due


@pytest.mark.parametrize("stage", list(Stage))
def test_a_higher_level_is_never_answered_later(stage: Stage) -> None:
    dues = [
        schedule(TIMES, level=level, stage=stage, start=TUESDAY_10, add_working_time=add_working_time)[0]
        for level in (Level.L4, Level.L3, Level.L2, Level.L1)
    ]
    assert dues == sorted(dues)
