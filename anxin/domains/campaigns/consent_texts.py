"""The consent texts shipped with the code, each in all its versions. Needs no database."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anxin.domains.campaigns.contracts import ConsentText, ConsentTextReplaced

_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def _entries() -> dict[tuple[str, str], dict[str, Any]]:
    raw = yaml.safe_load((_DATA / "consent_texts.yaml").read_text(encoding="utf-8"))
    return {(entry["kind"], entry["version"]): entry for entry in raw["texts"]}


def consent_text(*, kind: str, version: str, language: str = "zh") -> ConsentText:
    """One text; every language but English reads the Chinese original. Raises ``ConsentTextReplaced``."""
    try:
        entry = _entries()[kind, version]
    except KeyError:
        raise ConsentTextReplaced from None
    words = entry["en" if language.startswith("en") else "zh"]
    return ConsentText(
        kind=kind,
        version=version,
        title=words["title"],
        paragraphs=tuple(words["paragraphs"]),
        agree=words["agree"],
        decline=words["decline"],
    )


def consent_versions() -> frozenset[str]:
    """The versions a campaign can name: those in which every text exists."""
    kinds = {kind for kind, _ in _entries()}
    versions = {version for _, version in _entries()}
    return frozenset(one for one in versions if all((kind, one) in _entries() for kind in kinds))
