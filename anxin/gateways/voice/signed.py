"""Calls through a provider's HTTP address, signed: it rings, reads one sentence out twice, and asks for a key press.

A pressed key comes back as the receipt ``read`` at ``/receipts/voice/``; a phone that merely rang reached nobody.
"""

from django.conf import settings

from anxin.domains.notices.contracts import Delivery, Letter
from anxin.gateways.signed_http import hand_over


class SignedVoice:
    """``ANXIN_VOICE_GATEWAY=anxin.gateways.voice.signed.SignedVoice``, with ``ANXIN_VOICE_URL`` and ``…_SECRET``."""

    name = "voice"
    gives_receipts = True

    def send(self, letter: Letter) -> Delivery:
        """One call to one phone."""
        return hand_over(
            self.name,
            url=settings.ANXIN_VOICE_URL,
            secret=settings.ANXIN_VOICE_SECRET,
            key=letter.key,
            payload={"to": letter.to, "speak": letter.text, "sender": letter.sender, "confirm_by_key": True},
        )
