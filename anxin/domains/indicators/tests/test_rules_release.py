"""An attack on everything that is released of single warnings: over traits, filters, the tree and the days."""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.indicators.rules.release import release

SMALLEST = 5
# county, town, answer, reach, level, part of day
ROWS = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.integers(0, 3),
        st.sampled_from(["in time", "late"]),
        st.integers(1, 3),
        st.integers(1, 4),
        st.sampled_from(["day", "evening", "night"]),
    ),
    max_size=120,
)


@given(rows=ROWS)
def test_whoever_looks_alike_are_at_least_enough(rows: list[tuple[object, ...]]) -> None:
    shown = [one.values for one in release(rows, smallest=SMALLEST)]
    classes = Counter(shown)
    assert all(size >= SMALLEST for values, size in classes.items() if any(one is not None for one in values))
    for row, values in zip(rows, shown, strict=True):
        assert all(said in (None, true) for said, true in zip(values, row, strict=True))


@given(rows=ROWS, data=st.data())
def test_no_two_views_differ_by_fewer_than_enough(
    rows: list[tuple[object, ...]], data: st.DataObject
) -> None:
    """Any filter on what is shown, on any page: the difference of two counts is of whole classes."""
    shown = [one.values for one in release(rows, smallest=SMALLEST)]
    released = [values for values in shown if any(one is not None for one in values)]
    if not released:
        return
    views = []
    for _ in range(6):
        places = data.draw(st.sets(st.integers(0, 5), max_size=4))
        wanted = data.draw(st.sampled_from(released))
        views.append({n for n, one in enumerate(shown) if all(one[p] == wanted[p] for p in places)})
    hidden = {n for n, values in enumerate(shown) if values not in released}
    for one, other in combinations(views, 2):
        difference = (one - other) - hidden
        assert not difference or len(difference) >= SMALLEST


@given(rows=ROWS)
def test_no_level_can_be_worked_out_for_fewer_than_enough(rows: list[tuple[object, ...]]) -> None:
    """The attacker knows the true number of warnings of each county, and what everybody but one person's was."""
    shown = [one.values for one in release(rows, smallest=SMALLEST)]
    for county in "ABC":
        inside = [values for row, values in zip(rows, shown, strict=True) if row[0] == county]
        for level in range(1, 5):
            sure = [values for values in inside if values[0] == county and values[4] == level]
            assert not sure or len(sure) >= SMALLEST
    left_over = Counter(values for values in shown if values[4] is None and values[0] is not None)
    for values, size in left_over.items():
        levels = {row[4] for row, said in zip(rows, shown, strict=True) if said == values}
        assert size >= SMALLEST
        assert len(levels) > 1, "what is left over is never one level alone"


def test_a_single_small_value_takes_the_next_with_it() -> None:
    rows = [("A",)] * 20 + [("B",)] * 2 + [("C",)] * 8
    shown = [one.values[0] for one in release(rows, smallest=SMALLEST)]
    assert shown == ["A"] * 20 + [None] * 10


def test_fewer_than_enough_in_all_release_nothing() -> None:
    assert {one.values for one in release([("A", 1)] * 4, smallest=SMALLEST)} == {(None, None)}
    assert release([], smallest=SMALLEST) == []


def test_a_week_with_one_of_the_highest_level_does_not_show_it() -> None:
    rows = [("A", 1)] * 30 + [("A", 4)]
    shown = [one.values for one in release(rows, smallest=SMALLEST)]
    assert shown == [("A", None)] * 31
