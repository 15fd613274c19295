"""Files from outside, looked over in one place before anything else reads them.

What a file is, its first bytes say, never its name or the type that a browser claims. A packed file is unpacked once,
counting, for what it says about itself is not to be relied upon. ``sites/uploads.py`` is the form field that asks all
of this; no view reads an upload without it.
"""

import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from anxin.kernel.errors import Refused

_CHUNK = 1 << 20
_HEAD = 4096
_LONGEST_NAME = 200
_PACKED = b"PK\x03\x04"
_MARKS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\xd0\xcf\x11\xe0", "old_office"),
)
# A part that is packed itself could hold what was not counted.
_NESTED = (_PACKED, b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_WORKBOOK, _DOCUMENT = "xl/workbook.xml", "word/document.xml"


class FileKind(StrEnum):
    """What a file is by its content."""

    DOCUMENT = "document"
    JPEG = "jpeg"
    OLD_OFFICE = "old_office"
    PDF = "pdf"
    PNG = "png"
    TEXT = "text"
    UNKNOWN = "unknown"
    WORKBOOK = "workbook"


class UploadFault(StrEnum):
    """Why a file is not taken."""

    DAMAGED = "damaged"
    EMPTY = "empty"
    KIND = "kind"
    OLD_OFFICE = "old_office"
    PROTECTED = "protected"
    TOO_LARGE = "too_large"
    UNPACKS_TOO_LARGE = "unpacks_too_large"


class UploadRefused(Refused):
    """A file that is not taken."""

    code = "upload-refused"
    message = "This file cannot be taken in."

    def __init__(self, fault: UploadFault, detail: str = "") -> None:
        super().__init__()
        self.fault, self.detail = fault, detail


@dataclass(frozen=True, slots=True)
class PackedLimits:
    """How much a packed file may come to.

    ``ratio`` is how many times its own size: a workbook of names comes to ten or twenty times, a bomb to a thousand.
    Below ``small`` unpacked bytes no ratio is asked for; a page of blanks packs that well. ``packed_bytes`` is its own
    size, where that has to be less than what is allowed for other files.
    """

    unpacked_bytes: int
    packed_bytes: int
    parts: int = 2000
    ratio: int = 200
    small: int = 10_000_000


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What is taken at one place."""

    kinds: frozenset[FileKind]
    most_bytes: int
    packed: PackedLimits


Inspect = Callable[[zipfile.ZipInfo, bytes], None]


def look_over(file: IO[bytes], *, size: int, limits: UploadLimits) -> FileKind:
    """What ``file`` is; it stands at its beginning again afterwards. Raises ``UploadRefused``."""
    if size > limits.most_bytes:
        raise UploadRefused(UploadFault.TOO_LARGE, megabytes(limits.most_bytes))
    kind = kind_of(file)
    if kind not in limits.kinds:
        raise UploadRefused(UploadFault.OLD_OFFICE if kind is FileKind.OLD_OFFICE else UploadFault.KIND)
    if kind in (FileKind.WORKBOOK, FileKind.DOCUMENT):
        unpack(file, limits.packed)
    file.seek(0)
    return kind


def megabytes(count: int) -> str:
    """As people read it."""
    return str(count // 1_000_000)


def kind_of(file: IO[bytes]) -> FileKind:
    """By its content; it stands at its beginning again afterwards. Raises ``UploadRefused``."""
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if not head:
        raise UploadRefused(UploadFault.EMPTY)
    for mark, kind in _MARKS:
        if head.startswith(mark):
            return FileKind(kind)
    if head.startswith(_PACKED):
        return _kind_of_packed(file)
    return FileKind.UNKNOWN if _is_binary(head) else FileKind.TEXT


def _is_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, as an old Excel saves text
        return False
    return b"\x00" in head or head.startswith(_NESTED)


def _kind_of_packed(file: IO[bytes]) -> FileKind:
    try:
        with zipfile.ZipFile(file) as held:
            names = {name.lower() for name in held.namelist()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise UploadRefused(UploadFault.DAMAGED) from None
    finally:
        file.seek(0)
    if _WORKBOOK in names:
        return FileKind.WORKBOOK
    return FileKind.DOCUMENT if _DOCUMENT in names else FileKind.UNKNOWN


def unpack(file: IO[bytes], limits: PackedLimits, inspect: Inspect | None = None) -> None:
    """Unpack every part once, counting; ``inspect`` is shown each piece. Raises ``UploadRefused``."""
    file.seek(0, 2)
    size = file.tell()
    if size > limits.packed_bytes:
        raise UploadRefused(UploadFault.TOO_LARGE, megabytes(limits.packed_bytes))
    most = min(limits.unpacked_bytes, max(limits.small, limits.ratio * size))
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as held:
            parts = held.infolist()
            if len(parts) > limits.parts or any(_leads_astray(part.filename) for part in parts):
                raise UploadRefused(UploadFault.DAMAGED)
            if any(part.flag_bits & 0x1 for part in parts):
                raise UploadRefused(UploadFault.PROTECTED)
            room = most
            for part in parts:
                room = _count(held, part, room, most, inspect)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError, OSError):
        raise UploadRefused(UploadFault.DAMAGED) from None


def _leads_astray(name: str) -> bool:
    return "\\" in name or ":" in name or name.startswith("/") or ".." in name.split("/") or "\x00" in name


def _count(
    held: zipfile.ZipFile, part: zipfile.ZipInfo, room: int, most: int, inspect: Inspect | None
) -> int:
    too_large = UploadRefused(UploadFault.UNPACKS_TOO_LARGE, megabytes(most))
    if part.file_size > room:
        raise too_large
    is_first = True
    with held.open(part) as content:
        while chunk := content.read(_CHUNK):
            room -= len(chunk)
            if room < 0:
                raise too_large
            if is_first and chunk.startswith(_NESTED):
                raise UploadRefused(UploadFault.DAMAGED)
            is_first = False
            if inspect is not None:
                inspect(part, chunk)
    return room


def safe_name(name: str) -> str:
    """The last part of a file's name as it may be shown and kept: no folder, no sign that moves others, no end missing.

    A sign that turns the direction of writing makes ``fdp.exe`` of ``exe.pdf``.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip().lstrip(".")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST_NAME and dot and len(ending) <= 8:
        return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
    return plain[:_LONGEST_NAME] or "-"
