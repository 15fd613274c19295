"""The numbers of this room, read from ``data/limits.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from anxin.domains.accounts.contracts import Circle, VisitLimits


class LimitsUnreadable(ValueError):
    """The data file does not make sense."""


@dataclass(frozen=True, slots=True)
class LockLimits:
    """``tries`` that do not fit within ``window`` lock for ``first_pause``; each further one doubles it."""

    tries: int
    window: timedelta
    first_pause: timedelta
    longest_pause: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Everything."""

    unseen: timedelta
    reentry_tries: int
    account: LockLimits
    device: LockLimits
    known_device: timedelta
    visits: Mapping[Circle, VisitLimits]


def read_limits(data: Mapping[str, Any]) -> Limits:
    """Raises ``LimitsUnreadable``."""
    try:
        found = Limits(
            unseen=timedelta(days=_positive(data["reentry"]["unseen_days"])),
            reentry_tries=_positive(data["reentry"]["tries"]),
            account=_lock(data["lock"]["account"]),
            device=_lock(data["lock"]["device"]),
            known_device=timedelta(days=_positive(data["lock"]["known_device_days"])),
            visits={Circle(name): _visits(one) for name, one in data["sessions"].items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LimitsUnreadable(str(error)) from error
    missing = set(Circle) - set(found.visits)
    if missing:
        raise LimitsUnreadable(f"sessions: {sorted(missing)}")
    return found


def _lock(data: Mapping[str, Any]) -> LockLimits:
    return LockLimits(
        tries=_positive(data["tries"]),
        window=timedelta(hours=_positive(data["window_hours"])),
        first_pause=timedelta(minutes=_positive(data["first_pause_minutes"])),
        longest_pause=timedelta(minutes=_positive(data["longest_pause_minutes"])),
    )


def _visits(data: Mapping[str, Any]) -> VisitLimits:
    return VisitLimits(
        idle=timedelta(minutes=_positive(data["idle_minutes"])),
        longest=timedelta(hours=_positive(data["longest_hours"])),
        parallel=_positive(data["parallel"]),
    )


def _positive(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"{value} is no positive number")
    return value
