"""Files of lines: one JSON object a line. ``docs/reference/simulation.md`` says what each means."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

_RANKS = {"begun": 0, "posted": 1, "left": 1, "told": 2, "alarm": 3, "over": 6}
_TIMELINE, _CLOCKS = 4, 5


def in_order(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By time; within one moment what was told, then what the service wrote, then its clocks."""
    return sorted(lines, key=lambda line: (datetime.fromisoformat(line["time"]), _rank(line["kind"])))


def _rank(kind: str) -> int:
    return _RANKS.get(kind, _CLOCKS if kind.startswith("clock_") else _TIMELINE)


def read(file: Path) -> list[dict[str, Any]]:
    """The lines of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def save(lines: Iterable[dict[str, Any]], file: Path) -> None:
    """Write them."""
    with file.open("w", encoding="utf-8") as out:
        for line in lines:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
