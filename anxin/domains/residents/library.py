"""The consent texts shipped with the code, each file read once. Needs no database."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anxin.domains.residents.contracts import ConsentText, ConsentTextUnknown, Purpose

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def _entries() -> dict[Purpose, dict[str, Any]]:
    raw = yaml.safe_load((DATA / "consents.yaml").read_text(encoding="utf-8"))
    return {Purpose(entry["purpose"]): entry for entry in raw["consents"]}


def consent_text(*, purpose: Purpose | str, language: str = "zh") -> ConsentText:
    """The current text for ``purpose``; every language but English reads the Chinese original."""
    try:
        entry = _entries()[Purpose(purpose)]
    except (KeyError, ValueError):
        raise ConsentTextUnknown from None
    words = entry["en" if language.startswith("en") else "zh"]
    return ConsentText(
        purpose=Purpose(entry["purpose"]),
        version=entry["version"],
        title=words["title"],
        paragraphs=tuple(words["text"]),
        needed_in_crisis=entry["needed_in_crisis"],
        data_kinds=tuple(entry["data_kinds"]),
        is_separate=entry["separate"],
        names_recipient=entry["names_recipient"],
        if_withdrawn=words["if_withdrawn"],
    )


def current_version(purpose: Purpose | str) -> str:
    """The version a person can agree to today."""
    return consent_text(purpose=purpose).version


@lru_cache(maxsize=1)
def rules_of_consent() -> dict[str, int]:
    """How soon somebody is told of what was done without asking them, and from what age a child's word is asked."""
    found: dict[str, int] = yaml.safe_load((DATA / "consent_rules.yaml").read_text(encoding="utf-8"))
    return found
