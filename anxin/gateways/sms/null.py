"""The text gateway of demos and tests: accepts everything, sends nothing, and says so wherever it is asked."""

from anxin.domains.notices.contracts import Delivery, Letter


class NullSms:
    """``ANXIN_SMS_GATEWAY`` by default. No text leaves the machine and none is kept."""

    name = "null"
    gives_receipts = False

    def send(self, letter: Letter) -> Delivery:
        """Accepted, by nobody."""
        return Delivery(gateway=self.name, is_accepted=True)
