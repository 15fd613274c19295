"""From the start page into the questions: by age, known or unknown, alone or as a part of a battery."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from anxin.domains.assessments import api as assessments
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import ConsentText, Purpose
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest
from anxin.sites.resident import device, person
from anxin.sites.resident.pages import SeeOther, see_other
from anxin.sites.resident.self_tests import batteries, runs
from anxin.sites.resident.self_tests.forms import ADULT, ANONYMOUS, CHILD, GROWN, TEEN
from anxin.sites.resident.self_tests.offer import ADULT_AGE, GUARDIAN_AGE, language


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be started: one form, by itself, for a battery, or because a result asked for it.

    It travels in the address from the start page over signing in and agreeing to the first question, and names no
    person: ``after`` counts only when it is the person's own sitting.
    """

    slug: str
    battery: str = ""
    after: str = ""

    @property
    def query(self) -> str:
        """For the end of an address."""
        given = {"battery": self.battery, "after": self.after}
        return urlencode({name: value for name, value in given.items() if value})

    def url(self, name: str, **more: str) -> str:
        """The address of one of its pages."""
        query = "&".join(part for part in (self.query, urlencode(more)) if part)
        return f"{reverse(f'resident_tests:{name}', args=[self.slug])}{'?' + query if query else ''}"


def errand_of(request: HttpRequest, slug: str) -> Errand:
    """The errand in the address; a battery nobody knows is none."""
    battery = request.GET.get("battery", "")
    return Errand(slug, battery if batteries.named(battery) else "", request.GET.get("after", "")[:36])


def turned_away(age: int | None) -> HttpResponse | None:
    """Those who are too young for the form for adults are led to help instead."""
    if age is None or age >= ADULT_AGE:
        return None
    return see_other("resident_tests:younger" if age < GUARDIAN_AGE else "resident_tests:young")


def enter(request: VisitRequest, errand: Errand, *, age_band: str, how: str) -> HttpResponse:
    """The way the form asks for: younger people to help, the others to the first question, or to consent first."""
    if age_band in (TEEN, CHILD):
        return see_other("resident_tests:younger" if age_band == CHILD else "resident_tests:young")
    if age_band == GROWN:
        return see_other("resident_tests:not_for_age", errand.slug)
    if how == ANONYMOUS:
        return _begin_unknown(errand)
    known = person.known(request)
    if known is None:
        return SeeOther(f"{settings.LOGIN_URL}?{urlencode({'next': errand.url('start')})}")
    if has_consent(request, known):
        return begin_named(request, errand, known, age_band=age_band)
    return SeeOther(errand.url("consent", age=age_band))


def _begin_unknown(errand: Errand) -> HttpResponse:
    part = batteries.part_number(errand.battery, errand.slug)
    run = runs.begin_anonymous(errand.slug, battery=errand.battery if part else "", part=part)
    return runs.keep(see_other("resident_tests:question", errand.slug, run.way.places[0]), run)


def begin_named(
    request: VisitRequest,
    errand: Errand,
    known: person.Person,
    *,
    age_band: str,
    insists: bool = False,
) -> HttpResponse:
    """Into the draft in the archive; answers that lay on the device are left behind there.

    The same form again before its time is asked about first, unless the person ``insists``.
    """
    instrument = runs.published(errand.slug)
    at_least = max(ADULT_AGE, instrument.age_min or 0) if age_band == ADULT else None
    battery_run, part = batteries.joined(
        request, errand.battery, errand.slug, known, age=known.age or at_least
    )
    if not insists and runs.current(request, errand.slug) is None and again_on(request, errand.slug, known):
        return SeeOther(errand.url("again", age=age_band))
    run = runs.begin_named(
        request,
        errand.slug,
        age=known.age or at_least,
        scope_path=known.scope_path,
        follows_uid=errand.after,
        battery_run=battery_run,
        part=part,
    )
    first = run.missing[0] if run.missing else run.way.places[0]
    response = see_other("resident_tests:question", errand.slug, first)
    device.forget_run(response)
    return response


def again_on(request: VisitRequest, slug: str, known: person.Person) -> date | None:
    """The day on which this form makes sense again for the person; None when that is today."""
    with unit_of_work(request.actor):
        return assessments.repeat_of(resident_id=known.resident_id, instrument=runs.published(slug))


def consent_text() -> ConsentText:
    """What is agreed to, in the language of the page."""
    return residents.consent_text(purpose=Purpose.SELF_TEST_NAMED, language=language())


def has_consent(request: VisitRequest, known: person.Person) -> bool:
    """Whether the agreement to the text in force stands."""
    with unit_of_work(request.actor):
        return residents.has_consent(
            resident_id=known.resident_id,
            purpose=Purpose.SELF_TEST_NAMED,
            text_version=consent_text().version,
            actor=request.actor,
        )


def agree(request: VisitRequest, known: person.Person, *, text_version: str) -> None:
    """Write the agreement down. Raises ``ConsentTextUnknown`` when the text has changed meanwhile."""
    with unit_of_work(request.actor):
        residents.give_consent(
            actor=request.actor,
            resident_id=known.resident_id,
            purpose=Purpose.SELF_TEST_NAMED,
            text_version=text_version,
        )
