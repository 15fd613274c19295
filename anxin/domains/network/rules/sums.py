"""Roll-ups on either tree and cross-tabs 条×块: every fact is counted once, nothing is lost."""

from collections.abc import Iterable, Mapping, Sequence

from anxin.domains.network.contracts import CrossTab

ELSEWHERE = ""


def roll_up_paths(facts: Iterable[tuple[str, int]], nodes: Sequence[str]) -> dict[str, int]:
    """The sum below each of ``nodes`` (paths that do not contain each other); what lies below none is ``ELSEWHERE``."""
    sums = dict.fromkeys(nodes, 0)
    for path, value in facts:
        home = next((node for node in nodes if path.startswith(node)), ELSEWHERE)
        sums[home] = sums.get(home, 0) + value
    return sums


def roll_up_parents(
    facts: Iterable[tuple[int | None, int]], parents: Mapping[int, int | None]
) -> dict[int | None, int]:
    """The sum at every node of a tree given by its parents, and under ``None`` what belongs to no node."""
    sums: dict[int | None, int] = dict.fromkeys(parents, 0)
    for node, value in facts:
        if node is None:
            sums[None] = sums.get(None, 0) + value
        while node is not None:
            sums[node] += value
            node = parents[node]
    return sums


def cross_tab(
    facts: Iterable[tuple[str, str, int]], *, rows: Sequence[str], columns: Sequence[str]
) -> CrossTab:
    """Sums by row and column; a fact outside the named rows or columns goes to an ``ELSEWHERE`` line at the end."""
    sums: dict[tuple[str, str], int] = {}
    for row, column, value in facts:
        key = (row if row in rows else ELSEWHERE, column if column in columns else ELSEWHERE)
        sums[key] = sums.get(key, 0) + value
    all_rows = [*rows, ELSEWHERE] if any(row == ELSEWHERE for row, _ in sums) else list(rows)
    all_columns = [*columns, ELSEWHERE] if any(column == ELSEWHERE for _, column in sums) else list(columns)
    cells = tuple(tuple(sums.get((row, column), 0) for column in all_columns) for row in all_rows)
    return CrossTab(
        rows=tuple(all_rows),
        columns=tuple(all_columns),
        cells=cells,
        row_totals=tuple(sum(line) for line in cells),
        column_totals=tuple(sum(line[index] for line in cells) for index in range(len(all_columns))),
        total=sum(sums.values()),
    )
