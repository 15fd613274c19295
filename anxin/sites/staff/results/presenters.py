"""One sitting for a professional, as plain values. Who may read the band only gets the band only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Conduct, Doubt, Point, Reliability
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Instrument, NormSet, Respondent, Scale
from anxin.domains.residents import api as residents
from anxin.exchange.pdf import setting as pdf
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.bands import BANDS
from anxin.sites.staff.interviews.presenters import page_language, title_of
from anxin.sites.staff.interviews.words import CONDUCT_SHORT, DOUBTS, GRADES, RESPONDENTS
from anxin.sites.staff.results.words import CHANGES, FLAGS, MARKS, NOTES, VERDICTS
from anxin.sites.staff.words import Words
from anxin.ui.charts import Score, Trend, trend

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting

SHOWN = 12
HIDDEN = "–"


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One scale with the norm set it was read by. ``score`` is empty for who may read the band only."""

    title: str
    score: str
    band: Words
    norms: str
    reference: str
    mark: Words


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer. ``is_critical``: a critical rule fired on it."""

    name: str
    question: str
    answer: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class RowLine:
    """One sitting of the row, the newest first."""

    uid: str
    on: date
    score: str
    band: Words
    change: Words
    is_doubtful: bool
    is_this: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """What is behind the right to read answers."""

    answers: tuple[AnswerLine, ...]
    has_critical: bool
    flags: tuple[tuple[Words, bool], ...]
    grades: tuple[tuple[str, Words], ...]
    chart: Trend | None
    needed: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Everything the page and the paper draw."""

    uid: str
    form: str
    version: str
    key: str
    language: str
    credit: str
    person: str
    number: str
    age: int | None
    at: datetime
    facts: tuple[tuple[str, Any], ...]
    scores: tuple[ScoreLine, ...]
    validity: tuple[Words, ...]
    rows: tuple[RowLine, ...]
    detail: Detail | None
    person_url: str
    can_be_pdf: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One sitting in the list of a person."""

    uid: str
    form: str
    on: date
    bands: str
    is_doubtful: bool


def report_page(actor: Actor, uid: str) -> ReportPage:
    """The report. Raises ``SittingNotFound``; the look is recorded."""
    found = assessments.access_report(actor=actor, uid=uid)
    sitting = found.sitting
    instrument = instruments.published_version(sitting.instrument, sitting.instrument_version)
    reliability = assessments.reliability_of(sitting.instrument)
    reads = found.answers is not None
    assert sitting.submitted_at is not None
    person = sitting.resident
    return ReportPage(
        uid=sitting.uid,
        form=title_of(instrument),
        version=sitting.instrument_version,
        key=sitting.score_sheet.key_hash[:12],
        language=sitting.language.lower(),
        credit=instrument.licence.credit_line,
        person=residents.mask_name(person.name) or _("no name"),
        number=person.number,
        age=residents.age_on(person.born_on, clock.local(sitting.submitted_at).date())
        if person.born_on
        else None,
        at=sitting.submitted_at,
        facts=_facts(sitting),
        scores=_scores(sitting, instrument, with_numbers=reads),
        validity=_validity(sitting) if reads else (),
        rows=_rows(found.points, sitting.uid, reliability),
        detail=_detail(sitting, instrument, found.answers, found.points, reliability)
        if found.answers is not None
        else None,
        person_url=reverse("staff:results-person", args=[person.uid]),
        can_be_pdf=pdf.is_available(),
    )


def person_lines(actor: Actor, resident_uid: str) -> tuple[str, str, list[PersonLine]]:
    """Masked name, number and sittings of one person. Raises ``SittingNotFound``; the look is recorded."""
    sittings = assessments.access_results_of(actor=actor, resident_uid=resident_uid)
    person = sittings[0].resident
    return residents.mask_name(person.name) or _("no name"), person.number, [_line(one) for one in sittings]


def _line(sitting: "Sitting") -> PersonLine:
    instrument = instruments.published_version(sitting.instrument, sitting.instrument_version)
    bands = [str(_band(one["label"])) for one in sitting.score_sheet.bands if one["scale"] == "total"]
    assert sitting.submitted_at is not None
    return PersonLine(
        uid=sitting.uid,
        form=title_of(instrument),
        on=clock.local(sitting.submitted_at).date(),
        bands="、".join(bands),
        is_doubtful=sitting.is_doubtful,
    )


def _facts(sitting: "Sitting") -> tuple[tuple[str, Any], ...]:
    facts: list[tuple[str, Any]] = [
        (_("How"), CONDUCT_SHORT[Conduct(sitting.conduct)]),
        (_("Who answered"), RESPONDENTS[Respondent(sitting.respondent)]),
    ]
    taken = getattr(sitting, "administration", None)
    if taken is not None:
        facts.append((_("Asked by"), taken.staff_name))
    return tuple(facts)


def _scores(sitting: "Sitting", instrument: Instrument, *, with_numbers: bool) -> tuple[ScoreLine, ...]:
    sheet = sitting.score_sheet
    bands = {one["scale"]: one for one in sheet.bands}
    lines = []
    for scale in instrument.scales:
        band = bands.get(scale.id)
        if band is None and not with_numbers:
            continue
        norms = _norms(instrument, band["norm_set"]) if band else None
        population = band["population"] if band else ""
        lines.append(
            ScoreLine(
                title=_scale_title(scale),
                score=_number(sheet.scores.get(scale.id)) if with_numbers else "",
                band=_band(band["label"]) if band else "",
                norms=f"{population}, {norms.year}" if norms and norms.year else population,
                reference=band["reference"] if band else "",
                mark=MARKS.get(band["mark"], "") if band else "",
            )
        )
    return tuple(lines)


def _validity(sitting: "Sitting") -> tuple[Words, ...]:
    kept = sitting.score_sheet.validity
    words: list[Words] = []
    if kept.get("missing"):
        words.append(_("Not answered: %(items)s") % {"items": ", ".join(str(one) for one in kept["missing"])})
    if kept.get("age_in_range") is False:
        words.append(_("The form is not made for this age"))
    if kept.get("verdict") in VERDICTS:
        words.append(VERDICTS[kept["verdict"]])
    words += [DOUBTS[Doubt(name)] for name in kept.get("doubts", ())]
    for note in kept.get("notes", ()):
        kind, _colon, what = str(note).partition(":")
        words.append(NOTES[kind] % {"what": what} if kind in NOTES else note)
    return tuple(words)


def _rows(points: Sequence[Point], uid: str, reliability: Reliability | None) -> tuple[RowLine, ...]:
    lines = []
    before: float | None = None
    for point in points:
        change = assessments.change_between(before, point.total, reliability)
        is_first = before is None or point.total is None
        label = next((one["label"] for one in point.bands if one["scale"] == "total"), "")
        lines.append(
            RowLine(
                uid=point.uid,
                on=clock.local(point.at).date(),
                score=_number(point.total) if point.scores else "",
                band=_band(label) if label else "",
                change="" if is_first else CHANGES[change],
                is_doubtful=point.is_doubtful,
                is_this=point.uid == uid,
            )
        )
        before = point.total if point.total is not None else before
    return tuple(reversed(lines))


def _detail(
    sitting: "Sitting",
    instrument: Instrument,
    answers: Sequence[int | None],
    points: Sequence[Point],
    reliability: Reliability | None,
) -> Detail:
    sheet = sitting.score_sheet
    critical = {str(name) for hit in sheet.critical for name in hit["items"]}
    classes = sheet.validity.get("classes", {})
    return Detail(
        answers=_answers(sitting, instrument, answers, critical),
        has_critical=bool(critical),
        flags=tuple(
            (FLAGS.get(name, name), value is True)
            for name, value in sheet.validity.get("flags", {}).items()
            if value is not None
        ),
        grades=tuple(
            (rule.title.get(page_language(), rule.id), GRADES.get(label, _band(label)))
            for rule in instrument.classifications
            if (label := classes.get(rule.id))
        ),
        chart=_chart(instrument, points, reliability),
        needed=f"{reliability.needed:.1f}" if reliability else "",
        sources=tuple(f"{one.reference} ({one.population})" for one in reliability.sources)
        if reliability
        else (),
    )


def _answers(
    sitting: "Sitting", instrument: Instrument, answers: Sequence[int | None], critical: set[str]
) -> tuple[AnswerLine, ...]:
    way = assessments.way_through(instrument, sex=sitting.resident.sex)
    if len(way.names) == len(answers):
        pairs = list(zip(way.names, way.questions, strict=True))
        left_out = {way.names[place - 1] for place in way.left_out(answers)}
    else:
        pairs, left_out = [(str(item.number), item) for item in instrument.items], set()
    lines = []
    for (name, question), code in zip(pairs, answers, strict=False):
        if code is None:
            said = _("not asked") if name in left_out else _("no answer")
        else:
            texts = next((option.text for option in question.options if option.code == code), {})
            words = texts.get(sitting.language, "")
            said = f"{code}　{words}" if words else str(code)
        lines.append(AnswerLine(name, question.text.get(sitting.language, ""), said, name in critical))
    return tuple(lines)


def _chart(instrument: Instrument, points: Sequence[Point], reliability: Reliability | None) -> Trend | None:
    scored = [(point, point.total) for point in points if point.total is not None][-SHOWN:]
    if len(scored) < 2 or not any(scale.id == "total" for scale in instrument.scales):
        return None
    norms = next((one for one in instrument.norm_sets if one.default and "total" in one.scales), None)
    edges = sorted({band.low for band in norms.bands}) if norms else []
    totals = [total for _point, total in scored]
    lowest = min([*edges, *totals])
    highest = max([*(band.high for band in norms.bands if not band.open_above), *totals] if norms else totals)
    return trend(
        [Score(clock.local(point.at).date(), total, point.is_doubtful) for point, total in scored],
        name="row",
        title=_("%(form)s over time, %(count)s times; the table has the numbers")
        % {"form": title_of(instrument), "count": len(scored)},
        lowest=lowest,
        highest=highest,
        band=assessments.band_around(totals[0], reliability, lowest=lowest, highest=highest)
        if reliability
        else None,
        limits=[(edge, f"{edge:g}") for edge in edges if edge > lowest],
    )


def _norms(instrument: Instrument, name: str) -> NormSet | None:
    return next((one for one in instrument.norm_sets if one.id == name), None)


def _scale_title(scale: Scale) -> str:
    return scale.title.get(page_language()) or next(iter(scale.title.values()), scale.id)


def _band(label: str) -> Words:
    return BANDS.get(label, label)


def _number(score: float | None) -> str:
    return HIDDEN if score is None else f"{score:.2f}".rstrip("0").rstrip(".")
