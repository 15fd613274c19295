"""``anxin instruments``: the list says what is here and on what terms; a faulty file is refused by name."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from anxin.domains.instruments import library
from anxin.domains.instruments.instruments_cli import instruments_group
from tests.requirements_marker import requirement


def run(*arguments: str) -> Result:
    return CliRunner().invoke(instruments_group, list(arguments))


@requirement("R-067")
def test_the_list_names_mode_wording_languages_version_and_licence_of_each() -> None:
    rows = {row["id"]: row for row in json.loads(run("list", "--json").stdout)}
    assert set(rows) == set(library.ids())
    phq = rows["phq-9"]
    assert (phq["mode"], phq["wording"], "zh-Hans" in phq["languages"]) == ("S1", True, True)
    assert all(row["version"] and row["licence"] for row in rows.values())
    key_only = [row for row in rows.values() if row["mode"] == "K"]
    assert key_only
    assert not any(row["wording"] or row["languages"] for row in key_only)
    assert not any(row["offered"] for row in rows.values() if not row["key_verified"])


def test_the_list_for_people_says_where_there_is_only_a_key() -> None:
    lines = run("list").stdout.splitlines()
    assert len(lines) == len(library.ids())
    assert "key only" in next(line for line in lines if line.startswith("sds "))


def test_a_shipped_definition_is_sound() -> None:
    result = run("check", str(library.DATA / "phq-9.yaml"))
    assert (result.exit_code, result.stdout) == (0, f"phq-9 {library.get('phq-9').version}: sound\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id: [", "expected"),
        (b"\xff\xfe\x00", "decode"),
        (b"", "file"),
        (b"- 1", "file"),
        (b"id: x\n", "required"),
    ],
)
def test_any_other_file_is_refused_without_a_traceback(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "some.yaml"
    path.write_bytes(content)
    result = run("check", str(path))
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        result = run("check", str(path))
        assert (result.exit_code, bool(result.stderr)) == (2, True)
