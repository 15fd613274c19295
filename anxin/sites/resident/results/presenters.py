"""What a result page shows, as plain values: the same for an archived sitting and for answers on the device."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import SittingState
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument, PublicLevel, Score
from anxin.exchange.pdf import setting as pdf
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.resident.results import wording
from anxin.sites.resident.results.course import course_until
from anxin.sites.resident.results.promise import promise_to
from anxin.sites.resident.self_tests.offer import Offer, offer_of, outcome_of, wording_of

# The same questionnaire again at the earliest after two weeks: it asks about the last two (instruments.md 3.3).
RETAKE_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer in words."""

    number: int
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """One result. ``total`` is None when an answer is missing."""

    offer: Offer
    on: date
    sentence: wording.Sentence
    steps: tuple[wording.Step, ...]
    help_first: bool
    shows_panel: bool
    is_heavy: bool
    is_open: bool
    total: Score
    highest: int
    answers: tuple[AnswerLine, ...]
    retake_on: date
    language: str
    credit: str


def result_view(
    offer: Offer, instrument: Instrument, answers: tuple[int | None, ...], *, on: date
) -> ResultView:
    """Work out what to say. Pure: nothing is kept, whoever answered."""
    sheet = instruments.score(instrument, answers)
    outcome = outcome_of(sheet)
    retake_on = on + RETAKE_AFTER
    return ResultView(
        offer=offer,
        on=on,
        sentence=wording.sentence(offer.topic, outcome.level),
        steps=wording.steps(
            outcome.level,
            help_first=outcome.help_first,
            retake_on=retake_on,
            restart_url=reverse("resident_tests:start", args=[offer.slug]),
        ),
        help_first=outcome.help_first,
        shows_panel=outcome.help_first or outcome.level is PublicLevel.HIGH,
        is_heavy=outcome.level in (PublicLevel.MODERATE, PublicLevel.HIGH),
        is_open=sheet.total is None,
        total=sheet.total,
        highest=sum(max(item.codes) for item in instrument.items),
        answers=_lines(instrument, answers),
        retake_on=retake_on,
        language=wording_of(instrument).lower(),
        credit=instrument.licence.credit_line,
    )


def archived(actor: Actor, uid: str) -> dict[str, Any] | None:
    """A sitting of the resident's own as the page shows it; None while it is a draft. Raises ``SittingNotFound``."""
    sitting = assessments.own_sitting(actor=actor, uid=uid)
    offer = offer_of(sitting.instrument)
    if sitting.state != SittingState.SUBMITTED or offer is None:
        return None
    instrument = instruments.published_version(sitting.instrument, sitting.instrument_version)
    view = result_view(offer, instrument, tuple(sitting.answers), on=clock.local(sitting.submitted_at).date())
    promise = promise_to(actor=actor) if view.help_first or view.is_heavy else None
    return {
        "view": view,
        "is_named": True,
        "uid": uid,
        "who_can_see": wording.WHO_CAN_SEE,
        "course": course_until(actor, sitting.instrument, uid),
        "can_be_pdf": pdf.is_available(),
        "promise": promise,
        "is_routing_open": promise is None
        and (view.help_first or view.is_heavy)
        and sitting.evaluated_at is None,
    }


def _lines(instrument: Instrument, answers: tuple[int | None, ...]) -> tuple[AnswerLine, ...]:
    language = wording_of(instrument)
    lines = []
    for item, code in zip(instrument.items, answers, strict=True):
        chosen = next((option.text[language] for option in item.options if option.code == code), "")
        lines.append(AnswerLine(item.number, item.text[language], chosen))
    return tuple(lines)
