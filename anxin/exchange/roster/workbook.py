"""xlsx: looked over as a zip file first, so that a small one cannot become a huge one; then read by calamine."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from anxin.domains.campaigns.contracts import FileFault, FileRefused
from anxin.exchange.roster.shapes import Cells, Limits
from anxin.kernel.uploads import FileKind, PackedLimits, UploadFault, UploadRefused, kind_of, unpack

_OVERLAP = 400
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_FAR_ROW = re.compile(rb"""<(?:\w+:)?(?:row|c)\s[^>]{0,300}?\br=["'][A-Z]{0,3}([0-9]{6,10})["']""")
_FAR_COLUMN = re.compile(rb"""<(?:\w+:)?c\s[^>]{0,300}?\br=["']([A-Z]{3})[0-9]+["'][^>]{0,300}(?<!/)>""")
_FAULTS = {
    UploadFault.DAMAGED: FileFault.DAMAGED,
    UploadFault.EMPTY: FileFault.EMPTY,
    UploadFault.PROTECTED: FileFault.PROTECTED,
    UploadFault.TOO_LARGE: FileFault.TOO_LARGE,
    UploadFault.UNPACKS_TOO_LARGE: FileFault.TOO_LARGE,
}
Range = tuple[tuple[int, int], tuple[int, int]]


def open_workbook(held: io.BytesIO, limits: Limits) -> Iterator["WorkbookSheet"]:
    """The visible sheets. Raises ``FileRefused``."""
    _look_over(held, limits)
    held.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(held)
        for place, described in enumerate(book.sheets_metadata):
            if described.typ is SheetTypeEnum.WorkSheet and described.visible is SheetVisibleEnum.Visible:
                yield WorkbookSheet(described.name, book.get_sheet_by_index(place), limits)
    except CalamineError:
        raise FileRefused(FileFault.DAMAGED) from None


class WorkbookSheet:
    """One sheet. A cell that was merged downwards says in each of its rows what it says in the first."""

    def __init__(self, name: str, sheet: CalamineSheet, limits: Limits) -> None:
        self.name = name[:40]
        self._sheet, self._limits = sheet, limits
        self._left = sheet.start[1] if sheet.start else 0
        self._merged = sorted(
            (one for one in sheet.merged_cell_ranges or () if one[1][0] > one[0][0]), key=lambda one: one[0]
        )

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Row by row, columns counted from the first that holds anything."""
        held: dict[int, tuple[int, object]] = {}  # column → (last row, what it says)
        waiting = 0
        for place, row in enumerate(self._sheet.iter_rows()):
            cells: Cells = list(row[: self._limits.columns])
            for column, (last, value) in list(held.items()):
                if place > last:
                    del held[column]
                elif column < len(cells) and cells[column] in ("", None):
                    cells[column] = value
            waiting = self._begin_merged(place, cells, held, waiting)
            yield place + 1, cells

    def _begin_merged(
        self, place: int, cells: Sequence[object], held: dict[int, tuple[int, object]], waiting: int
    ) -> int:
        while waiting < len(self._merged) and self._merged[waiting][0][0] <= place:
            (first, left), (last, _) = self._merged[waiting]
            column = left - self._left
            if first == place and 0 <= column < len(cells):
                held[column] = (last, cells[column])
            waiting += 1
        return waiting


def _look_over(held: io.BytesIO, limits: Limits) -> None:
    """Unpack every part once, counting: what a zip file says about itself is not to be relied upon."""
    packed = PackedLimits(unpacked_bytes=limits.unpacked_bytes, packed_bytes=limits.workbook_bytes)
    try:
        if kind_of(held) is not FileKind.WORKBOOK:
            raise FileRefused(FileFault.NOT_A_TABLE)
        unpack(held, packed, _Counter(limits))
    except UploadRefused as refused:
        raise FileRefused(_FAULTS[refused.fault], refused.detail) from None


class _Counter:
    """Looks for rows and cells too many or too far away in the sheets, piece by piece."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._part, self._tail, self._rows = "", b"", 0

    def __call__(self, part: zipfile.ZipInfo, chunk: bytes) -> None:
        if not part.filename.lower().startswith("xl/worksheets/"):
            return
        if part.filename != self._part:
            self._part, self._tail, self._rows = part.filename, b"", 0
        self._rows += len(_ROW.findall(chunk))
        _demand_near(self._tail + chunk, self._rows, self._limits)
        self._tail = chunk[-_OVERLAP:]


def _demand_near(xml: bytes, rows: int, limits: Limits) -> None:
    """A cell in the farthest corner makes a table of seventeen thousand million cells."""
    if rows > limits.workbook_rows or any(
        int(found[1]) > limits.workbook_rows for found in _FAR_ROW.finditer(xml)
    ):
        raise FileRefused(FileFault.TOO_MANY_ROWS, str(limits.workbook_rows))
    if _FAR_COLUMN.search(xml):
        raise FileRefused(FileFault.TOO_WIDE)
