"""Tables of counts in which no small number can be read or worked out.

A count below the limit is left out, and so are as many others as it takes that the totals do not give it away
(complementary suppression). The table with its margins is a circulation: each count is an arc, each sum a node where
as much flows out as in. A count that is left out can be anything the remaining sums allow, and how far it can move is
a flow through the other counts left out (Cox LH (1995). Network models for complementary cell suppression. Journal of
the American Statistical Association 90(432): 1453-1462). Nothing here knows what is counted.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from anxin.kernel.proportions import Proportion, wilson

SMALLEST = 10
"""Below so many nobody is counted by themselves."""

Node = tuple[str, str]
Arc = tuple[Node, Node]

_ROWS: Node = ("margin", "rows")
_TOTAL: Node = ("margin", "total")
_FAR = 10**12


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One row. ``None`` stands for a number that is not shown; ``n`` is the sum of ``counts``."""

    key: str
    columns: tuple[str, ...]
    n: int | None
    counts: tuple[int | None, ...]

    def count(self, column: str) -> int | None:
        """One count of the row."""
        return self.counts[self.columns.index(column)]

    def share(self, *columns: str) -> Proportion | None:
        """These columns together as a share of the row with a 95 % Wilson interval; None where a number is missing."""
        parts = [self.count(column) for column in columns]
        if self.n is None or None in parts:
            return None
        return wilson(sum(part for part in parts if part is not None), self.n)

    @property
    def hidden(self) -> frozenset[str]:
        """The columns not shown."""
        return frozenset(name for name, count in zip(self.columns, self.counts, strict=True) if count is None)


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Rows in the order they were given (never by size: this is no league table), and their total."""

    columns: tuple[str, ...]
    rows: tuple[GroupLine, ...]
    total: GroupLine
    smallest: int

    def row(self, key: str) -> GroupLine:
        """Raises ``KeyError``."""
        for line in self.rows:
            if line.key == key:
                return line
        raise KeyError(key)

    @property
    def has_hidden(self) -> bool:
        """Whether any number is left out, so that the page can say why."""
        return any(line.n is None or None in line.counts for line in (*self.rows, self.total))


def keys_to_hide(
    counts: Mapping[str, int], *, smallest: int = SMALLEST, also: Iterable[str] = ()
) -> frozenset[str]:
    """Which counts of one line are left out, or counted together. Nobody stands behind a zero, so zeros stay.

    They are at least two and together reach ``smallest``; otherwise the next smallest join them. ``also`` are left
    out in any case.
    """
    known = frozenset(also)
    ordered = sorted((key for key, value in counts.items() if value), key=lambda key: (counts[key], key))
    hidden = [*known, *(key for key in ordered if key not in known and counts[key] < smallest)]
    if not hidden:
        return frozenset()
    for key in ordered:
        if len(hidden) > 1 and sum(counts[one] for one in hidden) >= smallest:
            break
        if key not in hidden:
            hidden.append(key)
    return frozenset(hidden)


def group_table(
    counts: Mapping[str, Mapping[str, int]],
    *,
    columns: Sequence[str],
    smallest: int = SMALLEST,
    within: GroupLine | None = None,
) -> GroupTable:
    """The table as it may be shown: ``counts[row][column]``, rows in their given order.

    After it, whoever knows every sum still finds more than ``smallest`` values possible for each count between 1 and
    ``smallest - 1``. What the total row leaves out depends on the totals alone, so that two tables of the same people
    split differently leave out the same. ``within`` is the row of a wider table that this one splits: what is left
    out there stays left out here, and can move as far as the wider table relies on: who lays the tables of a whole tree
    side by side still finds ``smallest`` values possible for each small count (``tests/test_small_cells_attack.py``).
    Two tables that cross (areas by ages, ages by areas) must not both be shown.
    """
    if smallest < 2:
        raise ValueError("a limit below two protects nobody")
    names = tuple(columns)
    plain = {key: {name: row.get(name, 0) for name in names} for key, row in counts.items()}
    if any(value < 0 for row in plain.values() for value in row.values()):
        raise ValueError("a count is never negative")
    totals = {name: sum(row[name] for row in plain.values()) for name in names}
    everybody = sum(totals.values())
    if 0 < everybody < smallest or (within is not None and within.n is None):
        return _nothing(plain, names, smallest)
    if within is not None and any(within.count(name) not in (None, totals[name]) for name in names):
        raise ValueError("the rows do not add up to the row they split")
    out_of_total = keys_to_hide(totals, smallest=smallest, also=within.hidden if within else ())
    carried = within.hidden if within else frozenset()
    plan = _Plan(plain, totals, out_of_total, smallest, carried)
    plan.settle()
    total = tuple(None if name in out_of_total else totals[name] for name in names)
    return GroupTable(
        columns=names,
        rows=tuple(plan.line(key, names) for key in plain),
        total=GroupLine("", names, everybody, total),
        smallest=smallest,
    )


def _nothing(plain: Iterable[str], names: tuple[str, ...], smallest: int) -> GroupTable:
    blank = (None,) * len(names)
    rows = tuple(GroupLine(key, names, None, blank) for key in plain)
    return GroupTable(names, rows, GroupLine("", names, None, blank), smallest)


class _Plan:
    """The table as arcs between its sums, and which of them are left out so far."""

    def __init__(
        self,
        plain: Mapping[str, Mapping[str, int]],
        totals: Mapping[str, int],
        out_of_total: frozenset[str],
        smallest: int,
        carried: frozenset[str],
    ) -> None:
        self.smallest = smallest
        self.values: dict[Arc, int] = {}
        for key, row in plain.items():
            self.values[_ROWS, ("row", key)] = sum(row.values())
            for name, count in row.items():
                self.values[("row", key), ("column", name)] = count
        for name, count in totals.items():
            self.values[("column", name), _TOTAL] = count
        self.values[_TOTAL, _ROWS] = sum(totals.values())
        self.beside: dict[Node, list[tuple[Arc, bool]]] = {}
        for arc in self.values:
            self.beside.setdefault(arc[0], []).append((arc, True))
            self.beside.setdefault(arc[1], []).append((arc, False))
        self.hidden: set[Arc] = {(("column", name), _TOTAL) for name in out_of_total}
        self.guarded = set(self.hidden)
        # The wider table counts on these to move, either way: its own small numbers hide behind them.
        self.both_ways = {(("column", name), _TOTAL) for name in carried}
        sums = {key: sum(row.values()) for key, row in plain.items()}
        for key in keys_to_hide(sums, smallest=smallest):
            self._hide_row(key)
        self.guarded |= {arc for arc, value in self.values.items() if 0 < value < smallest}
        self.hidden |= self.guarded

    def line(self, key: str, names: tuple[str, ...]) -> GroupLine:
        node = ("row", key)
        shown = tuple(self._shown((node, ("column", name))) for name in names)
        return GroupLine(key, names, self._shown((_ROWS, node)), shown)

    def settle(self) -> None:
        """Leave out more until nothing guarded can be worked out."""
        open_arcs = deque(sorted(self.guarded))
        while open_arcs:
            arc = open_arcs.popleft()
            missing, is_down = self._short_of(arc)
            if missing <= 0:
                continue
            before = len(self.hidden)
            for one in self._more_for(arc, missing, is_down=is_down):
                self._hide(one)
            if len(self.hidden) == before:
                return
            # What was safe stays safe when more is left out; this one may need another way round.
            open_arcs.append(arc)

    def _more_for(self, arc: Arc, missing: int, *, is_down: bool) -> list[Arc]:
        """What to leave out next: a way round that carries everything, or a part of it; else the row; else all rows."""
        for amount in (self.smallest, missing, (missing + 1) // 2, 1):
            more = self._cheapest_way_round(arc, amount, is_down=is_down)
            if more:
                return more
        rows = [node for node in arc if node[0] == "row" and (_ROWS, node) not in self.hidden]
        rows = rows or [node for node in self.beside if node[0] == "row"]
        return [(_ROWS, node) for node in rows]

    def _shown(self, arc: Arc) -> int | None:
        return None if arc in self.hidden else self.values[arc]

    def _hide(self, arc: Arc) -> None:
        if arc[0] == _ROWS:
            self._hide_row(arc[1][1])
        self.hidden.add(arc)

    def _hide_row(self, key: str) -> None:
        self.hidden |= {arc for arc, _ in self.beside[("row", key)]}

    def _short_of(self, arc: Arc) -> tuple[int, bool]:
        """How many more values than now must be possible, and whether below it.

        The sums known, an arc moves as far as a cycle carries it.
        """
        enough = self.smallest
        start, end = arc
        up = self._carries(end, start, arc, enough)
        if arc in self.both_ways:
            if up < enough:
                return enough - up, False
            far = min(self.values[arc], enough)
            return far - self._carries(start, end, arc, far), True
        if up >= enough:
            return 0, False
        down = self._carries(start, end, arc, min(self.values[arc], enough - up))
        return enough - up - down, False

    def _carries(self, start: Node, end: Node, without: Arc, enough: int) -> int:
        """How much can be sent from ``start`` to ``end`` through what is left out, up to ``enough``."""
        moved: dict[Arc, int] = {}
        sent = 0
        while sent < enough:
            way = self._way(start, end, without, moved)
            if way is None:
                break
            step = min(
                [enough - sent]
                + [self.values[arc] + moved.get(arc, 0) for arc, forward in way if not forward]
            )
            for arc, forward in way:
                moved[arc] = moved.get(arc, 0) + (step if forward else -step)
            sent += step
        return sent

    def _way(
        self, start: Node, end: Node, without: Arc, moved: Mapping[Arc, int]
    ) -> list[tuple[Arc, bool]] | None:
        """Some way, found by going deep: with hundreds of rows a shortest one costs more than it saves."""

        def is_open(arc: Arc, forward: bool) -> bool:
            if arc == without or arc not in self.hidden:
                return False
            return forward or self.values[arc] + moved.get(arc, 0) > 0

        way: list[tuple[Arc, bool]] = []
        seen, ahead = {start}, [(start, iter(self.beside[start]))]
        while ahead:
            here, steps = ahead[-1]
            for arc, forward in (((here, end), True), ((end, here), False)):
                if arc in self.values and is_open(arc, forward):
                    return [*way, (arc, forward)]
            for arc, forward in steps:
                there = arc[1] if forward else arc[0]
                if there not in seen and is_open(arc, forward):
                    seen.add(there)
                    way.append((arc, forward))
                    ahead.append((there, iter(self.beside[there])))
                    break
            else:
                ahead.pop()
                del way[-1:]
        return None

    def _cheapest_way_round(self, arc: Arc, amount: int, *, is_down: bool = False) -> list[Arc] | None:
        """What to leave out so that ``arc`` can grow (or shrink) by ``amount``: few counts, then small ones."""
        start, end = arc if is_down else (arc[1], arc[0])
        best: dict[Node, int] = {start: 0}
        came: dict[Node, tuple[Node, Arc]] = {}
        heap: list[tuple[int, Node]] = [(0, start)]
        while heap:
            cost, here = heappop(heap)
            if here == end:
                return [one for one in _walked(came, start, end) if one not in self.hidden]
            if cost > best[here]:
                continue
            for one, forward in self.beside[here]:
                price = self._price(one)
                if one == arc or price is None or (not forward and self.values[one] < amount):
                    continue
                there = one[1] if forward else one[0]
                if cost + price < best.get(there, _FAR**2):
                    best[there] = cost + price
                    came[there] = (here, one)
                    heappush(heap, (cost + price, there))
        return None

    def _price(self, arc: Arc) -> int | None:
        """Free when left out already. The total row is given, and a whole row is dear."""
        if arc in self.hidden:
            return 0
        if _TOTAL in arc:
            return None
        return (1000 if arc[0] == _ROWS else 1) * _FAR + self.values[arc]


def _walked(came: Mapping[Node, tuple[Node, Arc]], start: Node, end: Node) -> list[Arc]:
    way: list[Arc] = []
    here = end
    while here != start:
        here, arc = came[here]
        way.append(arc)
    return way
