"""The voice gateway of demos and tests: accepts everything, sends nothing, and says so wherever it is asked."""

from anxin.domains.notices.contracts import Delivery, Letter


class NullVoice:
    """Nothing leaves the machine and nothing is kept."""

    name = "null"
    gives_receipts = False

    def send(self, letter: Letter) -> Delivery:
        """Accepted, by nobody."""
        return Delivery(gateway=self.name, is_accepted=True)
