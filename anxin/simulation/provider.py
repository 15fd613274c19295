"""A provider of texts that fails one time in three, in every way a provider can.

It keeps the rule that the service relies on: a letter whose key it has seen is the same letter, also when its own
answer got lost on the way back.
"""

from random import Random

from anxin.domains.notices.contracts import Delivery, Letter


class ProviderDown(ConnectionError):
    """Nothing comes back from the other end."""


class UnreliableSms:
    """``ANXIN_SMS_GATEWAY`` of the simulated year."""

    name = "simulated"
    gives_receipts = False
    dice = Random(0)
    fails = 0.0
    taken: set[str] = set()
    refused = repeated = 0

    @classmethod
    def begin(cls, *, seed: str, fails: float) -> None:
        """Start a run with dice of its own."""
        cls.dice, cls.fails, cls.taken = Random(seed), fails, set()
        cls.refused = cls.repeated = 0

    def send(self, letter: Letter) -> Delivery:
        """Taken; or refused, or nothing comes back: sometimes although it was taken."""
        mine = type(self)
        if mine.dice.random() < mine.fails:
            mine.refused += 1
            if mine.dice.random() < 0.5:
                return Delivery(gateway=self.name, is_accepted=False)
            if mine.dice.random() < 0.5:
                self._take(letter.key)
            raise ProviderDown
        self._take(letter.key)
        return Delivery(gateway=self.name, is_accepted=True, receipt=letter.key[-20:])

    def _take(self, key: str) -> None:
        type(self).repeated += key in self.taken
        self.taken.add(key)
