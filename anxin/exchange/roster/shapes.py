"""What every kind of file looks like to the reader of rosters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

Pieces = Callable[[], Iterator[bytes]]
Cells = list[object]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is looked at at all."""

    rows: int
    workbook_rows: int
    workbook_bytes: int
    unpacked_bytes: int
    columns: int = 200


class Sheet(Protocol):
    """One table; ``rows`` may be called again and yields (number as people count, cells)."""

    name: str

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """From the first row on."""
