"""Text messages through a provider's HTTP address, signed. Receipts come to ``/receipts/sms/``."""

from django.conf import settings

from anxin.domains.notices.contracts import Delivery, Letter
from anxin.gateways.signed_http import hand_over


class SignedSms:
    """``ANXIN_SMS_GATEWAY=anxin.gateways.sms.signed.SignedSms``, with ``ANXIN_SMS_URL`` and ``ANXIN_SMS_SECRET``."""

    name = "sms"
    gives_receipts = True

    def send(self, letter: Letter) -> Delivery:
        """One text to one phone."""
        return hand_over(
            self.name,
            url=settings.ANXIN_SMS_URL,
            secret=settings.ANXIN_SMS_SECRET,
            key=letter.key,
            payload={"to": letter.to, "text": letter.text, "sender": letter.sender},
        )
