"""The timers in force, read from their data file."""

from functools import lru_cache
from pathlib import Path

import yaml

from anxin.domains.referrals.rules.times import ReferralTimes, read_times

_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def referral_times() -> ReferralTimes:
    """How long each wait may take."""
    return read_times(yaml.safe_load((_DATA / "referral_times.yaml").read_text(encoding="utf-8")))
