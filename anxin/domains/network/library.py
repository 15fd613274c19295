"""The make-up of task forces, from the data file, read once."""

from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from anxin.domains.network.contracts import TaskForceKind
from anxin.domains.network.rules.task_force import Preset, read_presets


@lru_cache(maxsize=1)
def load_presets() -> dict[TaskForceKind, Preset]:
    """Every preset by its kind. Raises ``PresetsUnreadable``."""
    text = (
        resources.files("anxin.domains.network").joinpath("data/task_force.yaml").read_text(encoding="utf-8")
    )
    data: dict[str, Any] = yaml.safe_load(text)
    return read_presets(data)
