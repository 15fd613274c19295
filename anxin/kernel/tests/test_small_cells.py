"""Nothing small can be read from a table, nor worked out from its sums."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from operator import add, le, sub

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.kernel.proportions import wilson
from anxin.kernel.small_cells import GroupTable, group_table, keys_to_hide
from tests.requirements_marker import requirement

BANDS = ("light", "middle", "heavy")


def tables(rows: int, columns: int, highest: int) -> st.SearchStrategy[dict[str, dict[str, int]]]:
    """Filled tables of every size up to this one."""
    names = [f"c{number}" for number in range(columns)]
    row = st.fixed_dictionaries({name: st.integers(0, highest) for name in names})
    return st.dictionaries(st.sampled_from([f"r{number}" for number in range(rows)]), row, min_size=1)


def possible_values(table: GroupTable, key: str, name: str) -> set[int]:
    """Every value of one count an attacker cannot rule out, who knows each number shown and that counts are natural.

    Independent of the rule under test: all fillings of the columns are tried, whatever sums they make.
    """
    keys = [line.key for line in table.rows]
    known_rows = [place for place, line in enumerate(table.rows) if line.n is not None]
    limit = table.total.n or 0
    wanted = (*(table.rows[place].n or 0 for place in known_rows), limit)

    def sums(filling: tuple[int, ...]) -> tuple[int, ...]:
        return (*(filling[place] for place in known_rows), sum(filling))

    def column(of: str) -> list[tuple[int, ...]]:
        return list(_fillings([table.row(key).count(of) for key in keys], table.total.count(of), limit))

    reachable = {(0,) * len(wanted)}
    for other in table.columns:
        if other != name:
            parts = {sums(filling) for filling in column(other)}
            added = {tuple(map(add, one, part)) for one in reachable for part in parts}
            reachable = {one for one in added if all(map(le, one, wanted))}
    place = keys.index(key)
    return {filling[place] for filling in column(name) if tuple(map(sub, wanted, sums(filling))) in reachable}


def _fillings(shown: list[int | None], total: int | None, limit: int) -> Iterator[tuple[int, ...]]:
    if not shown:
        if total in (None, 0):
            yield ()
        return
    first, rest = shown[0], shown[1:]
    highest = limit if total is None else total
    for value in range(highest + 1) if first is None else [first]:
        left = None if total is None else total - value
        if left is not None and left < 0:
            continue
        for others in _fillings(rest, left, limit - value):
            yield (value, *others)


def solved(table: GroupTable) -> set[tuple[str, str]]:
    """What elimination over the sums determines exactly, whatever the size of the table."""
    unknown: list[tuple[str, str]] = []
    lines = [(line.key or "total", line) for line in (*table.rows, table.total)]
    for key, line in lines:
        unknown += [(key, name) for name in table.columns if line.count(name) is None]
        unknown += [(key, "n")] if line.n is None else []
    place = {name: number for number, name in enumerate(unknown)}

    def equation(terms: list[tuple[str, str, int, int | None]]) -> list[Fraction]:
        row = [Fraction(0)] * (len(unknown) + 1)
        for key, name, sign, value in terms:
            if value is None:
                row[place[key, name]] += sign
            else:
                row[-1] -= sign * value
        return row

    equations = [
        equation([*((key, name, 1, line.count(name)) for name in table.columns), (key, "n", -1, line.n)])
        for key, line in lines
    ]
    for name in (*table.columns, "n"):
        values = [(key, line.n if name == "n" else line.count(name)) for key, line in lines]
        equations.append(equation([(key, name, -1 if key == "total" else 1, value) for key, value in values]))
    return {unknown[column] for column in _determined(equations, len(unknown))}


def _determined(equations: list[list[Fraction]], width: int) -> list[int]:
    done = 0
    pivots = []
    for column in range(width):
        found = next((i for i in range(done, len(equations)) if equations[i][column]), None)
        if found is None:
            continue
        equations[done], equations[found] = equations[found], equations[done]
        head = equations[done][column]
        equations[done] = [value / head for value in equations[done]]
        for i, other in enumerate(equations):
            if i != done and other[column]:
                factor = other[column]
                equations[i] = [a - factor * b for a, b in zip(other, equations[done], strict=True)]
        pivots.append((done, column))
        done += 1
    return [column for row, column in pivots if sum(1 for value in equations[row][:width] if value) == 1]


@requirement("R-067")
@settings(max_examples=200, deadline=None)
@given(tables(rows=3, columns=2, highest=7))
def test_whoever_tries_every_filling_cannot_tell_a_small_count(
    counts: Mapping[str, Mapping[str, int]],
) -> None:
    smallest = 3
    table = group_table(counts, columns=["c0", "c1"], smallest=smallest)
    if table.total.n is None:
        assert all(value is None for line in table.rows for value in (line.n, *line.counts))
        return
    for key, row in counts.items():
        for name, value in row.items():
            if 0 < value < smallest:
                possible = possible_values(table, key, name)
                assert value in possible
                assert len(possible) > smallest, (key, name, possible)


@requirement("R-067")
@settings(max_examples=200, deadline=None)
@given(tables(rows=9, columns=5, highest=30))
def test_elimination_over_the_sums_gives_no_small_count_away(counts: Mapping[str, Mapping[str, int]]) -> None:
    table = group_table(counts, columns=[f"c{number}" for number in range(5)])
    given_away = solved(table)
    for line in table.rows:
        row = counts[line.key]
        assert line.n is None or line.n >= 10 or line.n == 0
        if 0 < sum(row.values()) < 10:
            assert (line.key, "n") not in given_away
        for name, value in row.items():
            shown = line.count(name)
            assert shown is None or shown == 0 or shown >= 10
            if 0 < value < 10:
                assert (line.key, name) not in given_away


def test_large_numbers_are_all_shown_in_the_order_they_came() -> None:
    table = group_table(
        {"b": {"light": 40, "middle": 12, "heavy": 0}, "a": {"light": 80, "middle": 30, "heavy": 11}},
        columns=BANDS,
    )
    assert [line.key for line in table.rows] == ["b", "a"]
    assert table.row("b").counts == (40, 12, 0)
    assert table.total.counts == (120, 42, 11)
    assert not table.has_hidden


def test_a_single_small_count_takes_others_with_it() -> None:
    table = group_table(
        {"a": {"light": 40, "middle": 3, "heavy": 20}, "b": {"light": 50, "middle": 30, "heavy": 21}},
        columns=BANDS,
    )
    assert table.row("a").count("middle") is None
    assert len(table.row("a").hidden) >= 2
    assert table.row("b").count("middle") is None
    assert table.total.counts == (90, 33, 41)


def test_a_small_row_says_nothing_and_hides_behind_another() -> None:
    table = group_table(
        {
            "a": {"light": 4, "middle": 0, "heavy": 0},
            "b": {"light": 30, "middle": 10, "heavy": 10},
            "c": {"light": 60, "middle": 20, "heavy": 20},
        },
        columns=BANDS,
    )
    assert table.row("a").n is None
    assert table.row("a").counts == (None, None, None)
    assert table.row("b").n is None
    assert table.row("c").n == 100


def test_too_few_altogether_is_nothing_at_all() -> None:
    table = group_table({"a": {"light": 5}, "b": {"light": 4}}, columns=BANDS)
    assert table.total.n is None
    assert all(line.n is None for line in table.rows)


def test_nobody_at_all_is_nought_and_no_secret() -> None:
    table = group_table({"a": {}}, columns=BANDS)
    assert table.total.n == 0
    assert table.row("a").share("light") is None


def test_two_splits_of_the_same_people_leave_out_the_same_totals() -> None:
    areas = {
        "north": {"light": 60, "middle": 11, "heavy": 3},
        "south": {"light": 70, "middle": 1, "heavy": 2},
    }
    ages = {"young": {"light": 130, "middle": 0, "heavy": 0}, "old": {"light": 0, "middle": 12, "heavy": 5}}
    assert group_table(areas, columns=BANDS).total == group_table(ages, columns=BANDS).total


def test_what_a_wider_table_leaves_out_is_not_the_total_of_a_narrower_one() -> None:
    wide = group_table(
        {"a": {"light": 40, "middle": 30, "heavy": 20}, "b": {"light": 50, "middle": 3, "heavy": 21}},
        columns=BANDS,
    )
    above = wide.row("a")
    assert above.hidden
    parts = {"x": {"light": 20, "middle": 15, "heavy": 10}, "y": {"light": 20, "middle": 15, "heavy": 10}}
    narrow = group_table(parts, columns=BANDS, within=above)
    assert narrow.total.hidden >= above.hidden
    for name in above.hidden:
        assert None in [line.count(name) for line in narrow.rows]


def test_a_row_left_out_as_a_whole_is_not_split_further() -> None:
    wide = group_table({"a": {"light": 6}, "b": {"light": 16}, "c": {"light": 60}}, columns=BANDS)
    narrow = group_table({"x": {"light": 16}}, columns=BANDS, within=wide.row("b"))
    assert narrow.total.n is None


def test_parts_that_do_not_add_up_are_refused() -> None:
    wide = group_table({"a": {"light": 40}, "b": {"light": 60}}, columns=BANDS)
    with pytest.raises(ValueError, match="add up"):
        group_table({"x": {"light": 39}}, columns=BANDS, within=wide.row("a"))


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 30), max_size=12))
def test_what_one_line_hides_reaches_the_limit_together(counts: Mapping[str, int]) -> None:
    hidden = keys_to_hide(counts, smallest=10)
    assert all(value == 0 or value >= 10 for key, value in counts.items() if key not in hidden)
    rest = [value for key, value in counts.items() if key not in hidden]
    together = sum(counts[key] for key in hidden)
    assert not hidden or (len(hidden) > 1 and together >= 10) or not any(rest)


# Worked by hand from the formula of Wilson (1927), to four digits.
@requirement("R-067")
@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 100, 0.0018, 0.0545)],
)
def test_a_share_has_its_wilson_interval(part: int, whole: int, low: float, high: float) -> None:
    found = wilson(part, whole)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_of_nothing_there_is_no_share() -> None:
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="part"):
        wilson(3, 2)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_share_lies_inside_its_interval(part: int, whole: int) -> None:
    found = wilson(min(part, whole), whole)
    assert found is not None
    assert 0 <= found.low <= found.share <= found.high <= 1
