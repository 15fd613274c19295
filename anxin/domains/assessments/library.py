"""The data files of this room, each read once."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from anxin.domains.assessments.rules.batteries import Battery, read_batteries
from anxin.domains.assessments.rules.validity import Limits
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import InstrumentError


@dataclass(frozen=True, slots=True)
class Taking:
    """How self-tests are taken here."""

    limits: Limits
    may_answer_again: bool


@lru_cache(maxsize=1)
def taking() -> Taking:
    """The figures of ``data/taking.yaml``."""
    raw = _read("taking.yaml")
    return Taking(limits=Limits(**raw["doubts"]), may_answer_again=raw["retest"]["on_request"])


@lru_cache(maxsize=1)
def answer_log_years() -> int:
    """The figure of ``data/keeping.yaml``."""
    years = int(_read("keeping.yaml")["answer_log_years"])
    if years < 1:
        raise ValueError("data/keeping.yaml: kept for no time")
    return years


@lru_cache(maxsize=1)
def batteries() -> tuple[Battery, ...]:
    """The batteries of ``data/batteries.yaml``. Raises ``BadBatteries``."""
    return read_batteries(_read("batteries.yaml"), is_known=_is_known)


def _is_known(instrument_id: str) -> bool:
    try:
        instruments.published_version(instrument_id)
    except InstrumentError:
        return False
    return True


def _read(name: str) -> Any:
    text = resources.files("anxin.domains.assessments").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return yaml.safe_load(text)
