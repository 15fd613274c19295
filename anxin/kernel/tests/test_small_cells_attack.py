"""An attack on a whole tree of published tables: what can somebody work out who lays all of them side by side?

The attacker knows every rule of the house and reads the city's table, every county's, and every total. Each count left
out is a flow through the other counts left out, so the range it can still lie in is found exactly: by sending as much
as possible through them, up and down.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.kernel.small_cells import GroupTable, group_table

COLUMNS = ("none", "mild", "severe")
SMALLEST = 5
ENOUGH = 50
Counts = dict[str, dict[str, dict[str, int]]]


@dataclass
class Ledger:
    """Every published or missing number as an arc between the two sums it belongs to."""

    arcs: dict[str, tuple[str, str, int, bool]] = field(default_factory=dict)

    def add(self, name: str, start: str, end: str, value: int, *, is_shown: bool) -> None:
        self.arcs[name] = (start, end, value, is_shown)

    def spare(self, start: str, end: str, without: str, enough: int) -> int:
        """How much can be sent from ``start`` to ``end`` through what is left out, one unit after the other."""
        moved: dict[str, int] = defaultdict(int)
        sent = 0
        while sent < enough:
            came: dict[str, tuple[str, str, int]] = {start: ("", "", 0)}
            ahead = [start]
            while ahead and end not in came:
                here = ahead.pop()
                for name, (tail, head, value, is_shown) in self.arcs.items():
                    if is_shown or name == without:
                        continue
                    if tail == here and head not in came:
                        came[head] = (here, name, 1)
                        ahead.append(head)
                    elif head == here and tail not in came and value + moved[name] > 0:
                        came[tail] = (here, name, -1)
                        ahead.append(tail)
            if end not in came:
                break
            here = end
            while here != start:
                here, name, step = came[here][0], came[here][1], came[here][2]
                moved[name] += step
            sent += 1
        return sent

    def values_possible(self, name: str) -> int:
        tail, head, value, _ = self.arcs[name]
        up = self.spare(head, tail, name, ENOUGH)
        down = self.spare(tail, head, name, value)
        return up + down + 1


def published(counts: Counts) -> tuple[GroupTable, dict[str, GroupTable]]:
    """The city's table by county, and each county's by town, as the group report makes them."""
    sums = {
        county: {name: sum(town[name] for town in towns.values()) for name in COLUMNS}
        for county, towns in counts.items()
    }
    city = group_table(sums, columns=COLUMNS, smallest=SMALLEST)
    below = {
        county: group_table(towns, columns=COLUMNS, smallest=SMALLEST, within=city.row(county))
        for county, towns in counts.items()
    }
    return city, below


def ledger_of(counts: Counts) -> Ledger:
    """All tables in one: a county's row of the city's table is the total row of the county's own."""
    city, below = published(counts)
    ledger = Ledger()
    grand = 0
    for county, towns in counts.items():
        table, whole = below[county], 0
        for name in COLUMNS:
            value = sum(town[name] for town in towns.values())
            whole += value
            shown = city.row(county).count(name) is not None or table.total.count(name) is not None
            ledger.add(f"{county}/{name}", f"{county}|{name}", f"column|{name}", value, is_shown=shown)
        for town, row in towns.items():
            line = table.row(town)
            for name in COLUMNS:
                ledger.add(
                    f"{county}/{town}/{name}",
                    f"{county}|{town}",
                    f"{county}|{name}",
                    row[name],
                    is_shown=line.count(name) is not None,
                )
            ledger.add(
                f"{county}/{town}",
                f"{county}|rows",
                f"{county}|{town}",
                sum(row.values()),
                is_shown=line.n is not None,
            )
        is_shown = city.row(county).n is not None or table.total.n is not None
        ledger.add(county, "rows", f"{county}|rows", whole, is_shown=is_shown)
        grand += whole
    for name in COLUMNS:
        value = sum(row[name] for towns in counts.values() for row in towns.values())
        ledger.add(name, f"column|{name}", "total", value, is_shown=city.total.count(name) is not None)
    ledger.add("all", "total", "rows", grand, is_shown=city.total.n is not None)
    return ledger


CELLS = st.integers(0, 14)
TREES = st.dictionaries(
    st.sampled_from(["A", "B", "C"]),
    st.dictionaries(
        st.sampled_from(["1", "2", "3"]),
        st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELLS)),
        min_size=1,
        max_size=3,
    ),
    min_size=2,
    max_size=3,
)


@settings(deadline=None)
@given(counts=TREES)
def test_no_small_count_can_be_worked_out_of_all_tables_together(counts: Counts) -> None:
    """Every count from 1 to 4, of a town or a county, is left out, and at least five values remain possible for it."""
    ledger = ledger_of(counts)
    for name, (_, _, value, is_shown) in ledger.arcs.items():
        if 0 < value < SMALLEST and name != "all":
            assert not is_shown, name
            assert ledger.values_possible(name) >= SMALLEST, name


def test_a_single_town_is_not_given_away_by_the_county_beside_it() -> None:
    """Left to themselves, the tables of A and of the city would leave four values for the one severe of B."""
    counts: Counts = {
        "A": {
            "1": {"none": 13, "mild": 10, "severe": 14},
            "2": {"none": 13, "mild": 4, "severe": 0},
            "3": {"none": 1, "mild": 8, "severe": 2},
        },
        "B": {"3": {"none": 3, "mild": 9, "severe": 1}},
    }
    assert ledger_of(counts).values_possible("B/severe") >= SMALLEST


def test_the_attack_finds_what_a_careless_table_gives_away() -> None:
    """Only one number left out of a column whose sum is told: one value remains possible."""
    ledger = Ledger()
    for name, value, is_shown in (("a", 3, False), ("b", 9, True)):
        ledger.add(name, "rows", "column", value, is_shown=is_shown)
    ledger.add("all", "column", "rows", 12, is_shown=True)
    assert ledger.values_possible("a") == 1
