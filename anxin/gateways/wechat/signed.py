"""Subscription messages of the city's official account, through the relay that holds its access token, signed.

The body has the shape of the account's own interface (``touser``, ``template_id``, ``data``), so that the relay only
adds the token. A field of such a message takes twenty signs: what is longer becomes a line that says that there is
something to read, which is all that a locked screen should say anyway. Receipts come to ``/receipts/wechat/``.
"""

from django.conf import settings

from anxin.domains.notices.contracts import Delivery, Letter
from anxin.gateways.signed_http import hand_over

FIELD_LENGTH = 20
SHORT = "您有一条新消息，请登录查看。"


class SignedWechat:
    """``ANXIN_WECHAT_GATEWAY=anxin.gateways.wechat.signed.SignedWechat``, with its URL, secret and template."""

    name = "wechat"
    gives_receipts = True

    def send(self, letter: Letter) -> Delivery:
        """One message to one follower."""
        return hand_over(
            self.name,
            url=settings.ANXIN_WECHAT_URL,
            secret=settings.ANXIN_WECHAT_SECRET,
            key=letter.key,
            payload={
                "touser": letter.to,
                "template_id": settings.ANXIN_WECHAT_TEMPLATE,
                "data": {
                    "thing1": {"value": letter.sender[:FIELD_LENGTH]},
                    "thing2": {"value": letter.text if len(letter.text) <= FIELD_LENGTH else SHORT},
                },
            },
        )
