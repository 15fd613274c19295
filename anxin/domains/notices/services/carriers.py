"""Which gateway carries which channel here, and handing a letter to it."""

import logging

from django.conf import settings
from django.utils.module_loading import import_string

from anxin.domains.notices.contracts import CARRIED, Channel, Delivery, Gateway, Letter
from anxin.domains.notices.rules.wording import neutral_sender

log = logging.getLogger(__name__)
OFF = "off"
_SETTINGS = {
    Channel.SMS: "ANXIN_SMS_GATEWAY",
    Channel.WECHAT: "ANXIN_WECHAT_GATEWAY",
    Channel.VOICE: "ANXIN_VOICE_GATEWAY",
    Channel.EMAIL: "ANXIN_EMAIL_GATEWAY",
}


def existing() -> frozenset[Channel]:
    """The channels this city has; the others are passed over."""
    return frozenset(one for one in CARRIED if getattr(settings, _SETTINGS[one]) != OFF)


def gateway_for(channel: Channel) -> Gateway:
    """The gateway the settings name."""
    made: Gateway = import_string(getattr(settings, _SETTINGS[channel]))()
    return made


def sender() -> str:
    """Who a message says it is from; never a word that tells what it is about."""
    return neutral_sender(settings.ANXIN_SENDER_NAME, settings.ANXIN_BRAND["name"])


def hand_over(letter: Letter) -> Delivery:
    """Give one letter to its carrier. A fault counts as not taken; neither the text nor the address is logged."""
    carrier = gateway_for(letter.channel)
    try:
        return carrier.send(letter)
    except Exception as error:
        # No traceback: the frames of a client may hold the number, and its message may quote the text.
        log.warning("the %s gateway did not take a letter (%s)", carrier.name, type(error).__name__)
        return Delivery(gateway=carrier.name, is_accepted=False)
