"""A table to take away never runs anything when it is opened."""

import csv
import io
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from anxin.exchange.spreadsheets import as_csv, as_xlsx
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
