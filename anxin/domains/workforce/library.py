"""The gates of the data file, read once."""

from functools import lru_cache
from importlib import resources

import yaml

from anxin.domains.workforce.contracts import Act, Gate
from anxin.domains.workforce.rules.gates import read_gates


@lru_cache(maxsize=1)
def load_gates() -> dict[Act, Gate]:
    """Every gate by its act. Raises ``GatesUnreadable``."""
    file = resources.files("anxin.domains.workforce").joinpath("data/competence_gates.yaml")
    return read_gates(yaml.safe_load(file.read_text(encoding="utf-8")))
