"""The retention classes shipped with the code, read once."""

from functools import lru_cache
from importlib import resources

import yaml

from anxin.domains.archives.contracts import RetentionClass
from anxin.domains.archives.rules.retention import read_classes


@lru_cache(maxsize=1)
def _read() -> tuple[dict[str, RetentionClass], str]:
    text = (
        resources.files("anxin.domains.archives").joinpath("data/retention.yaml").read_text(encoding="utf-8")
    )
    return read_classes(yaml.safe_load(text))


def retention_classes() -> dict[str, RetentionClass]:
    """Every class by its id."""
    return _read()[0]


def default_class() -> str:
    """The class of an archive opened at a counter."""
    return _read()[1]
