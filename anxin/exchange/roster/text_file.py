"""CSV and its relatives: UTF-8 with and without a mark, UTF-16, the GBK of older office machines. Read in a stream."""

import codecs
import csv
import io
from collections.abc import Iterator

from anxin.domains.campaigns import api as campaigns
from anxin.domains.campaigns.contracts import FileFault, FileRefused
from anxin.exchange.roster.shapes import Cells, Limits, Pieces

DELIMITERS = ",\t;|，"
_LINE_LIMIT = 100_000
_SAMPLE_LINES = 25


def open_text(pieces: Pieces, limits: Limits) -> "TextSheet":
    """The one table of a text file. Raises ``FileRefused``."""
    encoding = find_encoding(pieces)
    sample = []
    for line in _lines(pieces, encoding):
        sample.append(line)
        if len(sample) == _SAMPLE_LINES:
            break
    return TextSheet(pieces, encoding, _delimiter(sample), limits)


class TextSheet:
    """A text file as a sheet."""

    name = ""

    def __init__(self, pieces: Pieces, encoding: str, delimiter: str, limits: Limits) -> None:
        self.encoding, self.delimiter = encoding, delimiter
        self._pieces, self._limits = pieces, limits

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Row by row; a quotation mark that is never closed ends it with where it was opened."""
        reader = csv.reader(_lines(self._pieces, self.encoding), delimiter=self.delimiter, strict=True)
        number = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise FileRefused(FileFault.OPEN_QUOTE, str(number + 1)) from None
            number += 1
            yield number, list(cells[: self._limits.columns])


def find_encoding(pieces: Pieces) -> str:
    """By its mark, by its noughts, by what it can be. Raises ``FileRefused``."""
    head = next(iter(pieces()), b"")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        candidates: tuple[str, ...] = ("utf-8-sig",)
    elif b"\0" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        candidates = ("utf-16-le",) if odd > even else ("utf-16-be",)
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        if _decodes(pieces, encoding):
            return encoding
    raise FileRefused(FileFault.ENCODING)


def _decodes(pieces: Pieces, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces():
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(sample: list[str]) -> str:
    """The one under which the header names most columns."""

    def columns(delimiter: str) -> int:
        try:
            rows = list(csv.reader(sample, delimiter=delimiter))
        except csv.Error:
            return 0
        header = campaigns.find_roster_header(list(enumerate(rows, start=1)))
        return len(header.places) if header else 0

    return max(DELIMITERS, key=columns)


class _Stream(io.RawIOBase):
    """Pieces as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # a buffer of any kind
        """The next bytes."""
        if not self._held:
            self._held = next(self._pieces, b"")
        count = min(len(buffer), len(self._held))
        buffer[:count], self._held = self._held[:count], self._held[count:]
        return count


def _lines(pieces: Pieces, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(io.BufferedReader(_Stream(pieces()), 1 << 18), encoding=encoding, newline="")
    try:
        while line := text.readline(_LINE_LIMIT):
            if len(line) == _LINE_LIMIT:
                raise FileRefused(FileFault.TOO_WIDE)
            yield line
    except UnicodeDecodeError:
        raise FileRefused(FileFault.ENCODING) from None
