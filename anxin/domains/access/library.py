"""The roles of the data file, read once."""

from functools import lru_cache
from importlib import resources

import yaml

from anxin.domains.access.contracts import Role
from anxin.domains.access.rules.roles import read_roles


@lru_cache(maxsize=1)
def load_roles() -> dict[str, Role]:
    """Every role by its id. Raises ``RolesUnreadable``."""
    text = resources.files("anxin.domains.access").joinpath("data/roles.yaml").read_text(encoding="utf-8")
    return read_roles(yaml.safe_load(text))
