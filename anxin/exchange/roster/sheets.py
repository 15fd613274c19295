"""A file as sheets of rows, whatever it was. What it is, its first bytes say, not its name."""

import io

from anxin.domains.campaigns.contracts import FileFault, FileRefused
from anxin.exchange.roster import text_file, workbook
from anxin.exchange.roster.shapes import Limits, Pieces, Sheet

_LOOKED_AT = 4096


def open_sheets(pieces: Pieces, limits: Limits) -> list[Sheet]:
    """The visible sheets of a file. Raises ``FileRefused`` with what to do."""
    head = _head(pieces)
    if not head.strip():
        raise FileRefused(FileFault.EMPTY)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        is_locked = "EncryptedPackage".encode("utf-16-le") in b"".join(pieces())
        raise FileRefused(FileFault.PROTECTED if is_locked else FileFault.OLD_EXCEL)
    if head.startswith(b"PK\x03\x04"):
        return list(workbook.open_workbook(_whole(pieces, limits.workbook_bytes), limits))
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise FileRefused(FileFault.NOT_A_TABLE)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise FileRefused(FileFault.NOT_A_TABLE)  # a web page that calls itself .xls
    return [text_file.open_text(pieces, limits)]


def _head(pieces: Pieces) -> bytes:
    return next(iter(pieces()), b"")[:_LOOKED_AT]


def _whole(pieces: Pieces, limit: int) -> io.BytesIO:
    """A workbook has its contents list at the end, so it is read as a whole; text never is."""
    held = io.BytesIO()
    for piece in pieces():
        held.write(piece)
        if held.tell() > limit:
            raise FileRefused(FileFault.TOO_LARGE, str(limit // 1_000_000))
    held.seek(0)
    return held
