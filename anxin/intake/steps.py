"""What each step of a campaign asks, remembered. The database checks it again for every row, so it may be old."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from anxin.domains.campaigns.contracts import NO_STEP, StepDefinition
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import InstrumentError

QUERY = "SELECT position, instrument, instrument_version FROM campaigns_intake_steps($1)"
_MOST_CAMPAIGNS = 1000
REREAD_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class KnownStep:
    """A step with its scoring, and its names as elements of an array literal."""

    definition: StepDefinition
    table: Any
    instrument: str
    instrument_version: str


UNKNOWN = KnownStep(NO_STEP, None, '""', '""')


def _known(instrument: str, version: str) -> KnownStep:
    try:
        published = instruments.published_version(instrument, version)
    except InstrumentError:
        return UNKNOWN
    names = (f'"{one}"' for one in (published.id, published.version))
    return KnownStep(StepDefinition(instrument, version), instruments.scoring_table(published), *names)


class StepBook:
    """Steps by campaign and position, each campaign read once and again after a surprise."""

    def __init__(self) -> None:
        self._campaigns: dict[int, dict[int, KnownStep]] = {}
        self._read_at: dict[int, float] = {}

    def find(self, campaign_id: int, position: int) -> KnownStep | None:
        """The step, ``UNKNOWN`` when the campaign has no such step, ``None`` when the campaign was not read yet."""
        steps = self._campaigns.get(campaign_id)
        return None if steps is None else steps.get(position, UNKNOWN)

    def forget(self, campaign_id: int) -> bool:
        """Something did not fit: read this campaign again, unless that was done a moment ago."""
        if time.monotonic() - self._read_at.get(campaign_id, 0.0) < REREAD_SECONDS:
            return False
        self._campaigns.pop(campaign_id, None)
        return True

    def write(self, campaign_id: int, rows: Iterable[tuple[bytes | None, ...]]) -> None:
        """What the database says of a campaign: position, instrument, version."""
        while len(self._campaigns) >= _MOST_CAMPAIGNS and campaign_id not in self._campaigns:
            oldest = next(iter(self._campaigns))
            del self._campaigns[oldest], self._read_at[oldest]
        self._read_at[campaign_id] = time.monotonic()
        self._campaigns[campaign_id] = {
            int(position or 0): _known((instrument or b"").decode(), (version or b"").decode())
            for position, instrument, version in rows
        }
