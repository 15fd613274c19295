"""How long a session lasts, as it is written into the session itself: seconds of the real clock.

Real ones also under a simulated clock: a session is ended because a person has gone away, and people go away in real
time.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from anxin.domains.accounts.contracts import VisitLimits

TOUCH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """When the session was used last, how long it may lie idle, and when it ends whatever happens."""

    seen: int
    idle: int
    until: int

    def is_over(self, now: float) -> bool:
        """Whether it may no longer be used."""
        return now >= self.until or now - self.seen >= self.idle

    def needs_touch(self, now: float) -> bool:
        """Whether it is time to write down that it is in use; not every request has to."""
        return now - self.seen >= TOUCH_SECONDS

    def as_kept(self) -> dict[str, int]:
        """For the session."""
        return asdict(self)


def new_mark(limits: VisitLimits, now: float) -> Mark:
    """The mark of a session that begins."""
    return Mark(
        seen=int(now),
        idle=int(limits.idle.total_seconds()),
        until=int(now + limits.longest.total_seconds()),
    )


def touched(mark: Mark, now: float) -> Mark:
    """The same session, used now."""
    return Mark(seen=int(now), idle=mark.idle, until=mark.until)


def read_mark(kept: object) -> Mark | None:
    """The mark of a session; None when it bears none."""
    if not isinstance(kept, Mapping):
        return None
    try:
        return Mark(seen=_number(kept["seen"]), idle=_number(kept["idle"]), until=_number(kept["until"]))
    except (KeyError, TypeError, ValueError):
        return None


def _number(value: Any) -> int:
    return int(value)
