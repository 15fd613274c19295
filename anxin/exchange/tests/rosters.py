"""Rosters for tests: invented people with true check digits, in every shape."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from anxin.exchange.roster.reading import RosterFile, open_roster
from anxin.exchange.roster.shapes import Limits
from anxin.kernel.identifiers_cn import check_character

HEADER = ("年级", "班级", "姓名", "身份证号", "学号", "性别", "监护人电话")
LIMITS = Limits(rows=5000, workbook_rows=2000, workbook_bytes=5_000_000, unpacked_bytes=20_000_000)
TODAY = date(2026, 11, 24)
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王", "安宁晓晨雨欣子涵思远"


def id_number(serial: int, *, born: date | None = None, sex: str = "m") -> str:
    """The number of the ``serial``-th invented person."""
    day = born or date(2012, 1, 1) + timedelta(days=serial % 700)
    order = (serial * 2 + (1 if sex == "m" else 0)) % 1000
    body = f"990{serial // 500 % 1000:03d}{day:%Y%m%d}{order:03d}"
    return body + check_character(body)


def person(serial: int) -> list[str]:
    """One row under ``HEADER``."""
    sex = "mf"[serial % 2]
    name = _SURNAMES[serial % 8] + _GIVEN[serial % 10] + _GIVEN[serial // 10 % 10]
    return [
        "七年级",
        f"{serial // 45 + 1} 班",
        name,
        id_number(serial, sex=sex),
        f"{serial % 45 + 1:02d}",
        "男" if sex == "m" else "女",
        f"138{serial:08d}",
    ]


def csv_bytes(
    rows: Sequence[Sequence[Any]], *, encoding: str = "utf-8", delimiter: str = ",", ending: str = "\r\n"
) -> bytes:
    """A text file."""
    held = io.StringIO()
    csv.writer(held, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return held.getvalue().encode(encoding)


def xlsx_bytes(
    rows: Sequence[Sequence[Any]], *, name: str = "Sheet1", **sheets: Sequence[Sequence[Any]]
) -> bytes:
    """A workbook; numbers and dates are written as such."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(
        held, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    ) as book:
        for title, table in {name: rows, **sheets}.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
    return held.getvalue()


def opened(content: bytes, limits: Limits = LIMITS) -> RosterFile:
    """The file, read in small pieces."""

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(content), 997):
            yield content[start : start + 997]

    return open_roster(pieces, limits)


def read(content: bytes, limits: Limits = LIMITS) -> list[Any]:
    """Its people."""
    return [one.row for one in opened(content, limits).rows(start=0, today=TODAY) if one.row is not None]


def faults(content: bytes) -> list[tuple[int, str, str]]:
    """What is wrong: row, column, rule."""
    return [
        (row.number, fault.column.value, fault.rule.value) for row in read(content) for fault in row.faults
    ]
