"""From sheets to people: where the header is, how many rows there are, and each row read or with what is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import FileFault, FileRefused, RosterColumn, RosterHeader, RosterRow
from anxin.exchange.roster.shapes import Cells, Limits, Pieces, Sheet
from anxin.exchange.roster.sheets import open_sheets

_HEAD_ROWS = 20


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row with its place in the file (from 0, over all sheets). ``row`` is ``None`` where there is nobody."""

    place: int
    row: RosterRow | None


class RosterFile:
    """A file whose header was understood."""

    def __init__(self, sheets: Sequence[Sheet], limits: Limits) -> None:
        self._limits = limits
        found = [(sheet, campaigns.find_roster_header(_head(sheet))) for sheet in sheets]
        self.tables = [(sheet, header) for sheet, header in found if header is not None]
        if not self.tables:
            raise FileRefused(FileFault.NO_HEADER)
        for _, header in self.tables:
            campaigns.check_roster_header(header)
        self.total_rows = 0
        for _ in self._below_headers():
            self.total_rows += 1
            if self.total_rows > limits.rows:
                raise FileRefused(FileFault.TOO_MANY_ROWS, str(limits.rows))
        if not self.total_rows:
            raise FileRefused(FileFault.EMPTY)

    @property
    def columns(self) -> dict[str, str]:
        """Which column was recognised by which word, in the first table."""
        _, header = self.tables[0]
        return {column.value: header.titles[place] for column, place in header.places}

    def rows(self, *, start: int, today: date) -> Iterator[ReadRow]:
        """Every row from the place ``start`` on."""
        for place, (sheet, header, number, cells) in enumerate(self._below_headers()):
            if place < start:
                continue
            if campaigns.is_empty_roster_row(header, cells) or campaigns.is_roster_header_again(
                header, cells
            ):
                yield ReadRow(place, None)
                continue
            # a sheet for each class is named after it, and then has no column for it
            has_column = RosterColumn.GROUP in header.columns
            yield ReadRow(
                place,
                campaigns.read_roster_row(
                    header,
                    cells,
                    sheet=sheet.name if len(self.tables) > 1 else "",
                    number=number,
                    today=today,
                    default_group="" if has_column else campaigns.plain_cell(sheet.name),
                ),
            )

    def tables_as_read(self) -> Iterator[tuple[str, RosterHeader, Iterator[tuple[int, Cells]]]]:
        """Every table with what stands below its header, untouched."""
        for sheet, header in self.tables:
            yield (
                sheet.name,
                header,
                ((number, cells) for number, cells in sheet.rows() if number > header.row),
            )

    def _below_headers(self) -> Iterator[tuple[Sheet, RosterHeader, int, Cells]]:
        for sheet, header in self.tables:
            for number, cells in sheet.rows():
                if number > header.row:
                    yield sheet, header, number, cells


def open_roster(pieces: Pieces, limits: Limits) -> RosterFile:
    """The file, looked through once. Raises ``FileRefused``."""
    return RosterFile(open_sheets(pieces, limits), limits)


def _head(sheet: Sheet) -> list[tuple[int, Cells]]:
    head = []
    for row in sheet.rows():
        head.append(row)
        if len(head) == _HEAD_ROWS:
            break
    return head
