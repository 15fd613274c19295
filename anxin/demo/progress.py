"""Lines that say how far the generator is, with the seconds since it began."""

import time
from collections.abc import Callable

_PAUSE = 2.0


class Progress:
    """Says every finished step, and inside long steps something every two seconds."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._began = self._spoke = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._began

    def step(self, line: str) -> None:
        """Something is done."""
        self._spoke = time.monotonic()
        self._say(f"{self.seconds:6.1f} s  {line}")

    def part(self, line: str) -> None:
        """Something is on its way; said only when it was quiet for a while."""
        if time.monotonic() - self._spoke >= _PAUSE:
            self.step(line)
