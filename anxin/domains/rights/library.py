"""The clocks, and what is kept about people with its reasons: data shipped with the code, each file read once."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anxin.domains.rights.contracts import KindOfData

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def clocks() -> dict[str, int]:
    """Working days to acknowledge, days to decide."""
    found: dict[str, int] = yaml.safe_load((DATA / "clocks.yaml").read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def _kept() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((DATA / "kept.yaml").read_text(encoding="utf-8"))["kinds"]
    return found


def kinds_of_data(*, language: str = "zh") -> tuple[KindOfData, ...]:
    """Everything the platform keeps about people; every language but English reads the Chinese original."""
    chosen = "en" if language.startswith("en") else "zh"
    return tuple(
        KindOfData(key=kind["key"], can_delete=kind["can_delete"], **kind[chosen]) for kind in _kept()
    )
