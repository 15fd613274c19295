"""Who waits for the next call to the database: critical ones first, then campaigns in turn, none above its share."""

from collections import deque
from typing import Generic, Protocol, TypeVar


class Waiting(Protocol):
    """Something with a place in the queue. ``key`` may be there once in a call."""

    @property
    def campaign_id(self) -> int: ...
    @property
    def key(self) -> object: ...
    @property
    def is_urgent(self) -> bool: ...


W = TypeVar("W", bound=Waiting)


class FairQueue(Generic[W]):
    """Bounded. A lone campaign may fill half of it, so that there is always room for another one's share."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._urgent: deque[W] = deque()
        self._lines: dict[int, deque[W]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count + len(self._urgent)

    def offer(self, one: W) -> bool:
        """Take a place; ``False`` when there is none."""
        if one.is_urgent:
            if len(self._urgent) >= self._limit:
                return False
            self._urgent.append(one)
            return True
        line = self._lines.get(one.campaign_id)
        if line is None:
            if self._count >= 2 * self._limit:
                return False
            line = self._lines[one.campaign_id] = deque()
        elif len(line) >= self._limit // (len(self._lines) + 1):
            return False
        line.append(one)
        self._count += 1
        return True

    def take(self, most: int) -> list[W]:
        """The next ones for one call. A key that is in it already waits for the call after."""
        taken: dict[object, W] = {}
        self._draw(self._urgent, most, taken)
        while len(taken) < most and self._lines:
            share = max(1, (most - len(taken)) // len(self._lines))
            before = len(taken)
            for campaign_id, line in list(self._lines.items()):
                self._count -= self._draw(line, min(share, most - len(taken)), taken)
                del self._lines[campaign_id]
                if line:
                    self._lines[campaign_id] = line  # behind those who were not served yet
            if len(taken) == before:
                break
        return list(taken.values())

    def _draw(self, line: "deque[W]", most: int, taken: "dict[object, W]") -> int:
        """Move up to ``most`` of ``line`` into ``taken``; how many."""
        again: list[W] = []
        drawn = 0
        while line and drawn < most:
            one = line.popleft()
            if one.key in taken:
                again.append(one)
            else:
                taken[one.key] = one
                drawn += 1
        line.extendleft(reversed(again))
        return drawn

    def drain(self) -> list[W]:
        """Everybody, in order."""
        everybody = [*self._urgent, *(one for line in self._lines.values() for one in line)]
        self._urgent.clear()
        self._lines.clear()
        self._count = 0
        return everybody
