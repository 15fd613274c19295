"""Tables to take away, as CSV or as a workbook. No cell is ever a formula, whatever stands in it."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

Cell = str | int | float | None
Row = Sequence[Cell]

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet may take for the beginning of a formula, also behind blanks it would drop (OWASP, CSV injection).
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(rows: Sequence[Row]) -> bytes:
    """With a byte-order mark, so that spreadsheets read the Chinese."""
    held = io.StringIO()
    csv.writer(held).writerows([[_plain(cell) for cell in row] for row in rows])
    return ("\ufeff" + held.getvalue()).encode()


def as_xlsx(rows: Sequence[Row], *, sheet: str) -> bytes:
    """A workbook of one sheet; the first row is its head. Text is written as text."""
    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, options) as book:
        page = book.add_worksheet(_sheet_name(sheet))
        bold = book.add_format({"bold": True, "text_wrap": True})
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float):
                    page.write_number(place, column, cell)
                else:
                    page.write_string(place, column, cell or "", bold if place == 0 else None)
        page.freeze_panes(1, 1)
        page.set_column(0, 0, 28)
        page.set_column(1, max((len(row) for row in rows), default=1), 16)
    return held.getvalue()


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_STARTERS):
        return "'" + cell
    return cell


def _sheet_name(words: str) -> str:
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in words)[:31] or "1"
