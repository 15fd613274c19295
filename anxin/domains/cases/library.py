"""The times of cases in force, read from their data file."""

from functools import lru_cache
from pathlib import Path

import yaml

from anxin.domains.cases.rules.clocks import CaseTimes, read_case_times

_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def case_times() -> CaseTimes:
    """How fast each step follows."""
    return read_case_times(yaml.safe_load((_DATA / "case_times.yaml").read_text(encoding="utf-8")))
