"""What the self-test pages show, as plain values."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from anxin.domains.instruments.contracts import Instrument
from anxin.sites.marks import VisitRequest
from anxin.sites.resident.self_tests import runs
from anxin.sites.resident.self_tests.offer import Offer, offers, wording_of


@dataclass(frozen=True, slots=True)
class OfferCard:
    """One questionnaire on the list; ``resume_url`` when one is open."""

    name: str | Promise
    promise: str | Promise
    code: str
    questions: int
    minutes: int
    url: str
    resume_url: str = ""
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class StartPage:
    """What the start page says about one questionnaire."""

    questions: int
    credit: str
    resume_url: str
    resume_is_named: bool
    is_signed_in: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question."""

    code: int
    text: str
    is_chosen: bool
    control_id: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers."""

    number: int
    text: str
    choices: tuple[Choice, ...]
    name: str
    error: str = ""
    url: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether an answer is chosen."""
        return any(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """The page of one question."""

    offer: Offer
    lead_in: str
    question: Question
    count: int
    back_url: str
    all_url: str
    is_last: bool
    is_named: bool
    language: str


@dataclass(frozen=True, slots=True)
class AllPage:
    """All questions on one page."""

    offer: Offer
    lead_in: str
    questions: tuple[Question, ...]
    back_url: str
    one_url: str
    is_named: bool
    language: str


def cards(request: VisitRequest) -> list[OfferCard]:
    """The list, with what is open on this device or in the archive."""
    return [_card(request, offer) for offer in offers()]


def start_page(request: VisitRequest, offer: Offer, *, is_signed_in: bool) -> StartPage:
    """The start page, with an open run if there is one."""
    instrument, run = runs.published(offer.slug), runs.current(request, offer.slug)
    return StartPage(
        questions=len(instrument.items),
        credit=instrument.licence.credit_line,
        resume_url=resume_url(offer.slug, run) if run else "",
        resume_is_named=bool(run and run.is_named),
        is_signed_in=is_signed_in,
    )


def resume_url(slug: str, run: runs.Run) -> str:
    """Where an open run goes on: the first question without an answer, or the last look."""
    if run.missing:
        return reverse("resident_tests:question", args=[slug, run.missing[0]])
    return reverse("resident_tests:check", args=[slug])


def question_page(
    offer: Offer, run: runs.Run, number: int, *, chosen: int | None, error: str = ""
) -> QuestionPage:
    """Question ``number``; ``chosen`` is what the person picked last, kept or not."""
    count = len(run.instrument.items)
    back = (
        ("resident_tests:question", [offer.slug, number - 1])
        if number > 1
        else ("resident_tests:start", [offer.slug])
    )
    return QuestionPage(
        offer=offer,
        lead_in=lead_in(run.instrument),
        question=_question(run.instrument, number, chosen, name="value", error=error),
        count=count,
        back_url=reverse(back[0], args=back[1]),
        all_url=reverse("resident_tests:all", args=[offer.slug]),
        is_last=number == count,
        is_named=run.is_named,
        language=tag_of(run.instrument),
    )


def all_page(offer: Offer, run: runs.Run, *, chosen: dict[int, int] | None = None) -> AllPage:
    """All questions; ``chosen`` overrides what is kept, so that nothing just picked is lost."""
    picked = dict(enumerate(run.answers, start=1)) | (chosen or {})
    return AllPage(
        offer=offer,
        lead_in=lead_in(run.instrument),
        questions=tuple(
            _question(run.instrument, item.number, picked[item.number], name=f"q{item.number}")
            for item in run.instrument.items
        ),
        back_url=reverse("resident_tests:start", args=[offer.slug]),
        one_url=resume_url(offer.slug, run),
        is_named=run.is_named,
        language=tag_of(run.instrument),
    )


def missing_questions(offer: Offer, run: runs.Run) -> list[Question]:
    """The questions left open, each with its address."""
    return [
        _question(
            run.instrument,
            number,
            None,
            name="value",
            url=reverse("resident_tests:question", args=[offer.slug, number]),
        )
        for number in run.missing
    ]


def lead_in(instrument: Instrument) -> str:
    """The instruction of the form in the language shown; empty where no verified text exists."""
    return instrument.instruction.get(wording_of(instrument), "")


def tag_of(instrument: Instrument) -> str:
    """The language the questions are shown in, as HTML names it."""
    return wording_of(instrument).lower()


def _card(request: VisitRequest, offer: Offer) -> OfferCard:
    run = runs.current(request, offer.slug)
    return OfferCard(
        name=offer.name,
        promise=offer.promise,
        code=offer.code,
        questions=len(runs.published(offer.slug).items),
        minutes=offer.minutes,
        url=reverse("resident_tests:start", args=[offer.slug]),
        resume_url=resume_url(offer.slug, run) if run else "",
        is_named=bool(run and run.is_named),
    )


def _question(
    instrument: Instrument, number: int, chosen: int | None, *, name: str, error: str = "", url: str = ""
) -> Question:
    item, wording = instrument.item(number), wording_of(instrument)
    return Question(
        number=number,
        text=item.text[wording],
        choices=tuple(
            Choice(option.code, option.text[wording], option.code == chosen, f"{name}-{option.code}")
            for option in item.options
        ),
        name=name,
        error=error,
        url=url,
    )
