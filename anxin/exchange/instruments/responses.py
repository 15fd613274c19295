"""A filled-in form and its scores as FHIR R4: one QuestionnaireResponse, and an Observation for each score.

Pure: who the person is, and when they answered, the caller says. Scores that have no value are not observed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anxin.domains.instruments.contracts import (
    BadAnswers,
    EntryKind,
    Instrument,
    Item,
    Question,
    Scale,
    ScoreSheet,
)
from anxin.exchange.instruments.fhir import (
    LOINC,
    UCUM,
    Resource,
    canonical,
    coding,
    option_coding,
    put_text,
    weight,
)
from anxin.exchange.instruments.questionnaire import base_language, questions_by_name


@dataclass(frozen=True, slots=True)
class Occasion:
    """``uid`` names the sitting. ``subject`` is a FHIR reference ("Patient/…"), empty where there is none to give."""

    uid: str
    answered_at: datetime
    subject: str = ""


def to_bundle(
    instrument: Instrument, answers: Sequence[object], sheet: ScoreSheet, occasion: Occasion
) -> Resource:
    """The answers and all scores as one collection that stands for itself."""
    response = to_response(instrument, answers, occasion)
    resources = [response, *to_observations(instrument, sheet, occasion)]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": occasion.answered_at.isoformat(),
        "entry": [{"fullUrl": _urn(one["id"]), "resource": one} for one in resources],
    }


def to_response(instrument: Instrument, answers: Sequence[object], occasion: Occasion) -> Resource:
    """``answers``: as they were scored, in form order. A question without an answer is left out."""
    language = base_language(instrument)
    named = _by_question(instrument, answers)
    items = []
    for name, question in questions_by_name(instrument).items():
        if named.get(name) is None:
            continue
        item: Resource = {"linkId": name}
        put_text(item, "text", question.text, language)
        item["answer"] = [_answer(instrument, name, question, named[name], language)]
        items.append(item)
    return {
        "resourceType": "QuestionnaireResponse",
        "id": occasion.uid,
        "language": language,
        "questionnaire": f"{canonical(instrument.id)}|{instrument.version}",
        "status": "completed",
        **_subject(occasion),
        "authored": occasion.answered_at.isoformat(),
        **({"item": items} if items else {}),
    }


def to_observations(instrument: Instrument, sheet: ScoreSheet, occasion: Occasion) -> list[Resource]:
    """In the order of the scales. The band goes along as a word of the key, with the norms it comes from."""
    return [
        _observation(instrument, scale, value, sheet, occasion)
        for scale in instrument.scales
        if (value := sheet.scores.get(scale.id)) is not None
    ]


def _by_question(instrument: Instrument, answers: Sequence[object]) -> Mapping[str, object]:
    items = [str(item.number) for item in instrument.items]
    forms = [items, [*items, *(extra.code for extra in instrument.extra_items)]]
    if instrument.gate is not None:
        forms.append(["gate", *items])
    for names in reversed(forms):
        if len(names) == len(answers):
            return dict(zip(names, answers, strict=True))
    raise BadAnswers((f"{instrument.id} has no form with {len(answers)} answers",))


def _answer(instrument: Instrument, name: str, question: Question, given: Any, language: str) -> Resource:
    if isinstance(question, Item) and question.entry is not None:
        return _written(question.entry.kind, given)
    for option in question.options:
        if option.code == given:
            chosen = option_coding(instrument.id, name, option, language)
            if isinstance(question, Item):
                chosen = {"extension": weight(question.value_of(option.code)), **chosen}
            return {"valueCoding": chosen}
    return {"valueCoding": coding(instrument.id, name, given)}


def _written(kind: EntryKind, given: Any) -> Resource:
    if kind is EntryKind.CLOCK:
        hour, _, minute = str(given).partition(":")
        if not minute:
            hour, minute = f"{int(float(given))}", f"{round(float(given) % 1 * 60)}"
        return {"valueTime": f"{int(hour):02}:{int(minute):02}:00"}
    return {"valueDecimal": float(given)} if kind is EntryKind.HOURS else {"valueInteger": int(given)}


def _observation(
    instrument: Instrument, scale: Scale, value: float, sheet: ScoreSheet, occasion: Occasion
) -> Resource:
    language = base_language(instrument)
    codings: list[Resource] = []
    if scale.id == "total" and "total" in instrument.loinc:
        codings.append({"system": LOINC, "code": instrument.loinc["total"]})
    own: Resource = {"system": f"{canonical(instrument.id)}:scales", "code": scale.id}
    put_text(own, "display", scale.title, language)
    band = sheet.band_of(scale.id)
    return {
        "resourceType": "Observation",
        "id": f"{occasion.uid}-{scale.id.replace('_', '-')}"[:64],
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "survey",
                    }
                ]
            }
        ],
        "code": {"coding": [*codings, own]},
        **_subject(occasion),
        "effectiveDateTime": occasion.answered_at.isoformat(),
        "valueQuantity": {"value": value, "system": UCUM, "code": "{score}"},
        **({} if band is None else {"interpretation": [_band(instrument, band)]}),
        "derivedFrom": [{"reference": _urn(occasion.uid)}],
    }


def _band(instrument: Instrument, band: Any) -> Resource:
    return {
        "coding": [{"system": f"{canonical(instrument.id)}:bands:{band.norm_set}", "code": band.label}],
        "text": f"{band.label} ({band.population}; {band.reference})",
    }


def _subject(occasion: Occasion) -> Resource:
    return {"subject": {"reference": occasion.subject}} if occasion.subject else {}


def _urn(uid: str) -> str:
    return f"urn:anxin:sitting:{uid}"
