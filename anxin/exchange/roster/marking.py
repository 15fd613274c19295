"""The file as it came, with a column more that says what is wrong, and the cells in question coloured.

Every cell is written as text and marked as such, so nothing in it is ever a formula, and no number is rounded again. It
is made in memory: names and numbers never lie open on a disk. Of a very long file only the faulty rows come back, with
the number they had.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import RosterColumn, RosterHeader
from anxin.exchange.roster import words
from anxin.exchange.roster.reading import RosterFile

MAX_ROWS = 50_000
_LONGEST_CELL = 32_000


@dataclass(frozen=True, slots=True)
class Mark:
    """One fault of one row."""

    sheet: str
    row: int
    column: str
    fault: str
    detail: str


def marked_copy(file: RosterFile, marks: Iterable[Mark]) -> bytes:
    """The workbook to give back, in the language that is active."""
    by_row: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        by_row[mark.sheet, mark.row].append(mark)
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    pen = _Pen(book)
    only_faulty = file.total_rows > MAX_ROWS
    for name, header, rows in file.tables_as_read():
        key = name if len(file.tables) > 1 else ""
        pen.write_sheet(name, header, _chosen(rows, key, by_row, only_faulty), by_row, key)
    book.close()
    return held.getvalue()


def _chosen(
    rows: Iterator[tuple[int, Sequence[object]]],
    key: str,
    by_row: Mapping[tuple[str, int], list[Mark]],
    only_faulty: bool,
) -> Iterator[tuple[int, Sequence[object]]]:
    left = MAX_ROWS
    for number, cells in rows:
        if left and (not only_faulty or (key, number) in by_row):
            left -= 1
            yield number, cells


class _Pen:
    """Writes sheets of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        as_text = {"num_format": "@", "quote_prefix": True}
        self.book = book
        self.plain = book.add_format(as_text)
        self.wrong = book.add_format(
            {**as_text, "bg_color": "#ffe29a", "border": 1, "border_color": "#9a7400"}
        )
        self.says = book.add_format({"bg_color": "#ffe29a", "text_wrap": True, "bold": True})
        self.head = book.add_format({"bold": True, "bottom": 2})

    def write_sheet(
        self,
        name: str,
        header: RosterHeader,
        rows: Iterator[tuple[int, Sequence[object]]],
        by_row: Mapping[tuple[str, int], list[Mark]],
        key: str,
    ) -> None:
        """One table: the problem first, then the row it had, then everything as it was."""
        sheet = self.book.add_worksheet(_sheet_name(name))
        sheet.write_string(0, 0, words.problem_title(), self.head)
        sheet.write_string(0, 1, words.row_title(), self.head)
        for place, title in enumerate(header.titles):
            sheet.write_string(0, place + 2, title, self.head)
        sheet.set_column(0, 0, 44)
        sheet.set_column(2, len(header.titles) + 1, 16)
        sheet.freeze_panes(1, 2)
        for line, (number, cells) in enumerate(rows, start=1):
            self._write_row(sheet, line, number, cells, by_row.get((key, number), []), header.columns)

    def _write_row(
        self,
        sheet: xlsxwriter.worksheet.Worksheet,
        line: int,
        number: int,
        cells: Sequence[object],
        marks: Sequence[Mark],
        columns: Mapping[RosterColumn, int],
    ) -> None:
        if marks:
            said = [
                f"{words.column_words(one.column)}: {words.row_words(one.fault, one.detail)}" for one in marks
            ]
            sheet.write_string(line, 0, " ".join(said), self.says)
        sheet.write_number(line, 1, number)
        wrong = {columns.get(RosterColumn(one.column)) for one in marks}
        for place, cell in enumerate(cells):
            text = campaigns.plain_cell(cell)[:_LONGEST_CELL]
            if text or place in wrong:
                sheet.write_string(line, place + 2, text, self.wrong if place in wrong else self.plain)


def _sheet_name(name: str) -> str | None:
    clean = "".join(character for character in name if character not in "[]:*?/\\'")[:31].strip()
    return clean or None
