"""A file scored piece by piece has the bytes of a file scored by a plain loop, whatever is in it."""

import csv
import io
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anxin.domains.instruments import library, score_files
from anxin.domains.instruments.contracts import BadAnswers, Instrument, ScoreSheet
from anxin.domains.instruments.score_files import columns_of, output_fields, score_file, score_row
from tests.requirements_marker import requirement

SOME = settings(max_examples=60, deadline=None, database=None)


def flat(sheet: ScoreSheet) -> dict[str, object]:
    classes = ";".join(f"{name}={label or '?'}" for name, label in sheet.classes.items())
    return {
        **sheet.scores,
        "bands": ";".join(f"{band.scale}={band.label}" for band in sheet.bands),
        "critical": ";".join(f"{hit.rule}={hit.level.value}" for hit in sheet.critical),
        "flags": ";".join(name for name, found in sheet.flags.items() if found),
        **({"classes": classes} if classes else {}),
        "missing": " ".join(str(number) for number in sheet.validity.missing),
        "notes": " ".join(sheet.validity.notes),
    }


def plain_loop(instrument: Instrument, text: str) -> str:
    """What ``score_file`` promises, in the fewest lines."""
    reader = csv.reader(io.StringIO(text, newline=""))
    columns = columns_of(instrument, next(reader, []))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=output_fields(instrument, columns), restval="")
    writer.writeheader()
    width = max(columns.values()) + 1
    for number, cells in enumerate((cells for cells in reader if any(cells)), start=1):
        row: dict[str, object] = {"row": number, "instrument": instrument.id, "version": instrument.version}
        if "id" in columns:
            row["id"] = cells[columns["id"]] if columns["id"] < len(cells) else ""
        try:
            if len(cells) < width:
                raise BadAnswers((f"the row has {len(cells)} cells, the header asks for {width}",))
            row |= flat(score_row(instrument, {name: cells[at].strip() for name, at in columns.items()}))
        except BadAnswers as error:
            row["error"] = str(error)
        writer.writerow(row)
    return out.getvalue()


def questions(count: int) -> str:
    return ",".join(f"q{number}" for number in range(1, count + 1))


def scored(instrument: Instrument, text: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.csv"), Path(folder, "out.csv")
        source.write_bytes(text.encode())
        score_file(instrument, source, target)
        return target.read_bytes().decode("utf-8-sig")


CODE = st.sampled_from(["0", "1", "2", "3", "3", "0", ""])
ODD = st.sampled_from(
    [
        "+1",
        " 1",
        "1 ",
        "01",
        "-0",
        "-1",
        "4",
        "1.0",
        "１",
        "99999999999",
        '"2"',
        '"1\n"',
        "x",
        "甲",
        "1\x1f",
        "\u00a03",
    ]
)
CELL = st.one_of(CODE, CODE, CODE, CODE, CODE, CODE, CODE, CODE, CODE, ODD)
AGE = st.sampled_from(["", "", "12", "40", "151", "-1", "old", "+7", " 30"])
SEX = st.sampled_from(["", "f", "M", "m ", "x", "女"])
NAME = st.sampled_from(["a", "甲", "a b", ' "', '"a,b"', '"a""b"', "", "+86", " lead", "\t"])


@st.composite
def messy(draw: st.DrawFn) -> str:
    """Forms of PHQ-9 with everything that happens to files."""
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    lines = ["id,name," + ",".join(f"q{number}" for number in range(1, 10)) + ",age,sex"]
    for _ in range(draw(st.integers(0, 8))):
        odd = draw(st.sampled_from([False, False, True]))
        cells = [draw(NAME) if odd else "p", "", *(draw(CELL if odd else CODE) for _ in range(9))]
        cells += [draw(AGE), draw(SEX)] if odd else ["30", "f"]
        if odd:
            cells = draw(st.sampled_from([cells, cells, cells[:4], [*cells, "more"], [""] * len(cells), []]))
        lines.append(",".join(cells))
    return end.join(lines) + draw(st.sampled_from(["", end, end + end]))


@requirement("R-068")
@SOME
@given(messy())
@example(f"id,name,{questions(9)}\n,,,,,,,,,,\np,x,0,0,0,0,0,0,0,0,0\n")
def test_a_file_has_the_bytes_of_the_plain_loop(text: str) -> None:
    instrument = library.get("phq-9")
    assert scored(instrument, text) == plain_loop(instrument, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("audit-c", "id,q1,q2,q3,sex|甲,1,1,1,F|乙,1,1,1,m|丙,1,1,1,"),
        ("pc-ptsd-5", "gate,q1,q2,q3,q4,q5|0,,,,,|1,1,1,1,0,0|,1,1,1,1,1|2,0,0,0,0,0"),
        ("c-ssrs-screener", "q1,q2,q3,q4,q5,q6,q7|0,0,,,,1,1|0,0,,,,1,|1,,,,,,"),
        ("asq", "q1,q2,q3,q4|0,0,0,0|1,,0,0|0,0,0,9"),
        ("rand-36", f"{questions(36)}|{'1,' * 35}1|{'1,' * 34}1,"),
        ("phq-15", f"{questions(15)},sex|{'1,' * 15}m|{'1,' * 15}f"),
        ("psqi", f"{questions(18)}|23:30,20,06:30,6.5{',1' * 14}|23:30, 20 ,6.5,9{',1' * 14}"),
    ],
)
def test_forms_of_every_build_have_the_bytes_of_the_plain_loop(name: str, text: str) -> None:
    instrument = library.get(name)
    text = "".join(f"{line}\n" for line in text.split("|"))
    assert scored(instrument, text) == plain_loop(instrument, text)


def test_pieces_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_files, "_PIECE", 100)
    monkeypatch.setattr(score_files, "_BATCH", 3)
    rows = [f"p{number},{number % 4},{(number // 4) % 4}" for number in range(60)]
    rows[30] = "p30,9,1"
    rows[45] = '"p\n45",1,1'
    instrument = library.get("gad-2")
    text = "id,q1,q2\n" + "\n".join(rows)
    assert scored(instrument, text) == plain_loop(instrument, text)


def test_a_failed_write_leaves_the_earlier_result_alone(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("q1,q2\n1,1\n", encoding="utf-8")
    target.write_text("earlier", encoding="utf-8")
    source.write_bytes(b"q1\n1\n")
    with pytest.raises(score_files.UnusableFile):
        score_file(library.get("gad-2"), source, target)
    assert target.read_text(encoding="utf-8") == "earlier"
    assert sorted(os.listdir(tmp_path)) == ["in.csv", "out.csv"]
