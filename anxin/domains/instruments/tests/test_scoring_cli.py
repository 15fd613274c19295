"""``anxin score``: one form, a file of forms, and one clear line when something is wrong."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from anxin.domains.instruments import library
from anxin.domains.instruments.scoring_cli import score_command
from anxin.domains.instruments.tests.forms import IDS, written


def _run(*args: str) -> Result:
    return CliRunner().invoke(score_command, args)


def test_a_form_gives_a_score_sheet_as_json() -> None:
    result = _run("phq-9", "--answers", "[1,1,1,1,1,1,1,1,1]", "--age", "30", "--sex", "f")
    sheet = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (sheet["instrument"], sheet["scores"]) == ("phq-9", {"total": 9})
    assert sheet["bands"][0]["label"] == "mild"
    assert sheet["bands"][0]["reference"].startswith("Kroenke K")
    assert sheet["critical"] == [
        {
            "rule": "self_harm",
            "items": [9],
            "codes": [1],
            "action": "suicide_flow",
            "level": "critical",
        }
    ]
    assert sheet["validity"] == {"complete": True, "missing": [], "age_in_range": True, "notes": []}


def test_null_is_a_missing_answer() -> None:
    sheet = json.loads(_run("gad-7", "--answers", "[0,0,null,0,0,0,0]").stdout)
    assert (sheet["scores"]["total"], sheet["validity"]["missing"]) == (None, [3])


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["phq9", "--answers", "[0]"], "unknown instrument 'phq9' (is it phq-9?)"),
        (["zzz", "--answers", "[0]"], "unknown instrument 'zzz'"),
        (["moca", "--answers", "[0]"], "moca is not in the library (refused): electronic versions"),
        (["uls-8", "--answers", "[1,1,1,1,1,1,1,1]"], "uls-8 is not offered: its scoring key is unverified"),
        (["phq-9"], "give either --answers or --csv"),
        (["phq-9", "--answers", "[0]", "--csv", "a.csv"], "give either --answers or --csv"),
        (["phq-9", "--answers", "[0]", "--out", "b.csv"], "--out belongs to --csv"),
        (["phq-9", "--csv", "a.csv"], "--csv needs --out"),
        (["phq-9", "--csv", "a.csv", "--out", "b.csv", "--age", "3"], "in a file, age and sex are columns"),
        (["phq-9", "--answers", "{"], "--answers is not JSON: "),
        (["phq-9", "--answers", "[" * 100_000], "--answers is not JSON: "),
        (["phq-9", "--answers", '{"1": 2}'], "--answers must be a JSON list"),
        (["phq-9", "--answers", "[0]"], "phq-9 takes 9 or 10 answers, got 1"),
        (["phq-9", "--answers", "[5,0,0,0,0,0,0,0,0]"], "item 1: 5 is not one of 0, 1, 2, 3"),
        (["phq-9", "--answers", "[NaN,0,0,0,0,0,0,0,0]"], "item 1: nan is not a whole number"),
        (["phq-9", "--answers", "[0]", "--age", "old"], "Invalid value for '--age'"),
        (["phq-9", "--answers", "[0]", "--age", "151"], "Invalid value for '--age'"),
        (["phq-9", "--answers", "[0]", "--sex", "x"], "Invalid value for '--sex'"),
        (["phq-9", "--colour", "red"], "No such option '--colour'"),
        ([], "Missing argument 'INSTRUMENT'"),
        (["phq-9", "--csv", "no-such-file.csv", "--out", "b.csv"], "cannot score no-such-file.csv"),
    ],
)
def test_bad_input_exits_2_with_one_line_on_stderr(args: list[str], line: str) -> None:
    result = _run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"anxin score: {line}")
    assert result.stderr.count("\n") == 1


def _score_csv(tmp_path: Path, instrument: str, text: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(text.encode(encoding))
    result = _run(instrument, "--csv", str(source), "--out", str(target))
    assert result.exit_code == 0, result.stderr
    with target.open(encoding="utf-8-sig", newline="") as scored:
        return list(csv.DictReader(scored))


PHQ_HEADER = ",".join(f"q{number}" for number in range(1, 10))


def test_a_file_is_scored_row_by_row_and_faults_stay_in_their_row(tmp_path: Path) -> None:
    rows = _score_csv(
        tmp_path,
        "phq-9",
        f"id,name,{PHQ_HEADER}\n"
        "a,x,0,0,0,0,0,0,0,0,2\n"
        "b,x,3,3,3,3,3,3,3,3,\n"
        "\n"
        "c,x,0,0,9,0,0,0,0,0,0\n"
        "d,x,0,0\n"
        "e,x,0,0,1.0,0,0,0,0,0,0\n",
    )
    assert [row["id"] for row in rows] == list("abcde")
    assert "name" not in rows[0]
    assert (rows[0]["total"], rows[0]["bands"], rows[0]["critical"]) == (
        "2",
        "total=minimal",
        "self_harm=severe",
    )
    assert (rows[1]["total"], rows[1]["missing"], rows[1]["error"]) == ("", "9", "")
    assert [row["error"] for row in rows[2:]] == [
        "item 3: 9 is not one of 0, 1, 2, 3",
        "the row has 4 cells, the header asks for 11",
        "item 3: '1.0' is not a whole number",
    ]
    assert rows[2]["total"] == ""


def test_a_file_may_bring_age_sex_gate_and_another_code_page(tmp_path: Path) -> None:
    rows = _score_csv(tmp_path, "audit-c", "ID,Q1,Q2,Q3,sex,备注\n甲,1,1,1,F,好\n乙,1,1,1,m,好\n", "gb18030")
    assert [(row["id"], row["bands"]) for row in rows] == [("甲", "total=positive"), ("乙", "total=negative")]
    rows = _score_csv(tmp_path, "pc-ptsd-5", "gate,q1,q2,q3,q4,q5\n0,,,,,\n1,1,1,1,0,0\n")
    assert [row["total"] for row in rows] == ["0", "3"]
    rows = _score_csv(tmp_path, "k6", "q1,q2,q3,q4,q5,q6,age,sex\n0,0,0,0,0,0,x,\n0,0,0,0,0,0,,z\n")
    assert [row["error"] for row in rows] == ["age: 'x' is not an age", "sex: 'z' is not f or m"]


def test_grades_and_written_answers_pass_through_a_file(tmp_path: Path) -> None:
    header = ",".join(f"q{number}" for number in range(1, 8))
    rows = _score_csv(tmp_path, "c-ssrs-screener", f"{header}\n0,0,,,,1,1\n0,0,,,,1,\n")
    assert [(row["classes"], row["critical"]) for row in rows] == [
        ("risk=high", "behaviour_ever=critical;behaviour_recent=severe"),
        ("risk=?", "behaviour_ever=critical"),
    ]
    header = ",".join(f"q{number}" for number in range(1, 19))
    (row,) = _score_csv(tmp_path, "psqi", f"{header}\n23:30,20,06:30,6.5{',1' * 14}\n")
    assert (row["total"], row["efficiency"], row["error"]) == ("6", "0", "")


@pytest.mark.parametrize("name", IDS)
def test_every_offered_instrument_is_scored_on_the_command_line(name: str) -> None:
    instrument = library.get(name)
    form = [item.codes[0] if item.entry is None else written(item, low=True) for item in instrument.items]
    if name.startswith("psqi"):
        form[:4] = ["23:00", 10, "07:00", 7]
    result = _run(name, "--answers", json.dumps(form))
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["instrument"] == name


def test_unscored_questions_of_a_form_follow_its_items_in_a_file(tmp_path: Path) -> None:
    header = ",".join(f"q{number}" for number in range(1, 14))
    (row,) = _score_csv(tmp_path, "phq-a", f"{header}\n{'0,' * 12}1\n")
    assert (row["total"], row["critical"]) == ("0", "lifetime_attempt=critical")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "gad-2 needs the columns q1 to q2"),
        (b"q1\n1\n", "gad-2 needs the columns q1 to q2"),
        (b"q1,q2,q3\n1,1,1\n", "gad-2 needs the columns q1 to q2"),
        (b"q1,q2,Q1\n1,1,1\n", "a column is there twice"),
        (b"q1,q2\n\xff\xff\xff\n", "in.csv is neither UTF-8 nor GB 18030 text"),
    ],
)
def test_an_unusable_file_exits_2_and_leaves_nothing_behind(
    tmp_path: Path, content: bytes, line: str
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    result = _run("gad-2", "--csv", str(source), "--out", str(target))
    assert (result.exit_code, result.stderr) == (2, f"anxin score: {line}\n")
    assert list(tmp_path.iterdir()) == [source]


def test_scoring_needs_neither_django_nor_the_schema_checker() -> None:
    program = (
        "import sys; import anxin.domains.instruments.scoring_cli as cli; cli.library.get('scl-90');"
        "sys.exit(any(name in sys.modules for name in ('django', 'jsonschema', 'psycopg')))"
    )
    finished = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert finished.returncode == 0, finished.stderr
