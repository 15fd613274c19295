"""Which questionnaires residents are offered, under names that say how one feels and never an illness."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import (
    Channel,
    Instrument,
    NoPublicOutcome,
    PublicLevel,
    PublicOutcome,
    ScoreSheet,
)
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

# The public self-tests are for adults. Younger people are led to help, school and a trusted adult instead: the adult
# form is not made for them, and the form for them has no approved Chinese text yet.
ADULT_AGE = 18
GUARDIAN_AGE = 14


class Topic(StrEnum):
    """What the sentences of a result speak of."""

    ENERGY = "energy"
    TENSION = "tension"
    DAYS = "days"


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
    Offer("phq-2", _("A first look at my mood"), _("Two questions, more only if they help"), 1, Topic.ENERGY),
    Offer(
        "gad-2", _("A first look at my worries"), _("Two questions, more only if they help"), 1, Topic.TENSION
    ),
    Offer(
        "gds-15", _("How I feel, at 60 or older"), _("Mood and pleasure over the last week"), 4, Topic.DAYS
    ),
    Offer("k6", _("How hard the last month was"), _("A first look at the last 30 days"), 2, Topic.DAYS),
    Offer(
        "k10",
        _("How hard the last month was, in more detail"),
        _("Strain over the last 30 days"),
        3,
        Topic.DAYS,
    ),
)

# What the limits of these forms mean for a page that offers support, where their bands are not levels of severity (D).
_LEVELS = {
    "phq-2": {"negative": PublicLevel.NONE, "positive": PublicLevel.MODERATE},
    "gad-2": {"negative": PublicLevel.NONE, "positive": PublicLevel.MODERATE},
    "gds-15": {
        "negative": PublicLevel.NONE,
        "possible": PublicLevel.MODERATE,
        "probable": PublicLevel.HIGH,
    },
    "k6": {"below_cutoff": PublicLevel.NONE, "serious": PublicLevel.HIGH},
    "k10": {
        "low": PublicLevel.NONE,
        "moderate": PublicLevel.MILD,
        "high": PublicLevel.MODERATE,
        "very_high": PublicLevel.HIGH,
    },
}


def language() -> str:
    """The language of the page, as the questionnaires name it."""
    return "zh-Hans" if (get_language() or "zh-hans").startswith("zh") else "en"


def offers(*, age: int | None = None) -> list[Offer]:
    """What is offered to the public with a verified wording in the language of the page, for this age if known."""
    with unit_of_work(Actor.anonymous()):
        listed = instruments.list_instruments(channel=Channel.PUBLIC, language=language())
    published = {str(found.id): found for found in listed}
    return [
        offer
        for offer in _OFFERS
        if offer.slug in published and (age is None or fits_age(published[offer.slug], age))
    ]


def fits_age(instrument: Instrument, age: int) -> bool:
    """Whether the form is made for this age."""
    return (instrument.age_min or 0) <= age <= (instrument.age_max or 150)


def outcome_of(sheet: ScoreSheet) -> PublicOutcome:
    """How much support a page offers after any of the forms above."""
    try:
        return instruments.public_outcome(sheet)
    except NoPublicOutcome:
        band = sheet.band_of("total")
        known = _LEVELS.get(str(sheet.instrument), {})
        level = known.get(band.label, PublicLevel.UNKNOWN) if band else PublicLevel.UNKNOWN
        return PublicOutcome(level=level, help_first=bool(sheet.critical))


def next_looks(instrument: Instrument, sheet: ScoreSheet, *, age: int | None) -> list[Offer]:
    """The closer looks this result asks for, as far as they may be put before the person here."""
    wanted = [str(one.instrument) for one in instruments.follow_ups(instrument, sheet, age=age)]
    return [offer for offer in offers(age=age) if offer.slug in wanted]


def offer_of(slug: str) -> Offer | None:
    """The offer called ``slug``, whatever the language of the page: a run goes on when the language is changed."""
    return next((offer for offer in _OFFERS if offer.slug == slug), None)


def wording_of(instrument: Instrument) -> str:
    """The language to show ``instrument`` in: that of the page, or one it is verified in."""
    wanted = language()
    return wanted if wanted in instrument.languages else instrument.languages[0]
