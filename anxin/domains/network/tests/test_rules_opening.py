"""Opening hours, distances and sums, without a database."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.network.contracts import Stretch
from anxin.domains.network.rules.geometry import box_around, distance_m
from anxin.domains.network.rules.opening import have_overlap, state_at
from anxin.domains.network.rules.sums import cross_tab, roll_up_parents, roll_up_paths
from anxin.kernel.clock import LOCAL
from tests.requirements_marker import requirement

MONDAY = date(2026, 3, 2)
MORNING, AFTERNOON = Stretch(0, time(8, 30), time(12)), Stretch(0, time(13, 30), time(20))
WEEK = [MORNING, AFTERNOON, Stretch(2, time(9), time(17))]


def at(day: date, clock: str) -> datetime:
    """A local moment."""
    return datetime.combine(day, time.fromisoformat(clock), LOCAL)


@pytest.mark.parametrize(
    ("clock", "until"),
    [
        ("08:29", None),
        ("08:30", "12:00"),
        ("12:00", None),
        ("13:29", None),
        ("19:59", "20:00"),
        ("20:00", None),
    ],
)
def test_open_from_the_first_minute_until_the_last(clock: str, until: str | None) -> None:
    state = state_at(WEEK, at(MONDAY, clock))

    assert state.is_open is (until is not None)
    assert state.until == (at(MONDAY, until) if until else None)
    assert state.today == ((time(8, 30), time(12)), (time(13, 30), time(20)))


def test_when_closed_it_says_when_it_opens_next() -> None:
    wednesday = MONDAY + timedelta(days=2)

    assert state_at(WEEK, at(MONDAY, "12:30")).next_opens_at == at(MONDAY, "13:30")
    assert state_at(WEEK, at(MONDAY, "21:00")).next_opens_at == at(wednesday, "09:00")
    assert state_at(WEEK, at(wednesday, "18:00")).next_opens_at == at(MONDAY + timedelta(days=7), "08:30")
    assert state_at([], at(MONDAY, "12:30")).next_opens_at is None


def test_round_the_clock_has_no_closing_time() -> None:
    always = [Stretch(day, time(0), time(23, 59)) for day in range(7)]

    state = state_at(always, at(MONDAY, "23:59:30"))

    assert (state.is_open, state.until, state.is_round_the_clock) == (True, None, True)


def test_a_stretch_to_midnight_joins_the_next_morning() -> None:
    night = [Stretch(0, time(18), time(23, 59)), Stretch(1, time(0), time(2))]

    assert state_at(night, at(MONDAY, "19:00")).until == at(MONDAY + timedelta(days=1), "02:00")


def test_hours_that_overlap_or_end_before_they_start_are_found() -> None:
    assert have_overlap([MORNING, Stretch(0, time(11), time(13))])
    assert have_overlap([Stretch(0, time(12), time(8))])
    assert have_overlap([Stretch(7, time(8), time(12))])
    assert not have_overlap(WEEK)
    assert not have_overlap([MORNING, Stretch(0, time(12), time(13))])


@given(
    longitude=st.floats(min_value=-179, max_value=179),
    latitude=st.floats(min_value=-70, max_value=70),
    east=st.floats(min_value=-0.5, max_value=0.5),
    north=st.floats(min_value=-0.5, max_value=0.5),
    radius=st.floats(min_value=10, max_value=50_000),
)
def test_the_box_never_cuts_off_a_point_within_the_radius(
    longitude: float, latitude: float, east: float, north: float, radius: float
) -> None:
    there = (longitude + east, latitude + north)
    if distance_m(longitude, latitude, *there) > radius:
        return
    west, south, far_east, far_north = box_around(longitude, latitude, radius)

    assert west <= there[0] <= far_east
    assert south <= there[1] <= far_north


def test_a_degree_of_latitude_is_about_a_hundred_and_eleven_kilometres() -> None:
    assert distance_m(116.5, 35.0, 116.5, 36.0) == pytest.approx(111_195, abs=5)
    assert distance_m(116.5, 35.0, 116.5, 35.0) == 0


facts = st.lists(
    st.tuples(
        st.sampled_from(["/1/2/", "/1/2/5/", "/1/3/", "/1/"]),
        st.sampled_from(["education", "medical", ""]),
        st.integers(min_value=0, max_value=50),
    )
)


@given(rows=facts)
@requirement("R-024")
def test_a_cross_tab_loses_nothing_and_counts_nothing_twice(rows: list[tuple[str, str, int]]) -> None:
    table = cross_tab(rows, rows=["/1/2/", "/1/3/"], columns=["education", "medical"])
    everything = sum(value for _, _, value in rows)

    assert sum(table.row_totals) == sum(table.column_totals) == table.total == everything


@given(rows=facts)
def test_both_trees_add_up_to_the_same_total(rows: list[tuple[str, str, int]]) -> None:
    by_path = roll_up_paths(((path, value) for path, _, value in rows), ["/1/2/", "/1/3/"])
    code = {"/1/2/": 20, "/1/2/5/": 30, "/1/3/": 30, "/1/": None}
    by_code = roll_up_parents(((code[path], value) for path, _, value in rows), {10: None, 20: 10, 30: 10})

    assert sum(by_path.values()) == by_code[10] + by_code.get(None, 0)
