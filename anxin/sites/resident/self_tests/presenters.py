"""What the self-test pages show, as plain values."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxin.domains.instruments.contracts import Instrument
from anxin.sites.marks import VisitRequest
from anxin.sites.resident.self_tests import runs, timing
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
    about: str | Promise
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
class OnlyIf:
    """A question depends on an earlier one: words for everybody, and codes for the script that folds it away."""

    ordinal: int
    answers: tuple[str, ...]
    rule: str
    is_other_way: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers."""

    number: int
    ordinal: int
    text: str
    choices: tuple[Choice, ...]
    name: str
    error: str = ""
    url: str = ""
    only_if: tuple["OnlyIf", ...] = ()
    is_put: bool = True

    @property
    def is_answered(self) -> bool:
        """Whether an answer is chosen."""
        return any(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """The page of one question. ``count``: how many are put to this person, as far as the answers tell."""

    offer: Offer
    lead_in: str
    window: str | Promise
    question: Question
    count: int
    shown: str
    part: tuple[int, int] | None
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
    window: str | Promise
    questions: tuple[Question, ...]
    shown: str
    part: tuple[int, int] | None
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
        about=window_of(instrument),
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
    """The question at place ``number``; ``chosen`` is what the person picked last, kept or not."""
    asked = run.way.asked(run.answers)
    before = run.way.before(number, run.answers)
    back = (
        reverse("resident_tests:start", args=[offer.slug])
        if before is None
        else reverse("resident_tests:question", args=[offer.slug, before])
    )
    return QuestionPage(
        offer=offer,
        lead_in=lead_in(run.instrument),
        window=window_of(run.instrument),
        question=_question(run, number, chosen, name="value", error=error),
        count=len(asked),
        shown=timing.stamp() if run.is_named else "",
        part=run.place_in_battery,
        back_url=back,
        all_url=reverse("resident_tests:all", args=[offer.slug]),
        is_last=run.way.after(number, run.answers) is None,
        is_named=run.is_named,
        language=tag_of(run.instrument),
    )


def all_page(offer: Offer, run: runs.Run, *, chosen: dict[int, int] | None = None) -> AllPage:
    """All questions; ``chosen`` overrides what is kept, so that nothing just picked is lost.

    Without a script the ones that depend on an answer are shown with what they depend on.
    """
    picked = dict(enumerate(run.answers, start=1)) | (chosen or {})
    return AllPage(
        offer=offer,
        lead_in=lead_in(run.instrument),
        window=window_of(run.instrument),
        questions=tuple(
            _question(run, place, picked[place], name=f"q{place}", shows_all=True) for place in run.way.places
        ),
        shown=timing.stamp() if run.is_named else "",
        part=run.place_in_battery,
        back_url=reverse("resident_tests:start", args=[offer.slug]),
        one_url=resume_url(offer.slug, run),
        is_named=run.is_named,
        language=tag_of(run.instrument),
    )


def missing_questions(offer: Offer, run: runs.Run) -> list[Question]:
    """The questions left open, each with its address."""
    return [
        _question(
            run,
            place,
            None,
            name="value",
            url=reverse("resident_tests:question", args=[offer.slug, place]),
        )
        for place in run.missing
    ]


_WINDOWS = {
    "P7D": _("the last week"),
    "P1W": _("the last week"),
    "P2W": _("the last two weeks"),
    "P30D": _("the last 30 days"),
    "P1M": _("the last month"),
    "P1Y": _("the last year"),
}


def window_of(instrument: Instrument) -> str | Promise:
    """The time the questions ask about."""
    return _WINDOWS.get(instrument.window, _("these days"))


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
    run: runs.Run,
    place: int,
    chosen: int | None,
    *,
    name: str,
    error: str = "",
    url: str = "",
    shows_all: bool = False,
) -> Question:
    wording, asked = wording_of(run.instrument), run.way.asked(run.answers)
    question = run.way.question(place)
    return Question(
        number=place,
        ordinal=place if shows_all or place not in asked else asked.index(place) + 1,
        text=question.text[wording],
        choices=tuple(
            Choice(option.code, option.text[wording], option.code == chosen, f"{name}-{option.code}")
            for option in run.way.options(place)
        ),
        name=name,
        error=error,
        url=url,
        only_if=_conditions(run, place) if shows_all else (),
        is_put=place in asked,
    )


def _conditions(run: runs.Run, place: int) -> tuple[OnlyIf, ...]:
    wording = wording_of(run.instrument)
    found = []
    for branch in run.way.branches(place):
        rule = ("all" if branch.match_all else "any") + "".join(
            f" q{one.place}={','.join(map(str, one.codes))}" for one in branch.conditions
        )
        for count, one in enumerate(branch.conditions):
            words = tuple(
                option.text[wording] for option in run.way.options(one.place) if option.code in one.codes
            )
            found.append(OnlyIf(one.place, words, rule, is_other_way=bool(count) and not branch.match_all))
    return tuple(found)
