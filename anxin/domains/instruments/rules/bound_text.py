"""A licensed text laid over a key: whether it fits, and the form with its words."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from anxin.domains.instruments.contracts import ExtraItem, Gate, Instrument, Item, Option, Question
from anxin.domains.instruments.editing import BoundText
from anxin.domains.instruments.rules.branching import question_names

EVERY = "*"


def form_hash(instrument: Instrument) -> str:
    """SHA-256 of the questions and their printed codes: a text belongs to a form, not to the bands beside it."""
    codes = [[option.code for option in question.options] for question in instrument.questions]
    shape = [list(pair) for pair in zip(question_names(instrument), codes, strict=True)]
    return hashlib.sha256(json.dumps(shape, separators=(",", ":")).encode()).hexdigest()


def text_faults(instrument: Instrument, text: BoundText) -> tuple[str, ...]:
    """Each gap, and each word that belongs nowhere."""
    return tuple(_faults(instrument, text))


def with_text(instrument: Instrument, language: str, text: BoundText) -> Instrument:
    """The form with its words in one language. The key and its fingerprint stay what they are."""
    named = dict(zip(question_names(instrument), instrument.questions, strict=True))
    worded: dict[str, Any] = {
        name: _worded(name, question, language, text) for name, question in named.items()
    }
    return replace(
        instrument,
        instruction=_added(instrument.instruction, language, text.instruction),
        stem=_added(instrument.stem, language, text.stem),
        items=tuple(worded[str(item.number)] for item in instrument.items),
        extra_items=tuple(worded[extra.code] for extra in instrument.extra_items),
        gate=worded.get("gate"),
    )


def plain(text: BoundText) -> dict[str, Any]:
    """For storing."""
    return {
        "instruction": text.instruction,
        "stem": text.stem,
        "questions": dict(text.questions),
        "options": {name: list(words) for name, words in text.options.items()},
    }


def read(data: Mapping[str, Any]) -> BoundText:
    """From what was stored."""
    return BoundText(
        instruction=data.get("instruction", ""),
        stem=data.get("stem", ""),
        questions=dict(data.get("questions", {})),
        options={name: tuple(words) for name, words in data.get("options", {}).items()},
    )


def sha256(text: BoundText) -> str:
    """Of all its words."""
    kept = json.dumps(plain(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(kept.encode()).hexdigest()


def _faults(instrument: Instrument, text: BoundText) -> Iterator[str]:
    names = question_names(instrument)
    for name, question in zip(names, instrument.questions, strict=True):
        if not text.questions.get(name, "").strip():
            yield f"question {name} has no words"
        if not question.options:
            continue
        words = _words(name, question, text)
        if words is None:
            yield f"the options of question {name} have no words"
        elif len(words) != len(question.options):
            yield f"question {name} has {len(question.options)} options and words for {len(words)}"
        elif not all(word.strip() for word in words):
            yield f"an option of question {name} has no words"
    for name in sorted({*text.questions, *text.options} - {*names, EVERY}):
        yield f"there is no question {name}"


def _words(name: str, question: Question, text: BoundText) -> tuple[str, ...] | None:
    if name in text.options:
        return text.options[name]
    return text.options.get(EVERY)


def _worded(name: str, question: Question, language: str, text: BoundText) -> Item | ExtraItem | Gate:
    words = _words(name, question, text) or ()
    options = tuple(
        Option(option.code, _added(option.text, language, word), option.value)
        for option, word in zip(question.options, words, strict=True)
    )
    return replace(question, text=_added(question.text, language, text.questions[name]), options=options)


def _added(texts: Mapping[str, str], language: str, words: str) -> Mapping[str, str]:
    return {**texts, language: words} if words.strip() else texts
