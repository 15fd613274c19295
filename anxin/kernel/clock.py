"""The only source of time.

Every due time, comparison and countdown comes from :func:`now`; SQL ``now()`` is never asked, so one simulated
clock can drive the web process, the worker and the tests alike. ``ANXIN_CLOCK_FILE`` names a small JSON file::

    {"real": 1790000000.0, "simulated": "2026-11-24T03:00:00+08:00", "rate": 60.0}

read again whenever it changes: at real second ``real`` it was ``simulated``, and since then time has run ``rate`` times
as fast. Without the variable time is real.
"""

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo(os.environ.get("ANXIN_TIME_ZONE", "Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class Simulation:
    """A straight line from real seconds to simulated time."""

    real: float
    simulated: datetime
    rate: float

    def at(self, real: float) -> datetime:
        """The simulated moment at Unix second ``real``."""
        return self.simulated + timedelta(seconds=(real - self.real) * self.rate)


_read: tuple[str, tuple[int, int], Simulation] | None = None


def _simulation() -> Simulation | None:
    global _read
    name = os.environ.get("ANXIN_CLOCK_FILE")
    if not name:
        return None
    try:
        found = os.stat(name)
    except FileNotFoundError:
        return None
    # Two writes may fall into one tick of the file system's clock; the file of the second is another one.
    stamp = (found.st_mtime_ns, found.st_ino)
    if _read is None or _read[:2] != (name, stamp):
        raw = json.loads(Path(name).read_text(encoding="utf-8"))
        simulated = datetime.fromisoformat(raw["simulated"])
        if simulated.tzinfo is None:
            raise ValueError("ANXIN_CLOCK_FILE: 'simulated' must carry an offset")
        _read = (name, stamp, Simulation(float(raw["real"]), simulated, float(raw.get("rate", 1.0))))
    return _read[2]


def now() -> datetime:
    """This moment, aware, in UTC."""
    simulation = _simulation()
    if simulation is None:
        return datetime.now(UTC)
    return simulation.at(time.time()).astimezone(UTC)


def is_simulated() -> bool:
    """Whether a simulated clock is in force, for the banner that says so."""
    return _simulation() is not None


def local(moment: datetime) -> datetime:
    """``moment`` on the wall clock of the city."""
    return moment.astimezone(LOCAL)


def today() -> date:
    """Today's date in the city."""
    return local(now()).date()


def write_simulation(path: Path, *, simulated: datetime, rate: float = 1.0) -> None:
    """Point every process that reads ``path`` at ``simulated``, from now on running ``rate`` times as fast."""
    if simulated.tzinfo is None:
        raise ValueError("a simulated moment must be aware")
    fresh = path.with_suffix(".new")
    fresh.write_text(
        json.dumps({"real": time.time(), "simulated": simulated.isoformat(), "rate": rate}), encoding="utf-8"
    )
    fresh.replace(path)
