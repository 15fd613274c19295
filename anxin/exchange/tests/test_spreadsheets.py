"""A table to take away never runs anything when it is opened."""

import csv
import io
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from anxin.exchange.spreadsheets import as_csv, as_xlsx, with_watermark
from tests.requirements_marker import requirement

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1+1"]


@requirement("R-067")
@pytest.mark.parametrize("words", FORMULAS)
def test_text_that_looks_like_a_formula_stays_text(words: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv([("name",), (words,)]).decode("utf-8-sig"))))
    assert rows[1][0] == "'" + words
    content = as_xlsx([("name", "n"), (words, 3)], sheet="a/b")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert book[1][0].strip() == words.strip()
    assert book[1][1] == 3
    with ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_numbers_stay_numbers_and_chinese_is_read() -> None:
    content = as_csv([("人数",), (12,), (None,), (-3,)])
    assert content.startswith("\ufeff".encode())
    assert content.decode("utf-8-sig").splitlines() == ["人数", "12", '""', "-3"]


MARK = "X0001001　赵宁　2026-11-24 10:00　用途：=1+1 & <核对>"


def test_a_watermark_is_the_first_line_and_the_last_of_a_csv() -> None:
    rows = list(csv.reader(io.StringIO(as_csv([("a",), ("b",)], watermark=MARK).decode("utf-8-sig"))))
    assert rows == [[MARK], ["a"], ["b"], [MARK]]
    formula = as_csv([("a",)], watermark="=1+1").decode("utf-8-sig")
    assert formula.startswith("'=1+1")


def test_a_watermark_is_on_every_printed_page_of_a_workbook_and_in_its_properties() -> None:
    made = as_xlsx([("a",), ("b",)], sheet="s", watermark=MARK)
    added = with_watermark(as_xlsx([("a",), ("b",)], sheet="s"), MARK)
    for content in (made, added):
        assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python() == [
            ["a"],
            ["b"],
        ]
        with ZipFile(io.BytesIO(content)) as parts:
            page = parts.read("xl/worksheets/sheet1.xml").decode()
            assert page.count("用途：=1+1 &amp;&amp; &lt;核对&gt;") == 2
            assert "<headerFooter>" in page
            assert "赵宁" in parts.read("docProps/core.xml").decode()
