"""Every shape in which schools send names is read; what cannot be read is refused with what to do."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from anxin.domains.campaigns.contracts import FileFault, FileRefused, RosterColumn
from anxin.exchange.roster.shapes import Limits
from anxin.exchange.tests.rosters import (
    HEADER,
    csv_bytes,
    faults,
    id_number,
    opened,
    person,
    read,
    xlsx_bytes,
)
from tests.requirements_marker import requirement

PEOPLE = [person(serial) for serial in range(3)]
TABLE = [HEADER, *PEOPLE]


def names(content: bytes) -> list[str]:
    return [row.name for row in read(content) if not row.faults]


EXPECTED = [row[2] for row in PEOPLE]


@requirement("R-067")
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_are_read_in_every_usual_encoding(encoding: str, delimiter: str) -> None:
    content = csv_bytes(TABLE, encoding=encoding, delimiter=delimiter)
    assert names(content) == EXPECTED


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(ending: str) -> None:
    assert names(csv_bytes(TABLE, ending=ending)) == EXPECTED


@requirement("R-067")
def test_a_workbook_is_read() -> None:
    rows = read(xlsx_bytes(TABLE))
    assert [row.name for row in rows] == EXPECTED
    assert rows[0].grade == "七年级"
    assert rows[0].group == "1 班"
    assert rows[0].born_on == date(2012, 1, 1)
    assert rows[0].roster_number == "01"
    assert rows[0].guardian_phone == "13800000000"


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("学生姓名", RosterColumn.NAME),
        ("姓 名", RosterColumn.NAME),
        ("*姓名（必填）", RosterColumn.NAME),
        ("身份证件号", RosterColumn.ID_NUMBER),
        ("公民身份号码", RosterColumn.ID_NUMBER),
        ("身份证号\n(18位)", RosterColumn.ID_NUMBER),
        ("所在班级", RosterColumn.GROUP),
        ("年　级", RosterColumn.GRADE),
        ("学籍号", RosterColumn.ROSTER_NUMBER),
        ("出生日期", RosterColumn.BORN_ON),
        ("家长手机号", RosterColumn.GUARDIAN_PHONE),
    ],
)
def test_columns_are_known_by_the_words_schools_use(title: str, column: RosterColumn) -> None:
    plain = {RosterColumn.NAME: "姓名", RosterColumn.ID_NUMBER: "身份证号", RosterColumn.GROUP: "班级"}
    header = [title, *(word for key, word in plain.items() if key is not column)]
    assert column.value in opened(csv_bytes([header, ["x"] * len(header)])).columns


def test_titles_above_the_header_and_the_header_on_every_page_are_no_people() -> None:
    table = [
        ["云澄市第三中学学生花名册"],
        ["填表人：教务处", "", "2026 年 9 月"],
        [],
        *TABLE,
        HEADER,
        person(3),
        [],
    ]
    rows = read(csv_bytes(table))
    assert [row.number for row in rows] == [5, 6, 7, 9]
    assert [row.faults for row in rows] == [()] * 4


@requirement("R-067")
def test_a_class_in_merged_cells_counts_for_each_of_its_rows() -> None:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 1, 0, 4, "学生花名册")
        sheet.write_row(1, 1, ["班级", "姓名", "身份证号", "备注"])
        sheet.merge_range(2, 1, 4, 1, "三班")
        sheet.merge_range(5, 1, 6, 1, "四班")
        for serial in range(5):
            sheet.write_row(2 + serial, 2, [person(serial)[2], id_number(serial)])
    rows = read(held.getvalue())
    assert [row.group for row in rows] == ["三班", "三班", "三班", "四班", "四班"]
    assert all(not row.faults for row in rows)


def test_in_a_text_file_an_empty_class_is_not_guessed() -> None:
    table = [["班级", "姓名", "身份证号"], ["三班", "甲乙", id_number(1)], ["", "丙丁", id_number(2)]]
    assert faults(csv_bytes(table)) == [(3, "group", "class_missing")]


def test_a_sheet_for_each_class_gives_its_name_to_its_people() -> None:
    header = ("姓名", "身份证号")
    content = xlsx_bytes(
        [header, ["甲乙", id_number(1)]],
        name="七（1）班",
        说明=[["请勿改动"]],
        二班=[header, ["丙丁", id_number(2)]],
    )
    assert [(row.sheet, row.number, row.group) for row in read(content)] == [
        ("七（1）班", 2, "七(1)班"),
        ("二班", 2, "二班"),
    ]


def test_a_hidden_sheet_is_not_read() -> None:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        for place, title in enumerate(("名单", "旧名单")):
            sheet = book.add_worksheet(title)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, person(place))
            if place:
                sheet.hide()
    assert len(read(held.getvalue())) == 1


def test_full_width_digits_and_spaces_are_read() -> None:
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    table = [
        HEADER,
        [
            "七年级",
            "１班",
            "　张　三 ",
            id_number(7).translate(wide),
            "０７",
            "男",
            "１３８ ００００ ０００７",
        ],
    ]
    row = read(csv_bytes(table))[0]
    assert not row.faults
    assert (row.name, row.identity, row.group, row.roster_number) == ("张三", id_number(7), "1班", "07")
    assert row.guardian_phone == "13800000007"


def test_numbers_a_spreadsheet_made_floats_are_read_where_nothing_was_lost() -> None:
    table = [
        ["班级", "姓名", "身份证号", "学号", "联系电话", "出生日期"],
        [3, "甲乙", id_number(1), 20240001.0, 13800000001.0, date(2012, 1, 2)],
        [3, "丙丁", id_number(2), "20240002.0", "1.3800000002E+10", 40911],
    ]
    rows = read(xlsx_bytes(table))
    assert [row.faults for row in rows] == [(), ()]
    assert [row.group for row in rows] == ["3", "3"]
    assert [row.roster_number for row in rows] == ["20240001", "20240002"]
    assert [row.guardian_phone for row in rows] == ["13800000001", "13800000002"]


@pytest.mark.parametrize(
    "lost", [int(id_number(4)[:17] + "0"), "9.90000201201E+17", id_number(4)[:15] + "000"]
)
def test_an_identity_number_that_lost_digits_waits(lost: object) -> None:
    content = xlsx_bytes([("班级", "姓名", "身份证号"), ("1 班", "甲乙", lost)])
    assert faults(content) == [(2, "id_number", "id_rounded")]


@pytest.mark.parametrize(
    "written",
    ["2012-01-02", "2012/1/2", "2012.1.2", "20120102", "2012年1月2日", "40910", "2012-01-02 00:00:00"],
)
def test_dates_are_read_as_people_write_them(written: str) -> None:
    born = id_number(1, born=date(2012, 1, 2))
    table = [("班级", "姓名", "身份证号", "出生日期"), ("1 班", "甲乙", born, written)]
    assert faults(csv_bytes(table)) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"\r\n \r\n", FileFault.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), FileFault.OLD_EXCEL),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            FileFault.PROTECTED,
        ),
        (b"%PDF-1.7 ...", FileFault.NOT_A_TABLE),
        (b"\r\n<html><table><tr><td>" + "姓名".encode("gbk"), FileFault.NOT_A_TABLE),
        (b"PK\x03\x04 broken", FileFault.DAMAGED),
        (b"a,b\n\xff\xff\xff\xfe\xfe", FileFault.ENCODING),
        (csv_bytes([["a", "b"], ["c", "d"]]), FileFault.NO_HEADER),
        (csv_bytes([["班级", "身份证号"], ["1 班", id_number(1)]]), FileFault.NO_NAME_COLUMN),
        (csv_bytes([["班级", "姓名"], ["1 班", "甲乙"]]), FileFault.NO_ID_COLUMN),
        (csv_bytes([["姓名", "学生姓名", "身份证号"], ["甲", "乙", "1"]]), FileFault.COLUMN_TWICE),
        (csv_bytes([HEADER]), FileFault.EMPTY),
        (csv_bytes(TABLE)[:-2] + '\r\n七年级,"1 班,甲\r\n'.encode(), FileFault.OPEN_QUOTE),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(content: bytes, fault: FileFault) -> None:
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert refused.value.fault is fault


def _zip(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return held.getvalue()


def _far(cell: bytes) -> bytes:
    return b'<worksheet><sheetData><row r="1">' + cell + b"</row></sheetData></worksheet>"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (_zip(word__document=b"<w/>"), FileFault.NOT_A_TABLE),
        (_zip(**{"xl__workbook.xml": b"<x/>", "xl__media.bin": bytes(30_000_000)}), FileFault.TOO_LARGE),
        (
            _zip(
                **{
                    "xl__workbook.xml": b"<x/>",
                    "xl__worksheets__s.xml": _far(b'<c t="s" r="XFD1"><v>1</v></c>'),
                }
            ),
            FileFault.TOO_WIDE,
        ),
        (
            _zip(
                **{
                    "xl__workbook.xml": b"<x/>",
                    "xl__worksheets__s.xml": _far(b"<c r='A1048576'><v>1</v></c>"),
                }
            ),
            FileFault.TOO_MANY_ROWS,
        ),
        (
            _zip(**{"xl__workbook.xml": b"<x/>", "xl__worksheets__s.xml": b"<row/>" * 3000}),
            FileFault.TOO_MANY_ROWS,
        ),
    ],
)
def test_a_small_file_cannot_become_a_huge_one(content: bytes, fault: FileFault) -> None:
    with pytest.raises(FileRefused) as refused:
        read(content)
    assert refused.value.fault is fault


def test_more_rows_than_allowed_are_refused() -> None:
    few = Limits(rows=2, workbook_rows=2, workbook_bytes=10_000_000, unpacked_bytes=10_000_000)
    for content in (csv_bytes(TABLE), xlsx_bytes(TABLE)):
        with pytest.raises(FileRefused) as refused:
            read(content, few)
        assert refused.value.fault is FileFault.TOO_MANY_ROWS
        assert refused.value.detail == "2"


def test_reading_goes_on_at_any_place() -> None:
    file = opened(csv_bytes(TABLE))
    assert file.total_rows == 3
    assert [one.row.name for one in file.rows(start=2, today=date(2026, 1, 1)) if one.row] == EXPECTED[2:]
