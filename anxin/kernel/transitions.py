"""State machines as tables: which moves are allowed, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from anxin.kernel.errors import Refused

S = TypeVar("S", bound=StrEnum)


class MoveNotAllowed(Refused):
    """The thing is not in a state from which this move exists."""

    code = "move-not-allowed"
    message = "This step is not possible any more, because the state has changed."


@dataclass(frozen=True)
class Transitions(Generic[S]):
    """The allowed moves of one machine: for each state the states it may go to."""

    moves: Mapping[S, frozenset[S]]

    def allows(self, source: S, target: S) -> bool:
        """Whether the table holds the move."""
        return target in self.moves.get(source, frozenset())

    def check(self, source: S, target: S) -> None:
        """Raise :class:`MoveNotAllowed` unless the table holds the move."""
        if not self.allows(source, target):
            raise MoveNotAllowed(source=source.value, target=target.value)

    def final_states(self) -> frozenset[S]:
        """States that nothing leaves."""
        return frozenset(state for state, targets in self.moves.items() if not targets)
