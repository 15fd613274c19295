"""The figures of campaigns in force, read from their data file."""

from functools import lru_cache
from pathlib import Path

import yaml

from anxin.domains.campaigns.rules.figures import Figures, read_figures

_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def figures() -> Figures:
    """How fast each step follows, and what counts as what."""
    return read_figures(yaml.safe_load((_DATA / "campaign_rules.yaml").read_text(encoding="utf-8")))
