"""Whether there are people to talk to everybody who will be found. Who cannot be helped is not screened."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capacity:
    """The sum, step by step, as the page shows it."""

    participants: int
    positive_permille: int
    minutes_each: int
    available_minutes: int

    @property
    def is_filled_in(self) -> bool:
        """Whether there is something to reckon with."""
        return self.participants > 0 and 0 < self.positive_permille <= 1000 and self.available_minutes > 0

    @property
    def expected_positives(self) -> int:
        """Rounded up: half a person is a person."""
        return -(-self.participants * self.positive_permille // 1000)

    @property
    def needed_minutes(self) -> int:
        """For a talk with each of them."""
        return self.expected_positives * self.minutes_each

    @property
    def is_enough(self) -> bool:
        """expected positives × minutes ≤ available minutes."""
        return self.is_filled_in and self.needed_minutes <= self.available_minutes

    @property
    def short_by_minutes(self) -> int:
        """What is lacking."""
        return max(self.needed_minutes - self.available_minutes, 0)

    @property
    def at_most_participants(self) -> int:
        """How many could be asked with the people there are."""
        if not self.positive_permille:
            return 0
        return (self.available_minutes // self.minutes_each) * 1000 // self.positive_permille
