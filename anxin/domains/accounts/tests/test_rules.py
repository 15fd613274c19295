"""Locks, sessions, and archives held back, as rules."""

from datetime import UTC, date, datetime, timedelta

import pytest

from anxin.domains.accounts.contracts import ReentryState, VisitLimits
from anxin.domains.accounts.library import load_limits
from anxin.domains.accounts.rules.limits import LimitsUnreadable, LockLimits, read_limits
from anxin.domains.accounts.rules.lockout import locked_until
from anxin.domains.accounts.rules.reentry import after_wrong, is_same_name, is_same_person, is_unseen
from anxin.domains.accounts.rules.visits import Mark, new_mark, read_mark, touched

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
LOCK = LockLimits(5, timedelta(hours=24), timedelta(minutes=15), timedelta(hours=4))
BORN = date(1990, 5, 8)


def tries(count: int, *, gap: timedelta = timedelta(seconds=1)) -> list[datetime]:
    return [NOW - gap * (count - 1 - place) for place in range(count)]


@pytest.mark.parametrize(
    ("count", "minutes"), [(4, None), (5, 15), (6, 30), (7, 60), (8, 120), (9, 240), (12, 240)]
)
def test_each_try_beyond_the_limit_doubles_the_pause_up_to_the_longest(
    count: int, minutes: int | None
) -> None:
    until = locked_until(tries(count), LOCK, NOW)
    assert until == (None if minutes is None else NOW + timedelta(minutes=minutes))


def test_a_lock_ends_by_itself_and_old_tries_are_forgotten() -> None:
    held = tries(5)
    assert locked_until(held, LOCK, NOW + timedelta(minutes=14, seconds=59))
    assert locked_until(held, LOCK, NOW + timedelta(minutes=15)) is None
    assert locked_until(tries(9, gap=timedelta(hours=6)), LOCK, NOW) is None


@pytest.mark.parametrize(("days", "is_held"), [(0, False), (89, False), (90, True), (91, True), (4000, True)])
def test_an_archive_is_held_back_from_the_ninetieth_day(days: int, is_held: bool) -> None:
    unseen = timedelta(days=90)
    created = NOW - timedelta(days=5000)
    assert is_unseen(NOW - timedelta(days=days), created, NOW, longest=unseen) is is_held
    assert is_unseen(None, NOW - timedelta(days=days), NOW, longest=unseen) is is_held


@pytest.mark.parametrize(
    ("kept", "typed", "fits"),
    [
        ("李晴", "李晴", True),
        ("李晴", "晴", True),
        ("李晴", "李 晴", True),
        ("李晴", "李", False),
        ("李晴", "", False),
        ("李晴", "张晴", False),
        ("欧阳明月", "明月", True),
        ("欧阳明月", "阳明月", True),
        ("欧阳明月", "月", False),
        ("阿依古丽·买买提", "阿依古丽买买提", True),
        ("Anna Berg", "berg", True),
        ("Anna Berg", "nna Berg", False),
        ("", "李晴", False),
        ("", "", False),
    ],
)
def test_the_name_or_what_follows_the_surname_fits(kept: str, typed: str, fits: bool) -> None:
    assert is_same_person(name=kept, born_on=BORN, typed_name=typed, typed_born_on=BORN) is fits


def test_without_the_birth_date_no_name_opens_anything() -> None:
    wrong = date(1990, 5, 9)
    for kept, typed in ((BORN, wrong), (BORN, None), (None, None), (None, BORN)):
        assert not is_same_person(name="李晴", born_on=kept, typed_name="李晴", typed_born_on=typed)


def test_a_card_bears_the_whole_name() -> None:
    assert is_same_name("欧阳明月", "欧阳 明月")
    assert not is_same_name("欧阳明月", "明月")
    assert not is_same_name("", "")


def test_the_matter_is_closed_with_the_last_try() -> None:
    assert [after_wrong(count, most=5) for count in (1, 4, 5, 6)] == [
        ReentryState.ASKED,
        ReentryState.ASKED,
        ReentryState.CLOSED,
        ReentryState.CLOSED,
    ]


def test_a_session_ends_when_it_lies_idle_and_whatever_happens_in_the_end() -> None:
    limits = VisitLimits(idle=timedelta(minutes=30), longest=timedelta(hours=8), parallel=2)
    mark = new_mark(limits, 1000.0)
    assert not mark.is_over(1000 + 1799)
    assert mark.is_over(1000 + 1800)
    for hour in range(1, 16):
        mark = touched(mark, 1000 + hour * 1799)
    assert not mark.is_over(1000 + 15 * 1799 + 1)
    assert mark.is_over(1000 + 8 * 3600)
    assert read_mark(mark.as_kept()) == mark


@pytest.mark.parametrize("kept", [None, "", [], {}, {"seen": "x", "idle": 1, "until": 2}, {"seen": 1}])
def test_what_is_no_mark_is_none(kept: object) -> None:
    assert read_mark(kept) is None


def test_a_mark_is_written_anew_once_a_minute() -> None:
    mark = Mark(seen=100, idle=1800, until=9000)
    assert [mark.needs_touch(100 + seconds) for seconds in (0, 59, 60)] == [False, False, True]


def test_the_data_of_the_house_is_whole_and_nonsense_is_refused() -> None:
    found = load_limits()
    assert found.unseen == timedelta(days=90)
    with pytest.raises(LimitsUnreadable):
        read_limits({})
    with pytest.raises(LimitsUnreadable):
        read_limits({"reentry": {"unseen_days": 0, "tries": 5}})
