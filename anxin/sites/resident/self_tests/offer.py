"""Which questionnaires residents are offered, under names that say how one feels and never an illness."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Channel, Instrument

# The public self-tests are for adults. Younger people are led to help, school and a trusted adult instead: the adult
# form is not made for them, and the form for them has no approved Chinese text yet.
ADULT_AGE = 18
GUARDIAN_AGE = 14


class Topic(StrEnum):
    """What the sentences of a result speak of."""

    ENERGY = "energy"
    TENSION = "tension"


@dataclass(frozen=True, slots=True)
class Offer:
    """One questionnaire as a resident meets it."""

    slug: str
    name: str | Promise
    promise: str | Promise
    minutes: int
    topic: Topic

    @property
    def code(self) -> str:
        """The short name of the form, for those who look for it."""
        return self.slug.upper()


_OFFERS = (
    Offer("phq-9", _("How I have been"), _("Mood, sleep and strength over two weeks"), 3, Topic.ENERGY),
    Offer("gad-7", _("How tense I have been"), _("Worry and rest over two weeks"), 2, Topic.TENSION),
)


def language() -> str:
    """The language of the page, as the questionnaires name it."""
    return "zh-Hans" if (get_language() or "zh-hans").startswith("zh") else "en"


def offers() -> list[Offer]:
    """What is offered to the public with a verified wording in the language of the page."""
    published = {
        found.id for found in instruments.list_instruments(channel=Channel.PUBLIC, language=language())
    }
    return [offer for offer in _OFFERS if offer.slug in published]


def offer_of(slug: str) -> Offer | None:
    """The offer called ``slug``, whatever the language of the page: a run goes on when the language is changed."""
    return next((offer for offer in _OFFERS if offer.slug == slug), None)


def wording_of(instrument: Instrument) -> str:
    """The language to show ``instrument`` in: that of the page, or one it is verified in."""
    wanted = language()
    return wanted if wanted in instrument.languages else instrument.languages[0]
