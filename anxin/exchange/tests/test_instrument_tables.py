"""Definitions as a table for a spreadsheet, and back."""

import csv
import io

import pytest

from anxin.domains.instruments import drafting
from anxin.exchange.instruments.fhir import NotReadable
from anxin.exchange.instruments.plain import definition_data
from anxin.exchange.instruments.tables import from_table, to_table
from anxin.exchange.tests.library_forms import VERSIONS, get
from tests.requirements_marker import requirement


@requirement("R-067")
@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_every_definition_comes_back_exactly(name: str, version: str | None) -> None:
    instrument = get(name, version)
    table = to_table(instrument)
    saved_in_gbk = table.decode("utf-8-sig").encode("gb18030")
    for content in (table, saved_in_gbk):
        data = from_table(content)
        assert drafting.check_definition(data).faults == ()
        assert drafting.read_definition(data) == instrument


@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_the_plain_data_of_a_definition_reads_as_the_same(name: str, version: str | None) -> None:
    instrument = get(name, version)
    text = drafting.definition_text(definition_data(instrument))
    assert drafting.read_definition(drafting.parse_definition(text)) == instrument


def test_spreadsheets_find_a_mark_and_the_parts_people_edit_in_columns() -> None:
    table = to_table(get("phq-9"))
    assert table.startswith(b"\xef\xbb\xbfpart,of,id,value,items,min,max,reverse,en,zh-Hans,more\r\n")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    bands = [(row["id"], row["min"], row["max"]) for row in rows if row["of"] == "kroenke-2001"]
    assert bands[0] == ("minimal", "0", "4")
    assert [row["id"] for row in rows if row["part"] == "item"] == [str(number) for number in range(1, 10)]


HEADER = "part,of,id,value,items,min,max,reverse,more\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column 'part'"),
        ("part,id\n", "no column 'of'"),
        (HEADER, "no row of part 'definition'"),
        (HEADER + "poem,,,,,,,,\n", "line 2: there is no part 'poem'"),
        (HEADER + "item,,one,,,,,,\n", "line 2, part item: ValueError"),
        (HEADER + "option,9,0,,,,,,\n", "line 2, part option: KeyError"),
        (HEADER + "band,who,low,,,0,1,,\n", "line 2, part band: KeyError"),
        (HEADER + "rule,song,,,,,,,\n", "there is no rule 'song'"),
        (HEADER + "licence,,,,,,,,[1]\n", "line 2, part licence: ValueError"),
        (HEADER + "item,,1,,,,,,,,\n", "line 2: more cells"),
        (HEADER + '"item\n', "cannot be read"),
    ],
)
def test_a_faulty_table_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(NotReadable, match=said):
        from_table(text.encode())


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(NotReadable, match="neither UTF-8 nor GB 18030"):
        from_table(b"\xff\xff\xff")
