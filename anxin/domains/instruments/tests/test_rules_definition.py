"""Every shipped definition holds together, and a wrong one is refused with its fault named."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import BadDefinition, Channel, Mode, UnknownInstrument
from anxin.domains.instruments.reading import read_instrument
from anxin.domains.instruments.rules.definition import faults, text_hash
from anxin.domains.instruments.tests.forms import ALL_IDS

REQUIRED = ["phq-9", "gad-7", "who-5", "ces-d", "scl-90", "sds", "gds-15", "pcl-5", "pss-10", "k10"]
PINNED = Path(__file__).parent / "key_hashes.json"
CHINESE_COMPARED = {
    "dass-21",
    "gad-2",
    "gad-7",
    "gds-15",
    "hama",
    "hamd-17",
    "hamd-24",
    "pcl-c",
    "phq-2",
    "phq-4",
    "phq-8",
    "phq-9",
    "rses",
}
_DATA: dict[str, Any] = {}


def _data(name: str = "phq-9") -> Any:
    if name not in _DATA:
        (file,) = (*library.DATA.glob(f"{name}.yaml"), *library.DATA.glob(f"packs/*/{name}.yaml"))
        _DATA[name] = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return copy.deepcopy(_DATA[name])


def test_the_instruments_the_command_line_promises_are_there_and_offered() -> None:
    assert all(library.get(name).offered for name in REQUIRED)


@pytest.mark.parametrize("name", ALL_IDS)
def test_a_shipped_definition_passes_the_schema_and_contradicts_nothing(name: str) -> None:
    data = _data(name)
    assert library.schema_faults(data) == ()
    instrument = read_instrument(data)
    assert faults(instrument) == ()
    assert instrument.id == name


def test_a_published_key_never_changes_under_its_version() -> None:
    """A changed cut-off, reversal or rule is a new version: add its line, keep the old one."""
    archived = [library.load(path) for path in sorted((library.DATA / "archive").glob("*.yaml"))]
    shipped = {f"{one.id} {one.version}": one.key_hash for one in (*library.all(), *archived)}
    assert shipped == json.loads(PINNED.read_text("utf-8"))


def test_wording_does_not_belong_to_the_key() -> None:
    data = _data()
    before = read_instrument(_data())
    data["items"][0]["text"]["en"] = "Another translation"
    after = read_instrument(data)
    assert before.key_hash == after.key_hash
    assert text_hash(before, "en") != text_hash(after, "en")
    data["norm_sets"][0]["bands"][0]["label"] = "other"
    assert read_instrument(data).key_hash != before.key_hash


@pytest.mark.parametrize("name", ALL_IDS)
def test_text_is_shown_only_where_two_sources_were_compared(name: str) -> None:
    instrument = library.get(name)
    languages = {language for question in instrument.questions for language in question.text}
    languages |= set(instrument.instruction) | set(instrument.stem)
    state, translations = instrument.provenance.wording_state, instrument.provenance.translations
    assert all(state[language] == "two-sources" for language in languages - set(translations))
    assert ("zh-Hans" in instrument.languages) == (name in CHINESE_COMPARED)
    assert not set(instrument.draft_languages) & set(instrument.languages)
    if instrument.mode in (Mode.PACK, Mode.KEY_ONLY):
        assert languages == set()


def test_parts_without_a_second_chinese_source_stay_empty() -> None:
    for name in ("gad-7", "gad-2", "rses"):
        assert "zh-Hans" not in library.get(name).instruction
    difficulty = library.get("phq-9").extra_items[0]
    assert set(difficulty.text) == {"en"}
    assert all(set(option.text) == {"en"} for option in difficulty.options)


def test_the_public_self_test_can_be_shown_in_both_languages() -> None:
    phq_9 = library.get("phq-9")
    assert phq_9.languages == ("en", "zh-Hans")
    assert phq_9.instruction["zh-Hans"] == "在过去两个星期，有多少时候您受到以下任何问题所困扰？"
    assert phq_9.items[8].text["zh-Hans"] == "有不如死掉或用某种方式伤害自己的念头"
    assert [option.text["zh-Hans"] for option in phq_9.items[0].options] == [
        "完全不会",
        "好几天",
        "一半以上的天数",
        "几乎每天",
    ]
    assert phq_9.shows_in("zh-Hans", Channel.PUBLIC)
    assert not library.get("phq-a").shows_in("en", Channel.PUBLIC)
    assert not library.get("who-5").shows_in("en", Channel.PUBLIC)


@pytest.mark.parametrize("name", ["nothing", "PHQ-9", "phq9", "../schema", "", "phq-9.yaml"])
def test_an_unknown_id_is_refused(name: str) -> None:
    with pytest.raises(UnknownInstrument):
        library.get(name)


def test_an_unknown_version_is_refused() -> None:
    assert library.get("phq-9", "1.0.0").version == "1.0.0"
    with pytest.raises(UnknownInstrument, match=r"phq-9 has no version 9\.9\.9"):
        library.get("phq-9", "9.9.9")


def _plant(data: Any, path: str, value: object) -> Any:
    *way, last = path.split("/")
    place = data
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[int(last) if last.isdigit() else last] = value
    return data


BANDS = "norm_sets/0/bands"


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (f"{BANDS}/0/max", 3, "nothing covers 4 up to 5"),
        (f"{BANDS}/0/max", 5, "overlaps the one before it"),
        (f"{BANDS}/4/max", 28, "the bands end at 28, the score ends at 27"),
        (f"{BANDS}/4/max", 26, "the bands end at 26, the score ends at 27"),
        (f"{BANDS}/1", {"label": "mild", "min": 5, "max": 4}, "band 'mild' is empty"),
        (
            BANDS,
            [{"label": "a", "min": 0, "max": 27}, {"label": "b", "min": 28, "max": 30}],
            "can never be reached",
        ),
        ("norm_sets/0/scales", ["sum"], "unknown scale 'sum'"),
        ("norm_sets/1/default", True, "more than one default norm set"),
        ("norm_sets/1/id", "kroenke-2001", "two norm sets share an id"),
        ("scales/0/items", [1, 2, 10], "items that do not exist: [10]"),
        ("scales/0/id", "sum", "the first scale must be 'total', or no_total must say why"),
        ("scales/0/at_least", 2, "at_least belongs to counting scales"),
        ("items/4/n", 6, "items are numbered"),
        ("options/1/code", 0, "a code is printed twice"),
        ("critical/0/when/0/item", 10, "unknown item '10'"),
        ("critical/0/when/0/at_least", 4, "can never fire on item 9"),
        ("critical/0/severe_at", 4, "severe_at 4 is never answered"),
        ("flags/0/tests/0/scale", "anxiety", "unknown scale 'anxiety'"),
        ("flags/1/tests/1/reach/0/value", 4, "item 1 never reaches 4"),
        ("flags/1/tests/1/at_least", 3, "asks for more items than it counts"),
        ("skips", [{"question": 1, "codes": [9], "skips": [2], "value": 0}], "a code that is not printed"),
        ("skips", [{"question": 1, "codes": [0], "skips": [12], "value": 0}], "an item that does not exist"),
        ("items/0/text/en", "Little interest", "wording in en differs"),
        ("provenance/wording/state/zh-Hans", "one-source", "wording in zh-Hans is shown but"),
    ],
)
def test_a_contradiction_is_named(path: str, value: object, fault: str) -> None:
    instrument = read_instrument(_plant(_data(), path, value))
    assert any(fault in found for found in faults(instrument)), faults(instrument)


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("id", "PHQ 9", "id"),
        ("version", "1", "version"),
        ("mode", "X", "mode"),
        ("window", "two weeks", "window"),
        ("colour", "red", "file"),
        ("missing/rule", "count_as_zero", "missing/rule"),
        ("licence/summary", "", "licence/summary"),
        ("provenance/key", "probably", "provenance/key"),
        ("provenance/key_sources", [], "provenance/key_sources"),
        ("norm_sets/0/reference", "", "norm_sets/0/reference"),
        ("norm_sets/0/mark", "X", "norm_sets/0/mark"),
        ("items/0/text/zh-Hant", "x", "items/0/text"),
        ("critical/0/action", "send_mail", "critical/0/action"),
        ("loinc/panel", "abc", "loinc/panel"),
    ],
)
def test_the_schema_refuses_and_names_the_place(path: str, value: object, place: str) -> None:
    found = library.schema_faults(_plant(_data(), path, value))
    assert any(fault.startswith(f"{place}:") for fault in found), found


def test_a_file_with_a_fault_is_refused_as_a_whole(tmp_path: Path) -> None:
    broken = tmp_path / "phq-9.yaml"
    broken.write_text(yaml.safe_dump(_plant(_data(), f"{BANDS}/0/max", 3), allow_unicode=True), "utf-8")
    with pytest.raises(BadDefinition, match=r"phq-9\.yaml: .*nothing covers 4 up to 5"):
        library.check(broken)
    broken.write_text(yaml.safe_dump(_plant(_data(), "mode", "X"), allow_unicode=True), "utf-8")
    with pytest.raises(BadDefinition, match=r"phq-9\.yaml: mode: 'X' is not one of"):
        library.check(broken)
    assert library.check(library.DATA / "phq-9.yaml").id == "phq-9"
