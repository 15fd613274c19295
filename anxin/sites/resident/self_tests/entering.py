"""From the start page into the questions: by age, and known or unknown."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import ConsentText, Purpose
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest
from anxin.sites.resident import device, person
from anxin.sites.resident.pages import SeeOther, see_other
from anxin.sites.resident.self_tests import runs
from anxin.sites.resident.self_tests.forms import ADULT, ANONYMOUS, CHILD, TEEN
from anxin.sites.resident.self_tests.offer import ADULT_AGE, GUARDIAN_AGE, language


def turned_away(age: int | None) -> HttpResponse | None:
    """Those who are too young for the form for adults are led to help instead."""
    if age is None or age >= ADULT_AGE:
        return None
    return see_other("resident_tests:younger" if age < GUARDIAN_AGE else "resident_tests:young")


def enter(request: VisitRequest, slug: str, *, age_band: str, how: str) -> HttpResponse:
    """The way the form asks for: younger people to help, the others to the first question, or to consent first."""
    if age_band in (TEEN, CHILD):
        return see_other("resident_tests:younger" if age_band == CHILD else "resident_tests:young")
    if how == ANONYMOUS:
        return runs.keep(see_other("resident_tests:question", slug, 1), runs.begin_anonymous(slug))
    known = person.known(request)
    if known is None:
        return SeeOther(
            f"{settings.LOGIN_URL}?{urlencode({'next': reverse('resident_tests:start', args=[slug])})}"
        )
    if has_consent(request, known):
        return begin_named(request, slug, known, age_band=age_band)
    return SeeOther(f"{reverse('resident_tests:consent', args=[slug])}?{urlencode({'age': age_band})}")


def begin_named(request: VisitRequest, slug: str, known: person.Person, *, age_band: str) -> HttpResponse:
    """Into the draft in the archive; answers that lay on the device are left behind there."""
    at_least = ADULT_AGE if age_band == ADULT else None
    run = runs.begin_named(request, slug, age=known.age or at_least, scope_path=known.scope_path)
    response = see_other("resident_tests:question", slug, run.missing[0] if run.missing else 1)
    device.forget_run(response)
    return response


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
