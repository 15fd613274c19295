"""Fingerprints: of everything in a definition that can change a score, and of its wording."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from anxin.domains.instruments.contracts import (
    AnswerTest,
    ExtraItem,
    Instrument,
    Item,
    NormSet,
    Option,
    Scale,
    Texts,
)

_KEY_FIELDS = (
    "id",
    "version",
    "items",
    "extra_items",
    "gate",
    "skips",
    "scales",
    "missing",
    "norm_sets",
    "critical",
    "flags",
    "age_min",
    "age_max",
)
_LATER_KEY_FIELDS = ("ask_when", "classifications", "validity_rules")
_NOT_KEY = frozenset({"text", "title", "loinc", "checked", "section"})
_LATER: Mapping[type, frozenset[str]] = {
    AnswerTest: frozenset({"or_blank"}),
    ExtraItem: frozenset({"refusal"}),
    Item: frozenset({"entry", "refusal", "blank_counts"}),
    NormSet: frozenset({"age_min", "age_max"}),
    Option: frozenset({"value"}),
    Scale: frozenset({"thresholds", "parts", "steps", "least_answered"}),
}
"""Fields the first format did not have: they belong to the key only where a definition uses them."""


def key_hash(instrument: Instrument) -> str:
    """SHA-256 of the key alone: a better translation keeps it, another cut-off or reversal changes it."""
    key = {name: _plain(getattr(instrument, name)) for name in _KEY_FIELDS}
    key |= {name: _plain(used) for name in _LATER_KEY_FIELDS if (used := getattr(instrument, name))}
    canonical = json.dumps(key, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def text_hash(instrument: Instrument, language: str) -> str:
    """SHA-256 of all shown wording in one language, to notice when a text drifts from the compared one."""
    joined = "\n".join(text.get(language, "") for text in wording(instrument))
    return hashlib.sha256(joined.encode()).hexdigest()


def wording(instrument: Instrument) -> list[Texts]:
    """All wording: the introduction, then the questions, then their options, then the headings."""
    texts = [instrument.instruction, instrument.stem]
    texts += [question.text for question in instrument.questions]
    texts += [option.text for question in instrument.questions for option in question.options]
    texts += [section.text for section in instrument.sections]
    return texts


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if _is_key(value, f)}
    if isinstance(value, Enum | Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value


def _is_key(value: object, member: Field[Any]) -> bool:
    if member.name in _NOT_KEY:
        return False
    if member.name not in _LATER.get(type(value), ()):
        return True
    used = getattr(value, member.name)
    # not truth: an option that counts nought is part of the key
    return not (used is None or used is False or used == () or used == {})
