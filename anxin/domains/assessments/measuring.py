"""What is published about how exactly the forms measure, read once from ``data/reliability.yaml``."""

from functools import lru_cache
from importlib import resources

import yaml

from anxin.domains.assessments.contracts import Reliability
from anxin.domains.assessments.rules.change import read_reliabilities


@lru_cache(maxsize=1)
def _all() -> dict[tuple[str, str], Reliability]:
    file = resources.files("anxin.domains.assessments").joinpath("data/reliability.yaml")
    return read_reliabilities(yaml.safe_load(file.read_text(encoding="utf-8")))


def reliability_of(instrument: str, scale: str = "total") -> Reliability | None:
    """The reliable change of one scale; None where no source is at hand."""
    return _all().get((instrument, scale))
