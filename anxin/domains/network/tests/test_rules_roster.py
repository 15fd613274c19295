"""Rosters: local weekdays, nights past midnight, working days, leave and cover."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.network.contracts import WeeklySeat
from anxin.domains.network.rules.roster import Change, Pattern, days_to_ask, is_possible, seats_at
from anxin.kernel.clock import LOCAL

MONDAY = date(2026, 3, 2)
EVERY_DAY = tuple(range(7))


def pattern(
    *,
    weekdays: tuple[int, ...] = EVERY_DAY,
    starts: time = time(8, 30),
    minutes: int = 540,
    working_days_only: bool = False,
    valid_from: date = date(2026, 1, 1),
    valid_until: date | None = None,
    posting_id: int = 1,
) -> Pattern:
    """A seat of posting 1 at unit 1."""
    seat = WeeklySeat(weekdays, starts, minutes, working_days_only)
    return Pattern(posting_id, 1, "duty_lead", seat, valid_from, valid_until)


def at(day: date, clock: str) -> datetime:
    """A local moment."""
    return datetime.combine(day, time.fromisoformat(clock), LOCAL)


def change(
    is_on: bool, since: datetime, until: datetime, *, recorded: int = 1, posting_id: int = 1
) -> Change:
    """Leave or cover."""
    return Change(posting_id, 1, "duty_lead", is_on, since, until, recorded)


def sits(
    moment: datetime, *patterns: Pattern, changes: tuple[Change, ...] = (), working: tuple[date, ...] = ()
) -> list[tuple[int, datetime]]:
    """Who sits at a moment, and until when."""
    seats = seats_at(patterns=patterns, changes=changes, at=moment, working_days=working)
    return [(seat.posting_id, seat.until) for seat in seats]


@pytest.mark.parametrize(
    ("clock", "is_taken"), [("08:29:59", False), ("08:30", True), ("17:29:59", True), ("17:30", False)]
)
def test_a_seat_begins_on_time_and_ends_on_time(clock: str, is_taken: bool) -> None:
    assert bool(sits(at(MONDAY, clock), pattern())) is is_taken


def test_a_night_seat_of_sunday_lasts_into_monday_morning() -> None:
    sunday_night = pattern(weekdays=(6,), starts=time(20), minutes=720)

    assert sits(at(MONDAY, "03:00"), sunday_night) == [(1, at(MONDAY, "08:00"))]
    assert sits(at(MONDAY, "08:00"), sunday_night) == []
    assert sits(at(MONDAY, "20:00"), sunday_night) == []


def test_round_the_clock_leaves_no_gap_at_midnight() -> None:
    always = pattern(starts=time(0), minutes=1440)

    assert sits(at(MONDAY, "23:59:59"), always)
    assert sits(at(MONDAY + timedelta(days=1), "00:00"), always)


def test_the_day_a_night_began_decides_about_validity_and_working_days() -> None:
    monday = MONDAY + timedelta(days=1)
    night = pattern(starts=time(20), minutes=720, working_days_only=True, valid_until=MONDAY)

    assert sits(at(monday, "02:00"), night, working=(MONDAY,))
    assert not sits(at(monday, "02:00"), night, working=(monday,))
    assert not sits(at(monday, "21:00"), night, working=(MONDAY, monday))
    assert days_to_ask(at(monday, "02:00")) == (MONDAY, monday)


def test_a_seat_does_not_exist_before_its_first_day() -> None:
    assert not sits(at(MONDAY, "10:00"), pattern(valid_from=MONDAY + timedelta(days=1)))
    assert sits(at(MONDAY, "10:00"), pattern(valid_from=MONDAY))


def test_leave_empties_the_seat_and_shortens_the_turn_before_it() -> None:
    leave = change(False, at(MONDAY, "12:00"), at(MONDAY, "14:00"))

    assert sits(at(MONDAY, "10:00"), pattern(), changes=(leave,)) == [(1, at(MONDAY, "12:00"))]
    assert sits(at(MONDAY, "12:00"), pattern(), changes=(leave,)) == []
    assert sits(at(MONDAY, "14:00"), pattern(), changes=(leave,)) == [(1, at(MONDAY, "17:30"))]


def test_cover_counts_without_a_weekly_seat_and_the_latest_word_wins() -> None:
    cover = change(True, at(MONDAY, "18:00"), at(MONDAY, "22:00"), recorded=1, posting_id=2)
    fell_ill = change(False, at(MONDAY, "20:00"), at(MONDAY, "22:00"), recorded=2, posting_id=2)

    assert sits(at(MONDAY, "19:00"), changes=(cover,)) == [(2, at(MONDAY, "22:00"))]
    assert sits(at(MONDAY, "20:30"), changes=(fell_ill, cover)) == []


def test_leave_of_one_duty_leaves_the_other_duty_alone() -> None:
    other = Change(1, 1, "duty_clinician", False, at(MONDAY, "08:00"), at(MONDAY, "18:00"), 1)

    assert sits(at(MONDAY, "10:00"), pattern(), changes=(other,))


@pytest.mark.parametrize(
    ("seat", "expected"),
    [
        (WeeklySeat((0,), time(8), 1), True),
        (WeeklySeat((6,), time(8), 1440), True),
        (WeeklySeat((), time(8), 60), False),
        (WeeklySeat((7,), time(8), 60), False),
        (WeeklySeat((0,), time(8), 0), False),
        (WeeklySeat((0,), time(8), 1441), False),
    ],
)
def test_a_seat_has_weekdays_and_lasts_a_day_at_most(seat: WeeklySeat, expected: bool) -> None:
    assert is_possible(seat) is expected


@given(
    starts=st.times().map(lambda found: found.replace(second=0, microsecond=0, tzinfo=None)),
    minutes=st.integers(min_value=1, max_value=1440),
    weekday=st.integers(min_value=0, max_value=6),
    offset=st.integers(min_value=-2 * 1440, max_value=9 * 1440),
)
def test_a_weekly_seat_is_taken_exactly_from_its_start_for_its_length(
    starts: time, minutes: int, weekday: int, offset: int
) -> None:
    begin = datetime.combine(MONDAY + timedelta(days=weekday), starts, LOCAL)
    moment = datetime.combine(MONDAY, time(0), LOCAL) + timedelta(minutes=offset)
    turns = [begin + timedelta(weeks=week) for week in (-1, 0, 1)]
    expected = any(turn <= moment < turn + timedelta(minutes=minutes) for turn in turns)

    assert bool(sits(moment, pattern(weekdays=(weekday,), starts=starts, minutes=minutes))) is expected


@given(
    hour=st.integers(min_value=0, max_value=23),
    minute=st.integers(min_value=0, max_value=59),
    day=st.integers(min_value=0, max_value=400),
)
def test_day_and_night_shift_together_cover_every_minute_with_one_person(
    hour: int, minute: int, day: int
) -> None:
    moment = datetime.combine(MONDAY + timedelta(days=day), time(hour, minute), LOCAL)
    shifts = [
        pattern(starts=time(8), minutes=720),
        pattern(starts=time(20), minutes=720, posting_id=2),
    ]

    assert len(sits(moment, *shifts)) == 1
