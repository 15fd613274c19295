"""How it has been over time: one questionnaire in a row, in words first, then as a picture, then in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Change, Point, Reliability
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.resident.self_tests.offer import Offer, offer_of
from anxin.ui.charts import Score, Trend, trend

SHOWN = 12
"""A picture holds about a year of months; the table holds everything."""

_WORDS: dict[Change, str | Promise] = {
    Change.LOWER: gettext_lazy(
        "Lighter than the time before, and by more than such answers waver by themselves."
    ),
    Change.HIGHER: gettext_lazy(
        "Heavier than the time before, and by more than such answers waver by themselves. You need not wait and see:"
        " talk to somebody."
    ),
    Change.WITHIN: gettext_lazy(
        "About as the time before. The difference is no larger than such answers waver by themselves."
    ),
    Change.UNKNOWN: gettext_lazy(
        "How far these answers waver by themselves, no published figure tells us. So the picture has no grey band, and"
        " we say nothing about the difference."
    ),
}


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One time. ``total`` is None where answers are missing."""

    on: date
    total: float | None
    url: str


@dataclass(frozen=True, slots=True)
class Course:
    """One questionnaire over time. ``chart`` is None below two results that add up."""

    offer: Offer
    rows: tuple[CourseRow, ...]
    words: str | Promise
    chart: Trend | None
    has_band: bool
    sources: tuple[str, ...]
    highest: float

    @property
    def numbers_url(self) -> str:
        """The numbers to take away."""
        return reverse("resident_me:course_numbers", args=[self.offer.slug])

    @property
    def picture_url(self) -> str:
        """The picture to take away."""
        return reverse("resident_me:course_picture", args=[self.offer.slug])


def courses(actor: Actor) -> list[Course]:
    """Every questionnaire the resident has handed in under their name, in a fixed order. Call in their unit of work."""
    found = assessments.own_points(actor=actor)
    return [course for name in sorted(found) if (course := _course(name, found[name])) is not None]


def course_of(actor: Actor, slug: str) -> Course | None:
    """One of them."""
    return _course(slug, assessments.own_points(actor=actor, instrument=slug).get(slug, ()))


def course_until(actor: Actor, slug: str, uid: str) -> Course | None:
    """The same up to one result, for the page of that result; None when it is the first."""
    points = assessments.own_points(actor=actor, instrument=slug).get(slug, ())
    place = next((place for place, point in enumerate(points) if point.uid == uid), -1)
    return _course(slug, points[: place + 1]) if place > 0 else None


def highest_of(instrument: Instrument) -> int:
    """The most the answers of a form can add up to."""
    return sum(max(item.values, default=0) for item in instrument.items)


def _course(slug: str, points: Sequence[Point]) -> Course | None:
    offer = offer_of(slug)
    if offer is None or not points:
        return None
    reliability = assessments.reliability_of(slug)
    scored = [(point, point.total) for point in points if point.total is not None]
    totals = [total for _point, total in scored]
    instrument = instruments.published_version(slug)
    lowest, highest = sum(min(item.values, default=0) for item in instrument.items), highest_of(instrument)
    change = assessments.change_between(totals[-2], totals[-1], reliability) if len(totals) > 1 else None
    return Course(
        offer=offer,
        rows=tuple(
            CourseRow(_day(point), point.total, reverse("resident_results:result", args=[point.uid]))
            for point in reversed(points)
        ),
        words=_WORDS[change] if change else "",
        chart=_chart(offer, scored[-SHOWN:], lowest, highest, reliability) if len(scored) > 1 else None,
        has_band=reliability is not None,
        sources=tuple(source.reference for source in reliability.sources) if reliability else (),
        highest=highest,
    )


def _chart(
    offer: Offer,
    scored: Sequence[tuple[Point, float]],
    lowest: int,
    highest: int,
    reliability: Reliability | None,
) -> Trend:
    first = scored[0][1]
    band = (
        assessments.band_around(first, reliability, lowest=lowest, highest=highest) if reliability else None
    )
    title = _("%(name)s, %(count)s times; the table below has the numbers") % {
        "name": offer.name,
        "count": len(scored),
    }
    return trend(
        [Score(_day(point), total) for point, total in scored],
        name=f"course-{offer.slug}",
        title=title,
        lowest=lowest,
        highest=highest,
        band=band,
        low_words=_("lighter"),
        high_words=_("heavier"),
        with_values=False,
    )


def _day(point: Point) -> date:
    return clock.local(point.at).date()
