"""The data file, read once."""

from functools import lru_cache
from importlib import resources

import yaml

from anxin.domains.accounts.rules.limits import Limits, read_limits


@lru_cache(maxsize=1)
def load_limits() -> Limits:
    """Locks, sessions and archives held back. Raises ``LimitsUnreadable``."""
    text = (
        resources.files("anxin.domains.accounts").joinpath("data", "limits.yaml").read_text(encoding="utf-8")
    )
    return read_limits(yaml.safe_load(text))
