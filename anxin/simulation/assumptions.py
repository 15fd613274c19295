"""The assumptions of the simulated year, read from their data file, and the dice that follow them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

K = TypeVar("K")
_FILE = Path(__file__).parent / "data" / "county_year.yaml"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """One version of them."""

    version: str
    raw: Mapping[str, Any]

    def share(self, *names: str) -> float:
        """One number, by the names on the way to it."""
        found: Any = self.raw
        for name in names:
            found = found[name]
        return float(found)

    def weights(self, name: str) -> Mapping[Any, float]:
        """A table of weights."""
        found: Mapping[Any, float] = self.raw[name]
        return found


@lru_cache(maxsize=1)
def assumptions() -> Assumptions:
    """What is shipped."""
    raw = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return Assumptions(raw["version"], raw)


def drawn(rng: Random, weights: Mapping[K, float]) -> K:
    """One key by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]
