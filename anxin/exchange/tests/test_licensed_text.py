"""A licensed text is bound to a key only when it fits the form and its permission stands."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import LicenceRecord
from anxin.domains.instruments.rules.bound_text import text_faults, with_text
from anxin.exchange.instruments.commands import instruments_group
from anxin.exchange.instruments.fhir import NotReadable
from anxin.exchange.instruments.licensed_text import evidence_hash, permission_faults, read_text_file
from tests.requirements_marker import requirement

TODAY = date(2026, 5, 1)
RECORD = LicenceRecord(
    holder="City centre",
    number="P-7",
    scope="staff, on screen",
    expires_on=date(2030, 12, 31),
    evidence_name="letter.pdf",
    evidence_sha256=evidence_hash(b"a letter"),
)
OPTIONS = ("never", "seldom", "sometimes", "often")


def table(questions: int = 20, options: tuple[str, ...] = OPTIONS) -> str:
    """Invented words for a form of twenty questions with four answers."""
    lines = ["question,text,1,2,3,4", "instruction,Answer for last week", f"*,,{','.join(options)}"]
    return "\n".join(
        [*lines, *(f"{number},invented question {number}" for number in range(1, questions + 1))]
    )


@requirement("R-067")
def test_a_text_lies_over_a_key_and_changes_nothing_of_it() -> None:
    sds = library.get("sds")
    file = read_text_file(table().encode(), "sds.csv")
    assert text_faults(sds, file.text) == ()
    bound = with_text(sds, "en", file.text)
    assert bound.languages == ("en",)
    assert bound.items[19].text == {"en": "invented question 20"}
    assert [option.text["en"] for option in bound.items[0].options] == list(OPTIONS)
    assert (bound.key_hash, bound.mode) == (sds.key_hash, sds.mode)


def test_gbk_and_utf_8_are_read_alike() -> None:
    words = table().replace("never", "从无")
    assert read_text_file(words.encode("gb18030"), "a.csv") == read_text_file(words.encode(), "a.csv")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (table(19), "question 20 has no words"),
        (table(21), "there is no question 21"),
        (table(options=OPTIONS[:3]), "question 1 has 4 options and words for 3"),
        (table().replace("invented question 7", " "), "question 7 has no words"),
    ],
)
def test_a_text_that_does_not_fit_is_told_where(content: str, said: str) -> None:
    file = read_text_file(content.encode(), "sds.csv")
    assert said in text_faults(library.get("sds"), file.text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"holder": " "}, "the permission has no holder"),
        ({"number": ""}, "the permission has no number"),
        ({"scope": ""}, "the permission has no scope"),
        ({"expires_on": None}, "the permission has no last day"),
        ({"expires_on": date(2026, 4, 30)}, "the permission expired on 2026-04-30"),
        ({"evidence_sha256": "abc"}, "the permission has no evidence: the file it came in, or its SHA-256"),
    ],
)
def test_a_permission_that_is_not_whole_is_refused(changes: dict[str, object], said: str) -> None:
    fields = {name: getattr(RECORD, name) for name in RECORD.__dataclass_fields__}
    assert permission_faults(RECORD, TODAY) == ()
    assert permission_faults(LicenceRecord(**{**fields, **changes}), TODAY) == (said,)


YAML = """
instrument: sds
language: en
questions: {1: "invented"}
options: {"*": ["a", "b", "c", "d"]}
permission: {holder: City centre, number: "7", scope: staff, expires_on: 2030-12-31}
"""


def test_yaml_brings_its_permission_along() -> None:
    file = read_text_file(YAML.encode(), "sds.yaml")
    assert (file.instrument, file.language, file.permission.expires_on) == ("sds", "en", date(2030, 12, 31))
    assert file.text.options == {"*": ("a", "b", "c", "d")}


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"\xff\xff\xff", "a.csv", "neither UTF-8 nor GB 18030"),
        (b'1,"a', "a.csv", "cannot be read"),
        (b"1,a\n1,b", "a.csv", "line 2: 1 stands twice"),
        (b"a: [", "a.yaml", "cannot be read"),
        (b"- 1", "a.yaml", "list of names"),
        (b"colour: red", "a.yaml", "no 'colour'"),
        (b"questions: {1: Yes}", "a.yaml", "question 1 is no text"),
        (b"questions: 1", "a.yaml", "questions is a list of names"),
        (b"options: {'*': a}", "a.yaml", "the options of . are a list"),
        (b"permission: {colour: red}", "a.yaml", "a permission has no 'colour'"),
        (b"permission: {expires_on: soon}", "a.yaml", "'soon' is no day"),
        (b"permission: {expires_on: 7}", "a.yaml", "no day such as"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(content: bytes, name: str, said: str) -> None:
    with pytest.raises(NotReadable, match=said):
        read_text_file(content, name)


def bind(folder: Path, *options: str, instrument: str = "sds", content: str = "") -> Result:
    (folder / "text.csv").write_text(content or table(), encoding="utf-8")
    (folder / "letter.pdf").write_bytes(b"a letter")
    return CliRunner().invoke(instruments_group, ["bind", instrument, str(folder / "text.csv"), *options])


def permission(folder: Path, expires: str = "2090-12-31") -> list[str]:
    return [
        *("--language", "en", "--holder", "City centre", "--number", "P-7", "--scope", "staff"),
        *("--expires", expires, "--evidence", str(folder / "letter.pdf")),
    ]


@requirement("R-067")
def test_the_command_says_what_would_be_bound(tmp_path: Path) -> None:
    result = bind(tmp_path, *permission(tmp_path))
    assert result.exit_code == 0, result.stderr
    bound = json.loads(result.stdout)
    assert (bound["mode"], bound["text"], bound["language"]) == ("K", "bound", "en")
    assert bound["permission"]["evidence_sha256"] == RECORD.evidence_sha256
    assert bound["key_hash"] == library.get("sds").key_hash


def test_the_command_names_every_gap(tmp_path: Path) -> None:
    result = bind(tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    for said in ("language of the words", "no holder", "no number", "no scope", "no last day", "no evidence"):
        assert said in result.stderr


def test_an_expired_permission_binds_nothing(tmp_path: Path) -> None:
    result = bind(tmp_path, *permission(tmp_path, "2020-01-01"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the permission expired on 2020-01-01" in result.stderr


def test_only_a_key_without_words_takes_a_text(tmp_path: Path) -> None:
    result = bind(tmp_path, *permission(tmp_path), instrument="phq-9")
    assert result.exit_code == 2
    assert "phq-9 has mode S1" in result.stderr
    assert bind(tmp_path, instrument="mmse").exit_code == 2
