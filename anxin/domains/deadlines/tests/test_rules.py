"""The ladder, without a database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.deadlines.contracts import Holder, Ladder, LadderRung, RungName
from anxin.domains.deadlines.rules import ladder as rules
from tests.requirements_marker import requirement

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAMES = ("station", "county", "city")


def rung(name: str, at: datetime, posting_id: int = 1) -> LadderRung:
    return LadderRung(RungName(name), posting_id, "某人", posting_id, "某处", f"/{posting_id}/", at)


def ladder_of(*minutes: int, page_every: timedelta = 5 * MINUTE) -> Ladder:
    return Ladder(
        tuple(rung(NAMES[min(i, 2)], START + m * MINUTE, i + 1) for i, m in enumerate(minutes)), page_every
    )


moments = st.timedeltas(timedelta(days=-300), timedelta(days=400)).map(START.__add__)
rungs = st.builds(
    LadderRung,
    rung=st.sampled_from(RungName),
    posting_id=st.integers(1, 2**40),
    holder=st.text(max_size=10),
    unit_id=st.integers(1, 2**40),
    unit_name=st.text(max_size=10),
    unit_path=st.text(max_size=10),
    starts_at=moments,
)
ladders = st.builds(
    Ladder,
    rungs=st.lists(rungs, min_size=1, max_size=5).map(tuple),
    page_every=st.timedeltas(timedelta(microseconds=1), timedelta(days=30)),
)


@requirement("R-059")
@pytest.mark.parametrize(
    ("minute", "name", "overdue", "pages", "next_minute"),
    [
        (-1, "station", False, 0, 5),
        (0, "station", False, 0, 5),
        (4, "station", False, 0, 5),
        (5, "county", True, 0, 10),
        (9, "county", True, 0, 10),
        (10, "city", True, 0, 15),
        (14, "city", True, 0, 15),
        (15, "city", True, 1, 20),
        (61, "city", True, 10, 65),
    ],
)
def test_the_ladder_climbs_minute_by_minute(
    minute: int, name: str, overdue: bool, pages: int, next_minute: int
) -> None:
    now_at = rules.standing(ladder_of(0, 5, 10), START + 5 * MINUTE, START + minute * MINUTE)
    assert (now_at.rung.rung, now_at.is_overdue, now_at.pages) == (name, overdue, pages)
    assert now_at.next_change_at == START + next_minute * MINUTE


def test_passed_and_ahead_are_the_rest_of_the_ladder() -> None:
    ladder = ladder_of(0, 5, 10)
    now_at = rules.standing(ladder, START + 5 * MINUTE, START + 7 * MINUTE)
    assert (*now_at.passed, now_at.rung, *now_at.ahead) == ladder.rungs
    assert [one.rung for one in now_at.passed] == ["station"]


def test_the_only_rung_is_called_again_from_the_due_time_on_not_before() -> None:
    ladder, due = ladder_of(0), START + 30 * MINUTE
    assert rules.standing(ladder, due, START + 29 * MINUTE).pages == 0
    assert rules.standing(ladder, due, START + 34 * MINUTE).pages == 0
    assert rules.standing(ladder, due, START + 35 * MINUTE).pages == 1


def test_when_two_turns_begin_together_the_higher_rung_holds() -> None:
    assert rules.standing(ladder_of(0, 5, 5), START + 5 * MINUTE, START + 5 * MINUTE).rung.rung == "city"


def test_a_ladder_without_rungs_or_without_a_page_interval_cannot_exist() -> None:
    with pytest.raises(ValueError, match="owner"):
        Ladder((), 5 * MINUTE)
    with pytest.raises(ValueError, match="positive"):
        Ladder((rung("city", START),), timedelta(0))


def test_a_built_ladder_never_steps_back_in_time() -> None:
    holders = [Holder(RungName(name), i, "某人", i, "某处", f"/{i}/") for i, name in enumerate(NAMES)]
    built = rules.build_ladder(holders, [START, START + 10 * MINUTE, START + 5 * MINUTE], 5 * MINUTE)
    assert [one.starts_at for one in built.rungs] == [START, START + 10 * MINUTE, START + 10 * MINUTE]
    with pytest.raises(ValueError, match="each holder"):
        rules.build_ladder(holders, [START], 5 * MINUTE)


@requirement("R-059")
@given(ladders, moments, moments)
def test_there_is_always_an_owner_and_a_next_change_in_the_future(
    ladder: Ladder, due_at: datetime, now: datetime
) -> None:
    now_at = rules.standing(ladder, due_at, now)
    assert now_at.rung is ladder.rungs[now_at.index]
    assert (*now_at.passed, now_at.rung, *now_at.ahead) == ladder.rungs
    assert now_at.next_change_at > now
    assert now_at.is_overdue == (now >= due_at)
    assert now_at.pages >= 0


@given(ladders, moments, moments, moments)
def test_a_clock_only_ever_climbs(ladder: Ladder, due_at: datetime, one: datetime, two: datetime) -> None:
    earlier, later = sorted((one, two))
    before, after = rules.standing(ladder, due_at, earlier), rules.standing(ladder, due_at, later)
    assert before.index <= after.index
    assert before.is_overdue <= after.is_overdue
    assert before.pages <= after.pages


@given(ladders, moments, moments)
def test_nothing_changes_before_the_next_change_and_something_does_at_it(
    ladder: Ladder, due_at: datetime, now: datetime
) -> None:
    def visible(moment: datetime) -> tuple[int, bool, int]:
        at = rules.standing(ladder, due_at, moment)
        return at.index, at.is_overdue, at.pages

    change = rules.standing(ladder, due_at, now).next_change_at
    assert visible(change - timedelta(microseconds=1)) == visible(now)
    assert visible(change) != visible(now)


@given(ladders)
def test_a_ladder_survives_the_database(ladder: Ladder) -> None:
    assert rules.load_ladder(rules.dump_ladder(ladder)) == ladder


@given(ladders, moments, moments, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_a_shifted_ladder_stands_where_it_stood(
    ladder: Ladder, due_at: datetime, now: datetime, by: timedelta
) -> None:
    before = rules.standing(ladder, due_at, now)
    after = rules.standing(rules.shift(ladder, by), due_at + by, now + by)
    assert (after.index, after.is_overdue, after.pages) == (before.index, before.is_overdue, before.pages)
    assert after.next_change_at == before.next_change_at + by


@given(ladders, rungs, st.data())
def test_putting_somebody_else_on_a_rung_changes_the_holder_only(
    ladder: Ladder, other: LadderRung, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(ladder.rungs) - 1))
    fresh = rules.with_rung(ladder, index, other)
    old = ladder.rungs[index]
    assert fresh.rungs[index] == replace(other, rung=old.rung, starts_at=old.starts_at)
    assert fresh.rungs[:index] + fresh.rungs[index + 1 :] == ladder.rungs[:index] + ladder.rungs[index + 1 :]


@dataclass
class Stored:
    """A clock as the table keeps it."""

    due_at: datetime
    ladder: Any
    paused_at: datetime | None = None
    ended_at: datetime | None = None


def test_a_paused_clock_stands_still_and_promises_its_next_change_from_now_on() -> None:
    stored = Stored(START + 5 * MINUTE, rules.dump_ladder(ladder_of(0, 5, 10)), paused_at=START + 3 * MINUTE)
    shown = rules.standing_of(stored, START + 60 * MINUTE)
    assert (shown.index, shown.is_overdue) == (0, False)
    assert shown.next_change_at == START + 62 * MINUTE


def test_a_breach_before_the_pause_stays_visible_during_it() -> None:
    stored = Stored(START + 5 * MINUTE, rules.dump_ladder(ladder_of(0, 5, 10)), paused_at=START + 6 * MINUTE)
    assert rules.standing_of(stored, START + 60 * MINUTE).is_overdue


def test_an_ended_clock_is_shown_as_it_was_left() -> None:
    stored = Stored(START + 5 * MINUTE, rules.dump_ladder(ladder_of(0, 5, 10)), ended_at=START + 4 * MINUTE)
    shown = rules.standing_of(stored, START + 600 * MINUTE)
    assert (shown.index, shown.is_overdue, shown.pages) == (0, False, 0)
