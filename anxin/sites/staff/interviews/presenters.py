"""What the interview pages show, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxin.domains.accounts import api as accounts
from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Conduct, Doubt, Relation, SittingState
from anxin.domains.assessments.contracts import Permission as AssessmentsPermission
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Channel, Instrument, Mode, Respondent
from anxin.domains.residents import api as residents
from anxin.flows import interview_resident
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers_cn import MobileInvalid
from anxin.sites.bands import BANDS
from anxin.sites.staff.interviews.words import (
    CONDUCT_SHORT,
    DOUBTS,
    GRADES,
    LOOKS,
    RELATIONS,
    RESPONDENTS,
)
from anxin.sites.staff.words import Words

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting
    from anxin.domains.residents.models import Resident

FOUND_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody of the actor's reach, masked."""

    name: str
    number: str
    age: int | None
    url: str


@dataclass(frozen=True, slots=True)
class SittingLine:
    """One row of a list."""

    name: str
    number: str
    form: str
    conduct: Words
    at: datetime
    is_open: bool
    url: str
    doubts: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """One line of the answers."""

    place: int
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Head:
    """Above every page of one interview."""

    uid: str
    form: str
    person: str
    number: str
    respondent: Words
    is_about: bool
    language: str
    credit: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to be read aloud."""

    head: Head
    ordinal: int
    count: int
    lead_in: str
    text: str
    choices: tuple[tuple[str, str, bool], ...]
    back_url: str
    is_last: bool
    error: str = ""


def page_language() -> str:
    """The language of the page, as the forms name it."""
    return "zh-Hans" if (get_language() or "zh-hans").startswith("zh") else "en"


def title_of(instrument: Instrument) -> str:
    """The name of a form in the language of the page, or the one it has."""
    return instrument.title.get(page_language()) or next(iter(instrument.title.values()))


def found(actor: Actor, asked_for: str) -> list[PersonLine]:
    """People of the actor's reach with this number or phone, whole; names are sealed and cannot be searched."""
    wanted = asked_for.strip()
    if not wanted:
        return []
    people = residents.residents_queryset(actor=actor)
    by_number = people.filter(number__iexact=wanted)
    try:
        by_phone = people.filter(phone_index=accounts.login_for_phone(wanted))
    except MobileInvalid:
        by_phone = people.none()
    hits = {one.id: one for one in (*by_number[:FOUND_AT_MOST], *by_phone[:FOUND_AT_MOST])}
    return [
        _person(one)
        for one in hits.values()
        if actor.may(AssessmentsPermission.ADMINISTER, at=one.scope_path)
    ]


def _person(one: "Resident") -> PersonLine:
    return PersonLine(
        name=residents.mask_name(one.name) or _("no name"),
        number=one.number,
        age=residents.age_on(one.born_on, clock.today()) if one.born_on else None,
        url=reverse("staff:interview-new", args=[one.uid]),
    )


def lines_of(sittings: "list[Sitting]", *, for_second_look: bool = False) -> list[SittingLine]:
    """Rows of a list."""
    return [
        SittingLine(
            name=residents.mask_name(one.resident.name) or _("no name"),
            number=one.resident.number,
            form=title_of(instruments.published_version(one.instrument, one.instrument_version)),
            conduct=CONDUCT_SHORT[Conduct(one.conduct)],
            at=one.submitted_at or one.started_at,
            is_open=one.state == SittingState.DRAFT,
            url=reverse("staff:second-look", args=[one.uid]) if for_second_look else _address(one),
            doubts=doubts_of(one) if for_second_look else (),
        )
        for one in sittings
    ]


def doubts_of(sitting: "Sitting") -> tuple[Words, ...]:
    """Why a sheet asks for a second look."""
    return tuple(DOUBTS[Doubt(name)] for name in sitting.score_sheet.validity.get("doubts", ()))


def _address(one: "Sitting") -> str:
    if one.state != SittingState.DRAFT:
        return reverse("staff:interview", args=[one.uid])
    if one.conduct == Conduct.PAPER:
        return reverse("staff:interview-paper", args=[one.uid])
    return next_question_url(one)


def way_of(sitting: "Sitting") -> assessments.Way:
    """The way through the form of this sitting, for its person."""
    pinned = instruments.published_version(sitting.instrument, sitting.instrument_version)
    return assessments.way_through(pinned, sex=sitting.resident.sex)


def next_question_url(sitting: "Sitting") -> str:
    """The first question without an answer, or the last look."""
    missing = way_of(sitting).missing(sitting.answers)
    if missing:
        return reverse("staff:interview-question", args=[sitting.uid, missing[0]])
    return reverse("staff:interview-check", args=[sitting.uid])


def form_choices(actor: Actor, *, age: int | None) -> tuple[list[tuple[str, Any]], list[str]]:
    """The forms this person may give to somebody of this age, and those for which their training is not on record.

    A form without a text here can only be copied from a licensed paper.
    """
    drafts = instruments.drafts_allowed()
    fitting = [
        one
        for one in instruments.list_instruments(channel=Channel.STAFF)
        if not assessments.takes_written_answers(one)
        and (age is None or (one.age_min or 0) <= age <= (one.age_max or 150))
    ]
    may_give = assessments.givable(actor=actor, forms=fitting)
    read_aloud: list[tuple[str, str]] = []
    from_paper: list[tuple[str, str]] = []
    for one in fitting:
        if one.id not in may_give:
            continue
        tongues = [*one.languages, *(one.draft_languages if drafts else ())]
        for tongue in tongues:
            draft = _(" (draft translation)") if tongue in one.drafts else ""
            read_aloud.append((f"{one.id}|{tongue}", f"{title_of(one)}·{_TONGUES[tongue]}{draft}"))
        if not tongues:
            from_paper.append((f"{one.id}|", title_of(one)))
    read_aloud.sort(key=lambda choice: (not choice[0].endswith(f"|{page_language()}"), choice[1]))
    choices: list[tuple[str, Any]] = [("", _("Choose a form"))]
    choices += [(_("To read aloud or to copy"), read_aloud)] if read_aloud else []
    choices += [(_("Only to copy from a licensed paper"), from_paper)] if from_paper else []
    untrained = [title_of(one) for one in fitting if one.id not in may_give and one.mode is Mode.STAFF]
    return choices, untrained


_TONGUES = {"zh-Hans": "中文", "en": "English"}


def head_of(sitting: "Sitting") -> Head:
    """What stands above the page."""
    instrument = instruments.published_version(sitting.instrument, sitting.instrument_version)
    return Head(
        uid=sitting.uid,
        form=title_of(instrument),
        person=residents.mask_name(sitting.resident.name) or _("no name"),
        number=sitting.resident.number,
        respondent=RESPONDENTS[Respondent(sitting.respondent)],
        is_about=sitting.respondent in (Respondent.PARENT, Respondent.TEACHER, Respondent.INFORMANT),
        language=sitting.language.lower(),
        credit=instrument.licence.credit_line,
    )


def asked(sitting: "Sitting", place: int, *, chosen: str, error: str = "") -> Asked:
    """One question to be read aloud."""
    way, language = way_of(sitting), sitting.language
    order = way.asked(sitting.answers)
    before = way.before(place, sitting.answers)
    question = way.question(place)
    instrument = way.instrument
    lead_in = instrument.stem.get(language) or instrument.instruction.get(language, "")
    return Asked(
        head=head_of(sitting),
        ordinal=order.index(place) + 1 if place in order else place,
        count=len(order),
        lead_in=lead_in,
        text=question.text.get(language, ""),
        choices=tuple(
            (str(option.code), option.text.get(language, str(option.code)), str(option.code) == chosen)
            for option in way.options(place)
        ),
        back_url=reverse("staff:interview-question", args=[sitting.uid, before])
        if before
        else reverse("staff:interviews"),
        is_last=way.after(place, sitting.answers) is None,
        error=error,
    )


def answered(sitting: "Sitting") -> list[Answered]:
    """The answers in words; where the form has no text here, the codes."""
    way, language = way_of(sitting), sitting.language
    left_out = way.left_out(sitting.answers)
    lines = []
    for place in way.places:
        code = sitting.answers[place - 1]
        if code is None:
            said = _("not asked") if place in left_out else _("no answer")
        elif code == way.refusal(place):
            said = _("would not say")
        else:
            said = next(
                (
                    option.text.get(language, str(code))
                    for option in way.options(place)
                    if option.code == code
                ),
                str(code),
            )
        lines.append(Answered(place, way.question(place).text.get(language, ""), said))
    return lines


@dataclass(frozen=True, slots=True)
class Result:
    """The result for who asked."""

    head: Head
    scores: tuple[tuple[str, Any, str], ...]
    grades: tuple[tuple[str, str], ...]
    is_critical: bool
    is_called: bool
    doubts: tuple[Words, ...]
    answers: list[Answered]
    follow_ups: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, Any], ...]


def result_of(actor: Actor, sitting: "Sitting") -> Result:
    """Scores with their bands, grades, what was said, and which form the literature asks next."""
    instrument = instruments.published_version(sitting.instrument, sitting.instrument_version)
    sheet, language = sitting.score_sheet, page_language()
    bands = {band["scale"]: str(BANDS.get(band["label"], band["label"])) for band in sheet.bands}
    classes = sheet.validity.get("classes", {})
    may_read = actor.may(AssessmentsPermission.READ_ANSWERS, at=sitting.scope_path)
    return Result(
        head=head_of(sitting),
        scores=tuple(
            (
                scale.title.get(language) or next(iter(scale.title.values()), scale.id),
                sheet.scores.get(scale.id),
                bands.get(scale.id, ""),
            )
            for scale in instrument.scales
        ),
        grades=tuple(
            (rule.title.get(language, rule.id), str(GRADES.get(label, label)))
            for rule in instrument.classifications
            if (label := classes.get(rule.id))
        ),
        is_critical=bool(sheet.critical),
        is_called=bool(sheet.critical) and interview_resident.is_somebody_called(sitting),
        doubts=doubts_of(sitting),
        answers=answered(sitting) if may_read else [],
        follow_ups=_follow_ups(sitting, instrument),
        facts=_facts(sitting),
    )


def _follow_ups(sitting: "Sitting", instrument: Instrument) -> tuple[tuple[str, str], ...]:
    person = sitting.resident
    age = residents.age_on(person.born_on, clock.today()) if person.born_on else None
    sheet = instruments.score(instrument, sitting.answers, age=age, sex=way_of(sitting).sex)
    address = reverse("staff:interview-new", args=[person.uid])
    return tuple(
        (
            title_of(instruments.published_version(one.instrument)),
            f"{address}?form={one.instrument}&after={sitting.uid}",
        )
        for one in instruments.follow_ups(instrument, sheet, age=age)
    )


def _facts(sitting: "Sitting") -> tuple[tuple[str, Any], ...]:
    taken = sitting.administration
    facts: list[tuple[str, Any]] = [
        (_("How"), CONDUCT_SHORT[Conduct(sitting.conduct)]),
        (_("Asked by"), taken.staff_name),
        (_("Who answered"), RESPONDENTS[Respondent(sitting.respondent)]),
    ]
    if taken.informant_name:
        facts.append(
            (
                _("Name and relation"),
                f"{taken.informant_name}·{RELATIONS[Relation(taken.informant_relation)]}",
            )
        )
    if taken.paper_on:
        facts.append((_("Day on the paper"), taken.paper_on.isoformat()))
        facts.append((_("Corrected at the second entry"), taken.differences))
    if taken.order_reason:
        facts.append((_("Asked again because"), taken.order_reason))
    return tuple(facts)


def look_of(sitting: "Sitting") -> dict[str, Any]:
    """A doubtful sitting, and the look that was taken, if any."""
    look = getattr(sitting, "second_look", None)
    return {
        "head": head_of(sitting),
        "doubts": doubts_of(sitting),
        "answers": answered(sitting),
        "at": sitting.submitted_at,
        "new_url": reverse("staff:interview-new", args=[sitting.resident.uid])
        + f"?form={sitting.instrument}&after={sitting.uid}",
        "look": look and {"by": look.staff.name, "note": look.note, "outcome": LOOKS[look.outcome]},
    }


def again_on(person: "Resident", instrument: Instrument) -> date | None:
    """The day from which this form makes sense again for this person."""
    return assessments.repeat_of(resident_id=person.id, instrument=instrument)
