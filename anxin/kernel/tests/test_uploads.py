"""A file is what its content says, within limits that do not believe it."""

import io
import itertools
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel.uploads import (
    FileKind,
    PackedLimits,
    UploadFault,
    UploadLimits,
    UploadRefused,
    kind_of,
    look_over,
    safe_name,
)

BOOK = "xl/workbook.xml"
LIMITS = UploadLimits(
    kinds=frozenset({FileKind.WORKBOOK, FileKind.TEXT, FileKind.PDF}),
    most_bytes=1_000_000,
    packed=PackedLimits(unpacked_bytes=5_000_000, packed_bytes=500_000, parts=20, ratio=50, small=100_000),
)


def packed(*parts: tuple[str, bytes]) -> bytes:
    """A zip file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return held.getvalue()


def seen(content: bytes) -> FileKind:
    """What it is taken for."""
    return look_over(io.BytesIO(content), size=len(content), limits=LIMITS)


def fault(content: bytes) -> UploadFault:
    """Why it is refused."""
    with pytest.raises(UploadRefused) as refused:
        seen(content)
    return refused.value.fault


def _lying(content: bytes) -> bytes:
    """The same archive, in which every part says that it unpacks to one byte."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = [part.file_size for part in archive.infolist()]
    for size in sizes:
        content = content.replace(size.to_bytes(4, "little"), (1).to_bytes(4, "little"))
    return content


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("姓名,班级\n".encode(), FileKind.TEXT),
        ("姓名,班级\n".encode("gb18030"), FileKind.TEXT),
        ("姓名,班级\n".encode("utf-16"), FileKind.TEXT),
        (b"%PDF-1.7\n", FileKind.PDF),
        (packed((BOOK, b"<workbook/>")), FileKind.WORKBOOK),
    ],
    ids=itertools.count(),
)
def test_a_file_is_what_its_content_says(content: bytes, kind: FileKind) -> None:
    assert seen(content) is kind


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", UploadFault.EMPTY),
        (b"\x7fELF" + b"\x00" * 50, UploadFault.KIND),
        (b"MZ\x90\x00\x03\x00", UploadFault.KIND),
        (b"\x1f\x8b\x08abc", UploadFault.KIND),
        (b"\x89PNG\r\n\x1a\n", UploadFault.KIND),
        (b"\xd0\xcf\x11\xe0rest", UploadFault.OLD_OFFICE),
        (packed(("word/document.xml", b"<w/>")), UploadFault.KIND),
        (packed(("a", b"x")), UploadFault.KIND),
        (packed((BOOK, b"<workbook/>"))[:40], UploadFault.DAMAGED),
        (b"x" * 1_000_001, UploadFault.TOO_LARGE),
    ],
    ids=itertools.count(),
)
def test_what_is_no_file_of_this_place_is_refused(content: bytes, why: UploadFault) -> None:
    assert fault(content) is why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (packed((BOOK, b"x"), ("xl/media/image1.bin", bytes(6_000_000))), UploadFault.UNPACKS_TOO_LARGE),
        # Small enough to be taken by its size alone; nothing real packs a thousand times.
        (packed((BOOK, b"x"), ("xl/sharedStrings.xml", bytes(2_000_000))), UploadFault.UNPACKS_TOO_LARGE),
        (packed((BOOK, b"x"), *((f"p{n}", b"") for n in range(20))), UploadFault.DAMAGED),
        (packed((BOOK, b"x"), ("xl/embeddings/a.xlsx", packed((BOOK, b"x")))), UploadFault.DAMAGED),
        (packed((BOOK, b"x"), ("xl/a.gz", b"\x1f\x8b\x08abc")), UploadFault.DAMAGED),
        (packed((BOOK, b"x"), ("../../etc/cron.d/x", b"x")), UploadFault.DAMAGED),
        (packed((BOOK, b"x"), ("/etc/passwd", b"x")), UploadFault.DAMAGED),
        (packed((BOOK, b"x"), ("C:\\x", b"x")), UploadFault.DAMAGED),
    ],
    ids=itertools.count(),
)
def test_bombs_nests_and_paths_that_climb_are_refused(content: bytes, why: UploadFault) -> None:
    assert fault(content) is why


def test_a_bomb_that_lies_about_its_size_is_refused_all_the_same() -> None:
    lying = _lying(packed((BOOK, b"workbook"), ("xl/media/a", bytes(6_000_000))))
    assert fault(lying) in (UploadFault.DAMAGED, UploadFault.UNPACKS_TOO_LARGE)


def test_a_locked_archive_is_told_apart() -> None:
    content = bytearray(packed((BOOK, b"x")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert fault(bytes(content)) is UploadFault.PROTECTED


def test_the_file_stands_at_its_beginning_after_it_was_looked_at() -> None:
    file = io.BytesIO(packed((BOOK, b"<workbook/>")))
    kind_of(file)
    assert file.tell() == 0
    look_over(file, size=10, limits=LIMITS)
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("名册.xlsx", "名册.xlsx"),
        ("../../../etc/passwd.xlsx", "passwd.xlsx"),
        ("C:\\Users\\x\\名册.csv", "名册.csv"),
        ("a\x00b\r\n.csv", "ab.csv"),
        ("\u202excod.exe.pdf", "xcod.exe.pdf"),
        (".htaccess", "htaccess"),
        ("...", "-"),
        ("", "-"),
        ("a" * 300 + ".xlsx", "a" * 195 + ".xlsx"),
    ],
)
def test_a_name_is_kept_without_what_could_lead_astray(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@given(st.binary(max_size=300))
def test_whatever_comes_is_taken_or_refused_and_never_an_error(content: bytes) -> None:
    for form in (content, b"PK\x03\x04" + content):
        try:
            seen(form)
        except UploadRefused:
            continue


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name: str) -> None:
    kept = safe_name(name)
    assert kept
    assert len(kept) <= 200
    assert not {"/", "\\", "\x00"} & set(kept)
    assert not kept.startswith(".")
