"""The kinds in force, read from their data file."""

from functools import lru_cache
from pathlib import Path

import yaml

from anxin.domains.linkages.rules.kinds import Rules, read_rules

_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def linkage_rules() -> Rules:
    """What may leave to whom, and how long it may wait."""
    return read_rules(yaml.safe_load((_DATA / "linkage_kinds.yaml").read_text(encoding="utf-8")))
