"""The numbers a city may settle for itself, read from ``data/indicators.yaml``."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).parent / "data" / "indicators.yaml"


@dataclass(frozen=True, slots=True)
class Numbers:
    """See the file for what each means."""

    small_cell: int
    late_limit_percent: float
    weeks_shown: int
    smallest_group: int
    quarters_shown: int


@lru_cache(maxsize=1)
def numbers() -> Numbers:
    """The numbers in force."""
    return Numbers(**yaml.safe_load(_FILE.read_text(encoding="utf-8")))
