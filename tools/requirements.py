"""Keeping ``docs/reference/requirements.csv`` true: what the ledger claims, beside what the tests are marked with.

``python -m tools.requirements`` prints every contradiction and how many requirements stand where; it exits 1 on a
contradiction. What happened in the last run is ``anxin trace``'s to tell.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from anxin.trace import STATES, Row, read_ledger

ROOT = Path(__file__).resolve().parents[1]
LEDGER = ROOT / "docs" / "reference" / "requirements.csv"
IDS = tuple(f"R-{number:03}" for number in range(1, 166))
Marks = Mapping[str, frozenset[str]]
"""Every test of the tree by its node id (``file::function``), with the requirements it is marked with."""


def parts(cell: str) -> list[str]:
    """What a cell lists."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def marks_in(source: str, file: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The tests of one file. A mark on a class counts for its methods."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            shared = _marked(node)
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name.startswith("test_"):
                    yield f"{file}::{node.name}::{method.name}", shared | _marked(method)
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield f"{file}::{node.name}", _marked(node)


def _marked(node: ast.FunctionDef | ast.ClassDef) -> frozenset[str]:
    return frozenset(
        argument.value
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Name)
        and decorator.func.id == "requirement"
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def marked_tests(root: Path = ROOT) -> dict[str, frozenset[str]]:
    """Every test that pytest would find, with its marks; nothing is imported."""
    found: dict[str, frozenset[str]] = {}
    for folder in ("anxin", "tests"):
        for file in sorted((root / folder).rglob("test_*.py")):
            found.update(marks_in(file.read_text(encoding="utf-8"), str(file.relative_to(root))))
    return found


def faults(rows: Iterable[Row], marks: Marks, root: Path = ROOT) -> list[str]:
    """Everything in the ledger that contradicts itself, the list of requirements or the tree."""
    rows = list(rows)
    found = [f"{one}: {times} rows" for one, times in Counter(row.id for row in rows).items() if times > 1]
    found += [f"{one}: no row" for one in IDS if one not in {row.id for row in rows}]
    for row in rows:
        found += [f"{row.id}: {fault}" for fault in _faults_of(row, marks, root)]
    return found


def _faults_of(row: Row, marks: Marks, root: Path) -> Iterator[str]:
    if row.id not in IDS:
        yield "there is no such requirement"
    if row.state not in STATES:
        yield f"the state {row.state!r} is none of {STATES}"
    tests, places = parts(row.test), parts(row.where)
    if row.state == "not yet" and (tests or places):
        yield "not there yet, and still names where it is or what proves it"
    if row.state != "not yet" and not places:
        yield "says nothing about where it is"
    if row.state == "works" and not tests:
        yield "works, and names no test"
    yield from (f"{place} does not exist" for place in places if not (root / place).exists())
    for test in tests:
        if test not in marks:
            yield f"the test {test} does not exist"
        elif row.state == "works" and row.id not in marks[test]:
            yield f"the test {test} does not carry its mark"


def strays(rows: Iterable[Row], marks: Marks) -> list[str]:
    """Marks that no row of the ledger answers: either the mark is wrong, or the ledger is behind."""
    begun = {row.id for row in rows if row.state != "not yet"}
    return sorted(f"{test}: {one}" for test, ids in marks.items() for one in ids - begun)


def main() -> int:
    """Print what is wrong."""
    rows, marks = read_ledger(LEDGER), marked_tests()
    wrong = faults(rows, marks)
    wrong += [f"marked, and not there yet in the ledger: {line}" for line in strays(rows, marks)]
    for line in wrong:
        print(line)
    counts = Counter(row.state for row in rows)
    print(", ".join(f"{counts[state]} {state}" for state in STATES))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
