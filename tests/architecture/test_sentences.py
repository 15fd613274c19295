"""Every event that can stand in the trail says in Chinese and in English what was done; no sentence is left over."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from anxin.domains.audit import sentences
from tests.architecture import faults

SOURCES = [file for file in (faults.ROOT / "anxin").rglob("*.py") if "/tests/" not in str(file)]


_EVENT = re.compile(r"[a-z_]+:[a-z_-]+:[a-z_-]+")


def marked_events() -> Iterator[str]:
    """The events of the marks on every door."""
    for room in (one for row in faults.room_order() for one in row):
        door = importlib.import_module(f"anxin.domains.{room}.api")
        yield from (
            event for name in door.__all__ if (event := getattr(getattr(door, name), "anxin_event", ""))
        )


def written_events(source: str) -> Iterator[str]:
    """The events that code writes without a mark: given as ``event``, to a ``record``, or to ``note_listing``."""
    if not _EVENT.search(source):
        return  # most sources name none, and parsing takes most of the time
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        given = [one.value for one in node.keywords if one.arg == "event"]
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called.endswith(("record", "note_listing")):
            given += node.args[:2]
        for value in given:
            if isinstance(value, ast.Constant) and _EVENT.fullmatch(str(value.value)):
                yield value.value


def silent(events: set[str], told: dict[str, dict[str, str]]) -> list[str]:
    """Events without both sentences, sentences without an event, and placeholders nobody fills."""
    found = [f"{event} says nothing" for event in events - told.keys()]
    found += [f"{event} is said by nobody" for event in told.keys() - events]
    for event, words in told.items():
        found += [f"{event} has no {tongue}" for tongue in ("zh", "en") if not words.get(tongue)]
        holes = {name for said in words.values() for _, name, _, _ in Formatter().parse(said) if name}
        found += [f"{event} asks for {{{name}}}" for name in holes - {"number"}]
    return sorted(found)


def test_every_event_has_its_two_sentences() -> None:
    events = set(marked_events())
    for file in SOURCES:
        events |= set(written_events(file.read_text(encoding="utf-8")))
    assert silent(events, sentences.load_sentences()) == []


def test_an_event_without_a_sentence_is_found() -> None:
    told = {
        "cases:case:opened": {"zh": "建立了个案", "en": ""},
        "cases:case:gone": {"zh": "走 {who}", "en": "left"},
    }
    assert silent({"cases:case:opened", "risk:warning:raised"}, told) == [
        "cases:case:gone asks for {who}",
        "cases:case:gone is said by nobody",
        "cases:case:opened has no en",
        "risk:warning:raised says nothing",
    ]
    assert list(written_events('record(event="cases:case:opened", reason="a: b")')) == ["cases:case:opened"]


def test_a_sentence_reads_with_and_without_a_number() -> None:
    say = sentences.sentence_of
    assert say("campaigns:campaign:sent_to_review", number="P-1", language="zh") == "提交筛查活动 P-1 审核"
    assert say("campaigns:campaign:sent_to_review", language="zh") == "提交筛查活动审核"
    assert say("campaigns:campaign:sent_to_review", language="en") == "sent the campaign to review"
    assert say("nobody:ever:said") == "nobody:ever:said"


def test_each_room_says_its_own_events_only() -> None:
    outside = {"demo", "keys"}  # no rooms; the trail speaks for them
    for file in (faults.ROOT / "anxin/domains").glob("*/data/sentences.yaml"):
        rooms = {line.partition(":")[0] for line in _names(file)}
        assert rooms <= {file.parts[-3]} | (outside if file.parts[-3] == "audit" else set()), file


def _names(file: Path) -> list[str]:
    return [
        line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]
