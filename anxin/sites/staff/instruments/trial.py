"""A form as a resident meets it on a phone, tried by staff. Nothing is kept: the answers travel in the address."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import BadAnswers, Instrument, InstrumentError, Item, Question
from anxin.kernel.actor import Actor
from anxin.sites.bands import BANDS
from anxin.sites.staff.instruments.sheet import read_version
from anxin.sites.staff.instruments.words import ACTIONS, LANGUAGES, Words, in_page_language, window_words
from anxin.sites.staff.instruments.words import language as page_language


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer, as the resident template draws it."""

    code: int
    text: str
    is_chosen: bool
    control_id: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One question, as the resident template draws it."""

    number: str
    ordinal: int
    text: str
    choices: list[Choice]
    name: str = "value"
    error: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Stands where the resident page has its offer."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What the resident question page reads."""

    offer: Named
    lead_in: str
    window: Words
    question: Shown
    count: int
    back_url: str
    all_url: str
    language: str
    names: tuple[str, ...]
    is_last: bool = False
    is_named: bool = False
    shown: str = ""
    part: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the tried answers are scored."""

    title: str
    scores: list[tuple[str, str, str]]
    alarms: list[Words]
    again_url: str
    refusal: str = ""
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """The page around the phone."""

    title: str
    number: str
    url: str
    screen_url: str
    languages: list[tuple[str, Words, bool]]
    draft: bool


def languages_of(instrument: Instrument) -> tuple[str, ...]:
    """What can be shown at all, drafts last."""
    return (*instrument.languages, *instrument.draft_languages)


def frame(actor: Actor, name: str, number: str, language: str) -> Frame:
    """The page with the phone. Raises ``VersionNotFound``."""
    instrument, _row = read_version(actor, name, number)
    known = languages_of(instrument)
    shown = _shown_language(known, language)
    return Frame(
        title=in_page_language(instrument.title),
        number=number,
        url=reverse("staff:instrument-version", args=[name, number]),
        screen_url=_screen_url(name, number, shown, {}) if shown else "",
        languages=[(one, LANGUAGES[one], one == shown) for one in known],
        draft=shown in instrument.draft_languages,
    )


def _shown_language(known: tuple[str, ...], wanted: str) -> str:
    return next((one for one in (wanted, page_language(), *known) if one in known), "")


def read_answers(text: str) -> dict[str, int | None]:
    """ "1:0,2:,gate:1" → what was put so far; what cannot be read is left out."""
    found: dict[str, int | None] = {}
    for part in text.split(","):
        name, colon, code = part.partition(":")
        if colon and name:
            found[name] = int(code) if code.lstrip("-").isdigit() else None
    return found


def screen(
    actor: Actor, name: str, number: str, language: str, given: dict[str, int | None], error: str = ""
) -> Screen | Outcome:
    """The next question to put, or how the answers are scored. Raises ``VersionNotFound``."""
    instrument, _row = read_version(actor, name, number)
    language = _shown_language(languages_of(instrument), language)
    wanted = instruments.next_question(instrument, given)
    if wanted is None or not language:
        return _outcome(instrument, given, language)
    return _question(instrument, wanted, language, given, error)


def screen_address(name: str, number: str, language: str, given: dict[str, int | None]) -> str:
    """Where the phone goes next."""
    return _screen_url(name, number, language, given)


def _screen_url(name: str, number: str, language: str, given: dict[str, int | None]) -> str:
    kept = ",".join(f"{one}:{'' if code is None else code}" for one, code in given.items())
    query = {"language": language} | ({"answers": kept} if kept else {})
    return f"{reverse('staff:instrument-screen', args=[name, number])}?{urlencode(query)}"


def _question(
    instrument: Instrument, wanted: str, language: str, given: dict[str, int | None], error: str
) -> Screen:
    names = instruments.question_names(instrument)
    hidden = instruments.unasked(instrument, given)
    asked = [one for one in names if one not in hidden]
    question = instrument.questions[names.index(wanted)]
    before = dict(list(given.items())[:-1])
    return Screen(
        offer=Named(in_page_language(instrument.title), f"preview-{instrument.id}-{instrument.version}"),
        lead_in=instrument.instruction.get(language, "") or instrument.stem.get(language, ""),
        window=window_words(instrument.window),
        question=Shown(
            number=wanted,
            ordinal=asked.index(wanted) + 1,
            text=question.text.get(language, "") or _("Question %(number)s") % {"number": wanted},
            choices=_choices(question, language),
            error=error,
        ),
        count=len(asked),
        back_url=_screen_url(instrument.id, instrument.version, language, before),
        all_url=_screen_url(instrument.id, instrument.version, language, {}),
        language=language.lower(),
        names=tuple(names),
        is_last=asked.index(wanted) + 1 == len(asked),
    )


def _choices(question: Question, language: str) -> list[Choice]:
    if isinstance(question, Item) and question.entry is not None:
        entry = question.entry
        return [
            Choice(code, _("%(number)s (a written answer)") % {"number": code}, False, f"value-{code}")
            for code in sorted({entry.low, (entry.low + entry.high) // 2, entry.high})
        ]
    return [
        Choice(option.code, option.text.get(language, str(option.code)), False, f"value-{option.code}")
        for option in question.options
    ]


def _outcome(instrument: Instrument, given: dict[str, int | None], language: str) -> Outcome:
    names = instruments.question_names(instrument)
    critical = instruments.critical_answers(instrument, given)
    again = _screen_url(instrument.id, instrument.version, language, {})
    outcome = {
        "title": in_page_language(instrument.title),
        "alarms": [ACTIONS[hit.action] for hit in critical],
        "again_url": again,
    }
    try:
        sheet = instruments.score(instrument, [given.get(name) for name in names])
    except BadAnswers as error:
        return Outcome(scores=[], refusal=str(error), **outcome)
    except InstrumentError:
        return Outcome(scores=[], refusal=_("The key is not verified yet, so nothing is scored."), **outcome)
    scores = []
    for scale in instrument.scales:
        value, band = sheet.scores[scale.id], sheet.band_of(scale.id)
        words = str(BANDS.get(band.label, band.label)) if band else ""
        shown = _("none, an answer is missing") if value is None else f"{value:.4g}"
        scores.append((in_page_language(scale.title), shown, words))
    missing = [str(number) for number in sheet.validity.missing]
    return Outcome(scores=scores, missing=missing, **outcome)
