"""The data files, read once."""

from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from anxin.domains.access.contracts import Role
from anxin.domains.access.rules.openings import Limits, read_limits
from anxin.domains.access.rules.roles import read_roles
from anxin.domains.access.rules.yearly import GrantLimits, read_grant_limits


@lru_cache(maxsize=1)
def load_roles() -> dict[str, Role]:
    """Every role by its id. Raises ``RolesUnreadable``."""
    return read_roles(_read("roles.yaml"))


@lru_cache(maxsize=1)
def load_limits() -> Limits:
    """Windows, clocks and limits. Raises ``LimitsUnreadable``."""
    return read_limits(_read("openings.yaml"))


@lru_cache(maxsize=1)
def load_grant_limits() -> GrantLimits:
    """How long roles last unconfirmed and links work. Raises ``GrantLimitsUnreadable``."""
    return read_grant_limits(_read("grants.yaml"))


def _read(name: str) -> Any:
    text = resources.files("anxin.domains.access").joinpath("data", name).read_text(encoding="utf-8")
    return yaml.safe_load(text)
