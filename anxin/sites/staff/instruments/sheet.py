"""One version, read: what it asks, how it is scored, what its author allows, and how it came about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import (
    CriticalRule,
    Instrument,
    InstrumentError,
    Item,
    Mode,
    Option,
    Permission,
    Question,
    Scale,
    TextState,
    VersionAct,
    VersionNotFound,
    VersionState,
)
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.staff.instruments.faults import all_worded
from anxin.sites.staff.instruments.figures import Norms, norms_of
from anxin.sites.staff.instruments.reasons import Offer, offers_of
from anxin.sites.staff.instruments.words import (
    ACTIONS,
    ACTS,
    KINDS,
    LANGUAGES,
    MARKS,
    MODES,
    RESPONDENTS,
    STATES,
    TEXT_STATES,
    Words,
    in_page_language,
    listed,
    window_words,
)
from anxin.sites.staff.words import SEXES

if TYPE_CHECKING:
    from anxin.domains.instruments.models import InstrumentVersion, TextBinding

S = VersionState


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. ``options`` only where it has its own."""

    number: str
    text: str
    is_reversed: bool
    is_critical: bool
    asked_of: str
    options: list[str]
    loinc: str


@dataclass(frozen=True, slots=True)
class Scored:
    """One scale."""

    name: str
    title: str
    kind: Words
    items: str
    rule: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """One critical rule in words."""

    name: str
    when: str
    action: Words
    severe_at: int | None
    mark: Words


@dataclass(frozen=True, slots=True)
class Numbered:
    """One version in the list of versions."""

    number: str
    state: Words
    is_made_here: bool
    is_this: bool
    is_present: bool
    author: str
    at: datetime | None
    changes: str
    url: str
    compare_url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    at: datetime
    act: Words
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class Text:
    """One licensed text, as the page of its key lists it."""

    uid: str
    language: Words
    state: Words
    holder: str
    number: str
    expires_on: date | None
    is_expired: bool
    url: str


@dataclass(frozen=True, slots=True)
class Known:
    """How the words in one language are known."""

    language: Words
    words: str
    is_draft: bool


@dataclass(frozen=True, slots=True)
class VersionPage:
    """Everything the page of a version draws; ``row`` is there for versions made here."""

    instrument: Instrument
    title: str
    other_title: str
    number: str
    row: "InstrumentVersion | None"
    state: Words
    mode: Words
    is_made_here: bool
    offers: list[Offer]
    window: Words
    respondents: str
    known: list[Known]
    lead_in: str
    stem: str
    shared_options: list[str]
    questions: list[Asked]
    has_words: bool
    reversed: str
    scales: list[Scored]
    norms: list[Norms]
    alarms: list[Alarm]
    findings: str
    follow_ups: str
    branches: int
    licence_mark: Words
    versions: list[Numbered]
    history: list[Line]
    texts: list[Text]
    faults: list[str]
    definition_text: str
    may: dict[str, bool]
    newer_shipped: str = ""
    approved_words: str = ""


def local_version(actor: Actor, name: str, number: str) -> "InstrumentVersion":
    """The row of a version made here. Raises ``VersionNotFound``."""
    found = instruments.versions_queryset(actor=actor).filter(instrument=name, version=number).first()
    if found is None:
        raise VersionNotFound
    return found


def read_version(actor: Actor, name: str, number: str) -> "tuple[Instrument, InstrumentVersion | None]":
    """The instrument as it may be shown, with its row if it was made here. Raises ``VersionNotFound``."""
    if not instruments.may(actor=actor, permission=Permission.VIEW):
        raise VersionNotFound
    if instruments.is_made_here(number):
        row = local_version(actor, name, number)
        if row.state not in (S.PUBLISHED, S.RETIRED):
            return instruments.read_definition(row.definition), row
        return instruments.published_version(name, number), row
    try:
        return instruments.published_version(name, number), None
    except InstrumentError as error:
        raise VersionNotFound from error


def present_number(actor: Actor, name: str) -> str:
    """The number in force, or the newest begun where nothing is. Raises ``VersionNotFound``."""
    try:
        return instruments.published_version(name).version
    except InstrumentError:
        begun = instruments.versions_queryset(actor=actor).filter(instrument=name).first()
        if begun is None:
            raise VersionNotFound from None
        return begun.version


def version_page(actor: Actor, name: str, number: str) -> VersionPage:
    """One version. Raises ``VersionNotFound``."""
    instrument, row = read_version(actor, name, number)
    present = _present(name)
    definition = _definition(actor, instrument, row)
    title = in_page_language(instrument.title)
    state = STATES[S(row.state)] if row else (_("shipped, in force") if number == present else _("shipped"))
    critical = {test.question for rule in instrument.critical for test in rule.when}
    shared = _shared_options(instrument)
    return VersionPage(
        instrument=instrument,
        title=title,
        other_title=next((text for text in instrument.title.values() if text != title), ""),
        number=number,
        row=row,
        state=state,
        mode=MODES[instrument.mode],
        is_made_here=row is not None,
        offers=offers_of(instrument),
        window=window_words(instrument.window),
        respondents=listed(RESPONDENTS[one] for one in instrument.respondents),
        known=_known(instrument),
        lead_in=in_page_language(instrument.instruction),
        stem=in_page_language(instrument.stem),
        shared_options=_options(shared),
        questions=_questions(instrument, shared, critical),
        has_words=any(question.text for question in instrument.questions),
        reversed=numbers_text(item.number for item in instrument.items if item.reverse),
        scales=[_scored(instrument, scale) for scale in instrument.scales],
        norms=norms_of(instrument),
        alarms=[_alarm(rule) for rule in instrument.critical],
        findings=listed(rule.id for rule in instrument.flags),
        follow_ups=listed(
            [rule.instrument for rule in instrument.follow_ups]
            + [rule.follow_up for rule in instrument.flags if rule.follow_up]
        ),
        branches=len(instrument.ask_when) + len(instrument.skips),
        licence_mark=MARKS[instrument.licence.mark],
        versions=_versions(actor, name, number, present),
        history=_history(actor, row),
        texts=_texts(actor, instrument),
        faults=all_worded(instruments.faults_of(actor=actor, version=row).faults)
        if row is not None and row.state in (S.DRAFT, S.IN_REVIEW)
        else [],
        definition_text=instruments.definition_text(definition) if definition else "",
        may=_may(actor, instrument, row),
        newer_shipped=_newer_shipped(name, row),
        approved_words=listed(LANGUAGES[one] for one in (row.approved_translations if row else ())),
    )


def _present(name: str) -> str:
    try:
        return instruments.published_version(name).version
    except InstrumentError:
        return ""


def _definition(actor: Actor, instrument: Instrument, row: "InstrumentVersion | None") -> Mapping[str, Any]:
    if row is not None:
        return {} if instrument.pack and not instrument.wording else row.definition
    try:
        return instruments.definition_of(actor=actor, instrument=instrument.id, version=instrument.version)
    except VersionNotFound:
        return {}


def _may(actor: Actor, instrument: Instrument, row: "InstrumentVersion | None") -> dict[str, bool]:
    holds = {one: instruments.may(actor=actor, permission=one) for one in Permission}
    state = S(row.state) if row else None
    is_author = row is not None and row.author_id == actor.staff_id
    by_another = row is not None and not is_author
    in_review = state is S.IN_REVIEW
    pack_is_off = bool(instrument.pack) and not instrument.wording
    return {
        "copy": holds[Permission.EDIT] and not pack_is_off,
        "edit": holds[Permission.EDIT] and state is S.DRAFT and is_author,
        "take_back": holds[Permission.EDIT] and in_review and is_author,
        "review": in_review and (holds[Permission.REVIEW] or holds[Permission.PUBLISH]),
        "decide": holds[Permission.REVIEW] and in_review and by_another,
        "publish": holds[Permission.PUBLISH] and in_review and by_another and row.reviewer_id is not None
        if row is not None
        else False,
        "retire": holds[Permission.PUBLISH] and state is S.PUBLISHED,
        "text": holds[Permission.EDIT] and instrument.mode is Mode.KEY_ONLY,
        "preview": bool(instrument.languages or instrument.draft_languages),
    }


def _newer_shipped(name: str, row: "InstrumentVersion | None") -> str:
    """A release brought a version after this one was made: the city decides when to go over to it."""
    if row is None or row.state != S.PUBLISHED:
        return ""
    shipped = instruments.shipped_number(name)
    return shipped if shipped and shipped != row.release else ""


def _known(instrument: Instrument) -> list[Known]:
    found = []
    for one in (*instrument.languages, *instrument.draft_languages):
        translation = instrument.provenance.translations.get(one)
        if one in instrument.draft_languages:
            words = _("our own translation, a draft: for staff only")
        elif translation is not None:
            words = _("our own translation, approved by %(name)s on %(day)s") % {
                "name": translation.reviewer,
                "day": translation.reviewed_on,
            }
        elif instrument.provenance.wording_state.get(one) == "two-sources":
            words = _("compared with the sources named below")
        else:
            words = _("a licensed text")
        found.append(Known(LANGUAGES[one], words, one in instrument.draft_languages))
    return found


def _shared_options(instrument: Instrument) -> tuple[Option, ...]:
    """The options most questions have; they are shown once."""
    seen = [item.options for item in instrument.items if item.options]
    return max(seen, key=seen.count) if seen else ()


def _options(options: Iterable[Option]) -> list[str]:
    return [f"{option.code} {in_page_language(option.text)}".strip() for option in options]


def _questions(instrument: Instrument, shared: tuple[Option, ...], critical: set[str]) -> list[Asked]:
    found = []
    if instrument.gate is not None:
        found.append(_asked("gate", instrument.gate, shared, critical))
    found += [_asked(str(item.number), item, shared, critical) for item in instrument.items]
    return found + [_asked(extra.code, extra, shared, critical) for extra in instrument.extra_items]


def _asked(name: str, question: Question, shared: tuple[Option, ...], critical: set[str]) -> Asked:
    item = question if isinstance(question, Item) else None
    return Asked(
        number=_("first") if name == "gate" else name,
        text=in_page_language(question.text),
        is_reversed=item is not None and item.reverse,
        is_critical=name in critical,
        asked_of=str(SEXES[item.asked_of.value]) if item is not None and item.asked_of else "",
        options=_options(question.options) if question.options != shared else [],
        loinc=getattr(question, "loinc", ""),
    )


def _scored(instrument: Instrument, scale: Scale) -> Scored:
    rule = []
    if scale.at_least is not None:
        rule.append(_("from %(value)s on") % {"value": scale.at_least})
    if scale.of:
        rule.append(
            _("%(scale)s times %(times)s, without the fraction") % {"scale": scale.of, "times": scale.times}
        )
    if scale.parts:
        rule.append("＋".join(scale.parts))
    if scale.least_answered is not None:
        rule.append(_("filled in from %(count)s answers on") % {"count": scale.least_answered})
    everything = tuple(range(1, len(instrument.items) + 1))
    return Scored(
        name=scale.id,
        title=in_page_language(scale.title),
        kind=KINDS[scale.kind],
        items=_("all") if scale.items == everything and scale.items else numbers_text(scale.items),
        rule=listed(rule),
    )


def numbers_text(numbers: Iterable[int]) -> str:
    """1, 2, 3, 7 → 1-3, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _alarm(rule: CriticalRule) -> Alarm:
    tests = []
    for test in rule.when:
        if test.at_least is not None:
            tests.append(
                _("question %(item)s from %(code)s on") % {"item": test.question, "code": test.at_least}
            )
        else:
            tests.append(_("question %(item)s is %(code)s") % {"item": test.question, "code": test.equals})
    joined = _(" and ").join(tests)
    return Alarm(rule.id, joined, ACTIONS[rule.action], rule.severe_at, MARKS[rule.mark])


def _versions(actor: Actor, name: str, number: str, present: str) -> list[Numbered]:
    made = instruments.versions_queryset(actor=actor).filter(instrument=name).defer("definition")
    found = [
        Numbered(
            number=row.version,
            state=STATES[S(row.state)],
            is_made_here=True,
            is_this=row.version == number,
            is_present=row.version == present,
            author=row.author.name,
            at=row.published_at or row.saved_at,
            changes=row.changes,
            url=reverse("staff:instrument-version", args=[name, row.version]),
            compare_url=_compare_url(name, row.version, number),
        )
        for row in made
    ]
    shipped = instruments.shipped_number(name)
    if shipped:
        found.append(
            Numbered(
                number=shipped,
                state=_("shipped with this release"),
                is_made_here=False,
                is_this=shipped == number,
                is_present=shipped == present,
                author="",
                at=None,
                changes="",
                url=reverse("staff:instrument-version", args=[name, shipped]),
                compare_url=_compare_url(name, shipped, number),
            )
        )
    return found


def _compare_url(name: str, before: str, after: str) -> str:
    if before == after:
        return ""
    return f"{reverse('staff:instrument-difference', args=[name, after])}?from={before}"


def _history(actor: Actor, row: "InstrumentVersion | None") -> list[Line]:
    if row is None:
        return []
    return [
        Line(one.at, ACTS[VersionAct(one.act)], one.staff.name if one.staff else "", one.note)
        for one in instruments.history_of(actor=actor, version=row)
    ]


def _texts(actor: Actor, instrument: Instrument) -> list[Text]:
    if instrument.mode is not Mode.KEY_ONLY:
        return []
    found = instruments.texts_queryset(actor=actor).filter(instrument=instrument.id).defer("text")
    return [_text(one) for one in found]


def _text(binding: "TextBinding") -> Text:
    return Text(
        uid=binding.uid,
        language=LANGUAGES.get(binding.language, binding.language),
        state=TEXT_STATES[TextState(binding.state)],
        holder=binding.holder,
        number=binding.permission_number,
        expires_on=binding.expires_on,
        is_expired=binding.expires_on is not None and binding.expires_on < clock.today(),
        url=reverse("staff:instrument-text", args=[binding.instrument, binding.uid]),
    )
