"""When a lock ends."""

from collections.abc import Sequence
from datetime import datetime

from anxin.domains.accounts.rules.limits import LockLimits


def locked_until(tries: Sequence[datetime], limits: LockLimits, now: datetime) -> datetime | None:
    """The end of the lock that these tries, the oldest first, have brought about, or None when there is none.

    Each try beyond the limit doubles the pause. A try during a lock is refused before it counts, so nobody can draw a
    lock out by knocking.
    """
    recent = [one for one in tries if one > now - limits.window]
    over = len(recent) - limits.tries
    if over < 0:
        return None
    until = recent[-1] + min(limits.first_pause * 2**over, limits.longest_pause)
    return until if until > now else None
