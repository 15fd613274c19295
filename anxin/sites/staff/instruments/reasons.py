"""Where an instrument is offered, and why it is not."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Channel, Instrument, Mode
from anxin.sites.staff.instruments.words import CHANNELS, LANGUAGES, Words


@dataclass(frozen=True, slots=True)
class Offer:
    """One channel: offered in which languages, or why not."""

    channel: Words
    is_open: bool
    languages: list[Words]
    reason: str


def offers_of(instrument: Instrument) -> list[Offer]:
    """Every channel, in order."""
    return [_offer(instrument, channel) for channel in Channel]


def _offer(instrument: Instrument, channel: Channel) -> Offer:
    drafts = instruments.drafts_allowed()
    shown = [one for one in LANGUAGES if instrument.shows_in(one, channel, drafts=drafts)]
    return Offer(
        channel=CHANNELS[channel],
        is_open=bool(shown),
        languages=[LANGUAGES[one] for one in shown],
        reason="" if shown else _reason(instrument, channel),
    )


def _reason(instrument: Instrument, channel: Channel) -> str:
    if not instrument.offered:
        return _("The key is known from memory only. Nobody is asked with it.")
    if instrument.mode is Mode.KEY_ONLY:
        if channel is Channel.PUBLIC:
            return _("Its terms keep it from the public.")
        return _("The key is here without its words; it needs a licensed text. Sheets can be scored.")
    if instrument.pack and not instruments.is_pack_on(instrument.pack):
        return _("The licence pack with its words is switched off here.")
    if channel not in instrument.channels:
        return _("For professionals only, by its terms or by what it asks.")
    if instrument.draft_languages:
        return _("The translation waits for its reviewer.")
    return _("No wording was compared with its sources in a language of this site yet.")
