"""The templates shipped with the code, and the ladders, quiet hours and quotas in force. Needs no database.

``ANXIN_REACH_LADDERS`` may name another file of ladders; it is read again when it changes.
"""

import logging
import os
from dataclasses import dataclass
from datetime import time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from anxin.domains.notices.contracts import (
    Channel,
    Enough,
    Hours,
    Ladder,
    LadderUnknown,
    Lane,
    Quota,
    Rung,
    Template,
    TemplateUnknown,
)

log = logging.getLogger(__name__)
DATA = Path(__file__).parent / "data"
_last_good: "Orders | None" = None


@dataclass(frozen=True, slots=True)
class Orders:
    """How people are reached here."""

    ladders: dict[str, Ladder]
    quiet: Hours
    quotas: dict[Channel, Quota]


@lru_cache(maxsize=1)
def templates() -> dict[str, Template]:
    """Every template by its key."""
    raw = yaml.safe_load((DATA / "templates.yaml").read_text(encoding="utf-8"))
    return {
        entry["key"]: Template(
            key=entry["key"],
            params=frozenset(entry.get("params", ())),
            zh=entry["zh"],
            en=entry["en"],
            lane=Lane(entry.get("lane", Lane.PROMPT)),
            secret=entry.get("secret", ""),
            ladder=entry.get("ladder", ""),
        )
        for entry in raw["templates"]
    }


def template(key: str) -> Template:
    """One template. Raises ``TemplateUnknown``."""
    try:
        return templates()[key]
    except KeyError:
        raise TemplateUnknown(field=key) from None


def ladder(key: str) -> Ladder:
    """One ladder. Raises ``LadderUnknown``."""
    try:
        return orders().ladders[key]
    except KeyError:
        raise LadderUnknown(field=key) from None


def orders() -> Orders:
    """What is in force. A file that cannot be read is reported, and the last good one stays in force."""
    global _last_good
    path = Path(settings.ANXIN_REACH_LADDERS or DATA / "ladders.yaml")
    try:
        _last_good = _read(path, os.stat(path).st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError):
        log.exception("ladders in %s cannot be read; the last good ones stay in force", path.name)
        if _last_good is None:
            shipped = DATA / "ladders.yaml"
            _last_good = _read(shipped, os.stat(shipped).st_mtime_ns)
    return _last_good


@lru_cache(maxsize=4)
def _read(path: Path, stamp: int) -> Orders:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    ladders = {
        one["key"]: Ladder(one["key"], tuple(_rung(line) for line in one["rungs"])) for one in raw["ladders"]
    }
    missing = {one.ladder for one in templates().values() if one.ladder} - set(ladders)
    if missing or any(one.rungs[-1].channel is not Channel.DUTY_PHONE for one in ladders.values()):
        raise ValueError("a ladder is missing, or does not end with a person")
    quotas = {
        Channel(name): Quota(int(one["limit"]), int(one["reserve"])) for name, one in raw["quotas"].items()
    }
    return Orders(ladders, _hours(raw["quiet_hours"]), quotas)


def _rung(line: dict[str, Any]) -> Rung:
    wait = timedelta(minutes=float(line["minutes"]))
    if wait < timedelta(0):
        raise ValueError("nobody waits a negative time")
    return Rung(Channel(line["channel"]), wait, Enough(line.get("enough", Enough.READ)))


def _hours(line: dict[str, str]) -> Hours:
    return Hours(time.fromisoformat(line["from"]), time.fromisoformat(line["until"]))
