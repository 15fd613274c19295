"""A wrong instrument file is refused with a message that names the fault: one fault planted at a time."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import BadDefinition
from tests.requirements_marker import requirement

Plant = Callable[[Any], object]


def _file(name: str) -> Path:
    (found,) = (*library.DATA.glob(f"{name}.yaml"), *library.DATA.glob(f"packs/*/{name}.yaml"))
    return found


def _bands(data: Any) -> Any:
    return data["norm_sets"][0]["bands"]


def _put(data: Any, *way: Any) -> None:
    *path, last, value = way
    for step in path:
        data = data[step]
    data[last] = value


def _test(scale: str, **limits: int) -> dict[str, object]:
    return {"scale": scale, **limits}


PLANTED: list[tuple[str, str, Plant, str]] = [
    ("a gap between bands", "phq-9", lambda d: _put(_bands(d), 0, "max", 3), "nothing covers 4 up to 5"),
    ("overlapping bands", "phq-9", lambda d: _put(_bands(d), 1, "min", 4), "starts at 4 and overlaps"),
    (
        "a band above the greatest score",
        "phq-9",
        lambda d: _put(_bands(d), 4, "max", 30),
        "the score ends at 27",
    ),
    (
        "a band nobody can reach",
        "phq-9",
        lambda d: _bands(d).append({"label": "more", "min": 28, "max": 40}),
        "band 'more' can never be reached",
    ),
    ("an empty band", "phq-9", lambda d: _put(_bands(d), 1, "max", 4), "band 'mild' is empty"),
    (
        "a band label twice",
        "phq-9",
        lambda d: _put(_bands(d), 1, "label", "severe"),
        "band 'severe' stands twice",
    ),
    (
        "two defaults for one person",
        "phq-9",
        lambda d: _put(d["norm_sets"], 1, "default", True),
        "more than one default norm set for the same person",
    ),
    (
        "defaults whose ages overlap",
        "phq-9",
        lambda d: (
            _put(d["norm_sets"], 0, "age", {"max": 30}),
            _put(d["norm_sets"], 1, "age", {"min": 30}),
            _put(d["norm_sets"], 1, "default", True),
        ),
        "more than one default norm set for the same person",
    ),
    ("a reversed item that is not there", "sds", lambda d: d["reverse"].append(21), "reverse names item 21"),
    (
        "an item counted twice",
        "scared",
        lambda d: d["scales"][1]["items"].append(1),
        "has non-unique elements",
    ),
    (
        "an item in two parts of a partition",
        "scared",
        lambda d: d["scales"][2]["items"].append(1),
        "item 1 is in both panic and general",
    ),
    (
        "an item left over by a partition",
        "mht",
        lambda d: d["scales"][1]["items"].remove(7),
        "item 7 of total is in none of the scales",
    ),
    (
        "an item no scale uses",
        "snap-iv-26",
        lambda d: [scale["items"].remove(26) for scale in d["scales"] if 26 in scale["items"]],
        "item 26 is in no scale and no rule",
    ),
    (
        "a scale of an unknown item",
        "ies-r",
        lambda d: d["scales"][1]["items"].append(23),
        "do not exist: [23]",
    ),
    ("an option code twice", "gad-7", lambda d: _put(d["options"], 1, "code", 0), "a code is printed twice"),
    ("items out of order", "gad-7", lambda d: _put(d["items"], 2, "n", 4), "items are numbered"),
    (
        "the same item twice",
        "gad-7",
        lambda d: _put(d["items"], 2, "text", d["items"][1]["text"]),
        "same wording",
    ),
    ("a wording nobody compared", "gad-7", lambda d: _put(d["items"], 2, "text", "en", "Worry"), "(sha256)"),
    (
        "wording of a key-only instrument",
        "isi",
        lambda d: _put(d, "stem", {"en": "How"}),
        "mode K must not carry",
    ),
    ("an unknown mode", "gad-7", lambda d: _put(d, "mode", "free"), "mode: 'free' is not one of"),
    ("no licence", "gad-7", lambda d: d.pop("licence"), "'licence' is a required property"),
    ("an unknown field", "gad-7", lambda d: _put(d, "licens", "x"), "'licens' was unexpected"),
    (
        "a critical rule on no item",
        "phq-9",
        lambda d: _put(d["critical"][0]["when"][0], "item", 11),
        "unknown item '11'",
    ),
    (
        "a critical rule that never fires",
        "phq-9",
        lambda d: _put(d["critical"][0]["when"][0], "at_least", 4),
        "can never fire on item 9",
    ),
    (
        "a critical rule that always fires",
        "phq-9",
        lambda d: _put(d["critical"][0]["when"][0], "at_least", 0),
        "fires on every answer to item 9",
    ),
    (
        "a finding that is always true",
        "gad-7",
        lambda d: _put(d["flags"][0], "tests", [_test("total", at_least=0)]),
        "is always met: total goes from 0 to 21",
    ),
    (
        "a finding that is never true",
        "gad-7",
        lambda d: _put(d["flags"][0], "tests", [_test("total", at_least=22)]),
        "can never be met: total goes from 0 to 21",
    ),
    (
        "a grade nobody can get",
        "c-ssrs-screener",
        lambda d: _put(d["classifications"][0]["grades"], 1, "tests", [{"item": 4, "at_least": 1}]),
        "the grade 'moderate' can never be reached",
    ),
    (
        "a branch that depends on a later answer",
        "c-ssrs-screener",
        lambda d: _put(d["ask_when"][0]["when"][0], "item", 6),
        "depends on an answer that comes later",
    ),
    (
        "a branch value the item cannot have",
        "k10",
        lambda d: _put(d["ask_when"], 0, "value", 0),
        "item 3 cannot count 0",
    ),
    (
        "a scale that derives from itself",
        "sdq",
        lambda d: d["scales"][0]["parts"].append("total"),
        "from itself",
    ),
    (
        "steps that leave scores out",
        "psqi",
        lambda d: _put(d["scales"][3]["steps"], 0, "from", 60),
        "no step covers 0",
    ),
    (
        "an unknown option set",
        "audit",
        lambda d: _put(d["items"], 4, "option_set", "often"),
        "option set 'often'",
    ),
    (
        "a follow-up nobody has",
        "phq-2",
        lambda d: _put(d["flags"][0], "follow_up", "phq-10"),
        "'phq-10' is not in",
    ),
    (
        "ages that exclude everybody",
        "phq-a",
        lambda d: _put(d, "age", {"min": 18, "max": 11}),
        "no age is from 18",
    ),
    (
        "professionals' form on the public channel",
        "asq",
        lambda d: _put(d, "channels", ["public"]),
        "mode S3 is for",
    ),
    ("a pack without its name", "audit", lambda d: d.pop("pack"), "mode S2 names its pack"),
    (
        "no total and no reason",
        "cbi",
        lambda d: d.pop("no_total"),
        "the first scale must be 'total', or no_total",
    ),
    (
        "a verified key without a source",
        "isi",
        lambda d: _put(d["provenance"], "key_sources", []),
        "key_sources",
    ),
    ("a LOINC code that is none", "phq-9", lambda d: _put(d["items"], 0, "loinc", "44250"), "items/0/loinc"),
]


@requirement("R-067")
@pytest.mark.parametrize(
    ("name", "plant", "message"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED]
)
def test_a_planted_fault_is_refused_by_name(tmp_path: Path, name: str, plant: Plant, message: str) -> None:
    data = copy.deepcopy(yaml.safe_load(_file(name).read_text("utf-8")))
    file = tmp_path / f"{name}.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    assert library.check(file).id == name
    plant(data)
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    with pytest.raises(BadDefinition, match=re.escape(message)) as refusal:
        library.check(file)
    assert str(refusal.value).startswith(f"{name}.yaml: ")
