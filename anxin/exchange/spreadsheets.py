"""Tables to take away, as CSV or as a workbook. No cell is ever a formula, whatever stands in it."""

import csv
import io
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

Cell = str | int | float | None
Row = Sequence[Cell]

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAGE = re.compile(rb"<pageMargins [^>]*/>")
# What a spreadsheet may take for the beginning of a formula, also behind blanks it would drop (OWASP, CSV injection).
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(rows: Sequence[Row], *, watermark: str = "") -> bytes:
    """With a byte-order mark, so that spreadsheets read the Chinese. A watermark is the first line and the last."""
    held = io.StringIO()
    edge: list[Row] = [(watermark,)] if watermark else []
    csv.writer(held).writerows([[_plain(cell) for cell in row] for row in (*edge, *rows, *edge)])
    return ("\ufeff" + held.getvalue()).encode()


def as_xlsx(rows: Sequence[Row], *, sheet: str, watermark: str = "") -> bytes:
    """A workbook of one sheet; the first row is its head. Text is written as text.

    A watermark stands at the head and foot of every printed page and in the properties of the file.
    """
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
        if watermark:
            book.set_properties({"comments": watermark, "keywords": watermark})
            # "&" begins a code in a header, and a header holds 255 characters.
            printed = watermark.replace("&", "&&")[:240]
            page.set_header(f"&C{printed}")
            page.set_footer(f"&C{printed}")
        page.freeze_panes(1, 1)
        page.set_column(0, 0, 28)
        page.set_column(1, max((len(row) for row in rows), default=1), 16)
    return held.getvalue()


def with_watermark(workbook: bytes, watermark: str) -> bytes:
    """A workbook made here, with the watermark on every printed page and in the properties of the file.

    The parts are copied as they are, so that a file of a hundred thousand rows need not be read again.
    """
    words = escape(watermark)
    printed = escape(watermark.replace("&", "&&")[:240])
    band = f"<headerFooter><oddHeader>&amp;C{printed}</oddHeader><oddFooter>&amp;C{printed}</oddFooter></headerFooter>"
    held = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as source, ZipFile(held, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.startswith("xl/worksheets/sheet"):
                content = _PAGE.sub(lambda found: found.group() + band.encode(), content, count=1)
            elif part.filename == "docProps/core.xml":
                told = f"<dc:description>{words}</dc:description></cp:coreProperties>"
                content = content.replace(b"</cp:coreProperties>", told.encode())
            target.writestr(part, content)
    return held.getvalue()


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_STARTERS):
        return "'" + cell
    return cell


def _sheet_name(words: str) -> str:
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in words)[:31] or "1"
