"""How often one participant may send, in a memory of fixed size. Addresses do not count: a school shares one.

Cells of one byte, chosen by the participant's number, emptied every few seconds. Participants whose numbers are a
million apart share a cell, which makes the limit tighter for them and never looser.
"""

WINDOW_SECONDS = 10.0
SENDINGS_PER_WINDOW = 20
_CELLS = 1 << 20


class Allowance:
    """Counts sendings. ``now`` is any clock in seconds that does not go back."""

    __slots__ = ("_cells", "_ends", "_limit")

    def __init__(self, limit: int = SENDINGS_PER_WINDOW) -> None:
        if not 0 < limit < 256:
            raise ValueError("a cell holds one byte")
        self._cells = bytearray(_CELLS)
        self._ends = 0.0
        self._limit = limit

    def admits(self, participant_id: int, now: float) -> bool:
        """Count one sending; whether it is within the limit."""
        if now >= self._ends:
            self._cells = bytearray(_CELLS)
            self._ends = now + WINDOW_SECONDS
        cell = participant_id & (_CELLS - 1)
        count = self._cells[cell]
        if count >= self._limit:
            return False
        self._cells[cell] = count + 1
        return True
