"""What a leader may learn of single warnings: one release of each finished week, and every page a view of it.

The warnings of one week are split by one trait after the other. A value is released where enough warnings share it and
everything released before; what is left over goes on together, never one value alone and never fewer than enough. So
each warning released stands in a class of at least ``smallest`` that look the same, whoever asks, on whatever page:
what a page of a county, a filter or a chart shows is a sum of whole classes, and so is any difference of two of them.
A week that still runs releases nothing, or the classes of today and tomorrow would differ by one person.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from anxin.domains.indicators.rules.suppression import keys_to_merge

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """One warning as it may be shown: for each trait its value, or None where it would stand for too few."""

    values: tuple[Hashable | None, ...]


def release(rows: Sequence[Key], *, smallest: int) -> list[Released]:
    """The rows of one finished week, in their order. Fewer than ``smallest`` in all release nothing.

    Each row gives its traits in the order in which they are split, the most useful first.
    """
    found: list[tuple[Hashable | None, ...]] = [()] * len(rows)
    width = len(rows[0]) if rows else 0
    if len(rows) < smallest:
        return [Released((None,) * width) for _ in rows]
    _split(rows, list(range(len(rows))), 0, width, smallest, found)
    return [Released(values) for values in found]


def _split(
    rows: Sequence[Key],
    members: Sequence[int],
    place: int,
    width: int,
    smallest: int,
    found: list[tuple[Hashable | None, ...]],
) -> None:
    if place == width:
        return
    groups: dict[Hashable, list[int]] = {}
    for member in members:
        groups.setdefault(rows[member][place], []).append(member)
    names = {repr(value): value for value in groups}
    together = keys_to_merge({name: len(groups[names[name]]) for name in names}, smallest=smallest)
    classes: list[tuple[Hashable | None, list[int]]] = [
        (value, groups[value]) for name, value in names.items() if name not in together
    ]
    rest = [member for name in together for member in groups[names[name]]]
    if rest:
        classes.append((None, sorted(rest)))
    for value, part in classes:
        for member in part:
            found[member] = (*found[member], value)
        _split(rows, part, place + 1, width, smallest, found)
