"""``anxin instruments export``, ``import`` and ``recompute``, as somebody without a database uses them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from anxin.domains.instruments import library
from anxin.exchange.instruments.commands import instruments_group
from tests.requirements_marker import requirement


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(instruments_group, [str(argument) for argument in arguments])


@requirement("R-067")
@pytest.mark.parametrize(("kind", "ending"), [("fhir", "json"), ("csv", "csv"), ("yaml", "yaml")])
def test_what_was_exported_is_imported_and_passes_the_check(tmp_path: Path, kind: str, ending: str) -> None:
    there, back = tmp_path / f"scl-90.{ending}", tmp_path / "back.yaml"
    assert run("export", "scl-90", "--format", kind, "--out", there).exit_code == 0
    result = run("import", there, "--out", back)
    assert (result.exit_code, result.output) == (0, "")
    assert library.check(back) == library.get("scl-90")


def test_an_earlier_version_is_exported_by_its_number() -> None:
    resource = json.loads(run("export", "k10", "--format", "fhir", "--version", "1.0.0").stdout)
    assert resource["version"] == "1.0.0"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "nothing"], "unknown instrument 'nothing'"),
        (["export", "moca"], "moca is not in the library"),
        (["export", "phq-9", "--version", "9.9.9"], "no version 9.9.9"),
        (["import", "no-such.csv"], "no-such.csv: No such file"),
        (["recompute", "no-such.csv"], "no-such.csv: No such file"),
        (["bind", "sds", "no-such.csv"], "no-such.csv: No such file"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.yaml", "a"])
@pytest.mark.parametrize(
    "content", [b"", b"\x7fELF\x01\xd0\xff", b"[1, 2", b"null", b"{}", b"a: b: c", b"x" * 50]
)
def test_any_other_file_is_refused_without_a_traceback(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("import", tmp_path / name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("anxin instruments: ")


def test_a_definition_with_a_fault_is_not_imported(tmp_path: Path) -> None:
    table = run("export", "gad-7", "--format", "csv").output
    faulty = tmp_path / "gad-7.csv"
    faulty.write_text(table.replace(",mild,,,5,9,", ",mild,,,6,9,"), encoding="utf-8")
    result = run("import", faulty, "--out", tmp_path / "out.yaml")
    assert result.exit_code == 2
    assert "nothing covers 5 up to 6" in result.stderr
    assert not (tmp_path / "out.yaml").exists()


def test_a_questionnaire_changed_by_hand_is_not_imported(tmp_path: Path) -> None:
    resource = json.loads(run("export", "gad-7", "--format", "fhir").stdout)
    del resource["item"][1]["answerOption"][0]["extension"][2]
    changed = tmp_path / "gad-7.json"
    changed.write_text(json.dumps(resource), encoding="utf-8")
    result = run("import", changed)
    assert result.exit_code == 2
    assert "item/1/answerOption/0/extension" in result.stderr


def test_a_questionnaire_of_others_is_written_as_a_draft(tmp_path: Path) -> None:
    options = [{"valueCoding": {"code": code, "display": code}} for code in ("no", "yes")]
    item = {"linkId": "1", "text": "Well?", "type": "choice", "answerOption": options}
    foreign = tmp_path / "foreign.json"
    foreign.write_text(json.dumps({"resourceType": "Questionnaire", "status": "draft", "item": [item]}))
    result = run("import", foreign)
    assert result.exit_code == 0
    assert "Well?" in result.stdout
    assert "draft: " in result.stderr


RESULTS = """id,q1,q2,total,instrument
a,1,2,3,gad-2
b,1,1,3,gad-2
c,,1,1,gad-2
d,9,1,10,gad-2
e,0,0,,gad-2
f,3,3,six,gad-2
"""


@requirement("R-067")
def test_every_given_total_that_differs_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "results.csv"
    file.write_text(RESULTS, encoding="utf-8-sig")
    result = run("recompute", file)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "row 2 (b): total is given as 3 and computes to 2",
        "row 3 (c): total is given as 1 and computes to no score",
        "row 4 (d): item 1: 9 is not one of 0, 1, 2, 3",
        "row 6 (f): total is given as six and computes to 6",
    ]
    assert result.stderr == "6 rows, 5 given totals, 4 mismatches\n"
    found = json.loads(run("recompute", file, "--json").stdout)
    assert [one["row"] for one in found["mismatches"]] == [2, 3, 4, 6]


def test_means_agree_when_they_round_to_the_same_two_decimals(tmp_path: Path) -> None:
    file = tmp_path / "brs.csv"
    header = ",".join(f"q{number}" for number in range(1, 7))
    file.write_bytes(f"{header},given_mean\n1,5,1,5,2,5,1.17\n1,5,1,5,2,5,1.2\n".encode("gb18030"))
    result = run("recompute", file, "--instrument", "brs")
    assert result.stdout.splitlines() == ["row 2: mean is given as 1.2 and computes to 1.1666666666666667"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("q1,q2\n1,1\n", "give --instrument"),
        ("q1,q2,instrument\n1,1,gad-2\n", "no total is given"),
        ("q1,instrument\n1,gad-2\n", "needs the columns q1 to q2"),
        ("q1,q2,total,given_total,instrument\n1,1,2,2,gad-2\n", "the total of total is given twice"),
        ("q1,q2,total,instrument\n1,1,2,poem\n", "unknown instrument 'poem'"),
    ],
)
def test_a_file_without_something_to_compare_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "results.csv"
    file.write_text(text, encoding="utf-8")
    result = run("recompute", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_the_commands_need_no_database() -> None:
    program = (
        "import sys; from anxin.exchange.instruments.commands import instruments_group;"
        "sys.exit(any(name in sys.modules for name in ('psycopg', 'django.db')))"
    )
    finished = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert finished.returncode == 0, finished.stderr
