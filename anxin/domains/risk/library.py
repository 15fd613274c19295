"""The rule set and the response times in force, read from their data files.

``ANXIN_RESPONSE_TIMES`` may name another file of times; it is read again when it changes, so that a city can
tighten its times (or a test shorten them) without a restart. Clocks that run already keep the times they were
started with.
"""

import logging
import os
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

from anxin.domains.risk.rules.engine import RuleSet, read_rule_set
from anxin.domains.risk.rules.response import ResponseTimes, read_response_times

log = logging.getLogger(__name__)
_DATA = Path(__file__).parent / "data"
_last_good: ResponseTimes | None = None


@lru_cache(maxsize=1)
def rule_set() -> RuleSet:
    """The published rule set."""
    return read_rule_set(yaml.safe_load((_DATA / "rule_set.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=4)
def _times(path: Path, stamp: int) -> ResponseTimes:
    return read_response_times(yaml.safe_load(path.read_text(encoding="utf-8")))


def response_times() -> ResponseTimes:
    """The response times in force. A file that cannot be read is reported, and the last good times stay in force."""
    global _last_good
    path = Path(settings.ANXIN_RESPONSE_TIMES or _DATA / "response_times.yaml")
    try:
        _last_good = _times(path, os.stat(path).st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError):
        log.exception("response times in %s cannot be read; the last good ones stay in force", path.name)
        if _last_good is None:
            shipped = _DATA / "response_times.yaml"
            _last_good = _times(shipped, os.stat(shipped).st_mtime_ns)
    return _last_good
