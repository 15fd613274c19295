"""An instrument as a FHIR R4 Questionnaire with the scoring of Structured Data Capture (SDC).

Questions, printed codes, weights, branches and texts stand where FHIR has a place for them, so that any SDC form can
show and add up the questionnaire. The whole key goes along in our own extension; reading both gives the same
definition again, and :mod:`.questionnaire_reading` refuses a resource in which they differ.
"""

from typing import Any

from anxin.domains.instruments.contracts import (
    Entry,
    EntryKind,
    ExtraItem,
    Gate,
    Instrument,
    Item,
    Question,
    Scale,
    ScaleKind,
)
from anxin.exchange.instruments.enabling import enabling
from anxin.exchange.instruments.expressions import expression
from anxin.exchange.instruments.fhir import (
    CALCULATED,
    LEAST,
    LOINC,
    MOST,
    OURS,
    PREFIX,
    Resource,
    answer_system,
    canonical,
    extension,
    option_coding,
    put_text,
    weight,
)
from anxin.exchange.instruments.plain import definition_data

NATIVE = (
    "format",
    "id",
    "version",
    "title",
    "instruction",
    "stem",
    "gate",
    "options",
    "reverse",
    "items",
    "extra_items",
)
"""What a reader takes from the places FHIR has for it; the rest of a definition is in our extension."""
_TYPES = {EntryKind.CLOCK: "time", EntryKind.HOURS: "decimal", EntryKind.NUMBER: "integer"}
_WHOLE = frozenset({ScaleKind.SUM, ScaleKind.COUNT, ScaleKind.LINEAR, ScaleKind.STEPS, ScaleKind.SUM_OF})


def to_questionnaire(instrument: Instrument) -> Resource:
    """The resource as plain JSON data."""
    language = base_language(instrument)
    resource: Resource = {
        "resourceType": "Questionnaire",
        "id": str(instrument.id),
        "language": language,
        "extension": [extension("definition", _rest(instrument))],
        "url": canonical(instrument.id),
        "version": instrument.version,
    }
    put_text(resource, "title", instrument.title, language)
    resource |= {
        "status": "active" if instrument.offered else "draft",
        "subjectType": ["Patient"],
        "copyright": " ".join(filter(None, (instrument.licence.summary, instrument.licence.credit_line))),
    }
    if "panel" in instrument.loinc:
        resource["code"] = [{"system": LOINC, "code": instrument.loinc["panel"]}]
    resource["item"] = _items(instrument, language)
    return resource


def base_language(instrument: Instrument) -> str:
    return "zh-Hans" if "zh-Hans" in instrument.title else next(iter(instrument.title))


def questions_by_name(instrument: Instrument) -> dict[str, Question]:
    """By the name that is also the linkId."""
    named: dict[str, Question] = {} if instrument.gate is None else {"gate": instrument.gate}
    named |= {str(item.number): item for item in instrument.items}
    return named | {extra.code: extra for extra in instrument.extra_items}


def _rest(instrument: Instrument) -> dict[str, Any]:
    return {name: value for name, value in definition_data(instrument).items() if name not in NATIVE}


def _items(instrument: Instrument, language: str) -> list[Resource]:
    headings = {section.id: section.text for section in instrument.sections}
    items: list[Resource] = []
    for name, texts in (("instruction", instrument.instruction), ("stem", instrument.stem)):
        if texts:
            items.append(_display(name, texts, language))
    section = ""
    for name, question in questions_by_name(instrument).items():
        if isinstance(question, Item) and question.section != section:
            section = question.section
            if headings.get(section):
                items.append(_display(f"section.{section}.{name}", headings[section], language))
        items.append(_question(instrument, name, question, language))
    if instrument.scales:
        items.append(_scores(instrument, language))
    return items


def _display(name: str, texts: Any, language: str) -> Resource:
    item: Resource = {"linkId": name}
    put_text(item, "text", texts, language)
    item["type"] = "display"
    return item


def _question(instrument: Instrument, name: str, question: Question, language: str) -> Resource:
    entry = question.entry if isinstance(question, Item) else None
    found = enabling(instrument, name, questions_by_name(instrument))
    extensions = [*_own(question), *_bounds(entry), *found.pop("extension", [])]
    item: Resource = {**({"extension": extensions} if extensions else {}), "linkId": name}
    if not isinstance(question, Gate) and question.loinc:
        item["code"] = [{"system": LOINC, "code": question.loinc}]
    if isinstance(question, Item):
        item["prefix"] = str(question.number)
    put_text(item, "text", question.text, language)
    item["type"] = "choice" if entry is None else _TYPES[entry.kind]
    item |= found
    if entry is None:
        item["answerOption"] = _answer_options(instrument, name, question, language)
    return item


def _own(question: Question) -> list[Resource]:
    """What a question has that FHIR has no place for."""
    kind = "item" if isinstance(question, Item) else "extra" if isinstance(question, ExtraItem) else "gate"
    own: dict[str, Any] = {"kind": kind}
    if isinstance(question, Item):
        if question.reverse:
            own["reverse"] = True
        if question.asked_of is not None:
            own["asked_of"] = question.asked_of.value
        if question.blank_counts is not None:
            own["blank_counts"] = question.blank_counts
        if question.section:
            own["section"] = question.section
        if question.entry is not None:
            own["entry"] = {
                "kind": question.entry.kind.value,
                "min": question.entry.low,
                "max": question.entry.high,
            }
            if question.entry.steps:
                own["entry"]["steps"] = [
                    {"from": step.at_least, "value": step.value} for step in question.entry.steps
                ]
    return [extension("question", own)]


def _bounds(entry: Entry | None) -> list[Resource]:
    if entry is None or entry.kind is EntryKind.CLOCK:
        return []
    name = "valueInteger" if entry.kind is EntryKind.NUMBER else "valueDecimal"
    return [{"url": LEAST, name: entry.low}, {"url": MOST, name: entry.high}]


def _answer_options(instrument: Instrument, name: str, question: Question, language: str) -> list[Resource]:
    options = []
    for option in question.options:
        extensions: list[Resource] = [{"url": PREFIX, "valueString": str(option.code)}]
        if isinstance(question, Item):
            extensions += weight(question.value_of(option.code))
        if option.value is not None:
            extensions.append(extension("counts", option.value))
        coded = option_coding(instrument.id, name, option, language)
        options.append({"extension": extensions, "valueCoding": coded})
    refusal = None if isinstance(question, Gate) else question.refusal
    if refusal is not None:
        options.append(
            {
                "extension": [{"url": PREFIX, "valueString": str(refusal)}, extension("refusal", True)],
                "valueCoding": {"system": answer_system(instrument.id), "code": str(refusal)},
            }
        )
    return options


def _scores(instrument: Instrument, language: str) -> Resource:
    return {
        "linkId": "scores",
        "type": "group",
        "readOnly": True,
        "item": [_score(instrument, scale, language) for scale in instrument.scales],
    }


def _score(instrument: Instrument, scale: Scale, language: str) -> Resource:
    computed = expression(instrument, scale)
    item: Resource = {}
    if computed is not None:
        said = {"language": "text/fhirpath", "expression": computed}
        item["extension"] = [{"url": CALCULATED, "valueExpression": said}]
    item["linkId"] = f"score.{scale.id}"
    if scale.id == "total" and "total" in instrument.loinc:
        item["code"] = [{"system": LOINC, "code": instrument.loinc["total"]}]
    put_text(item, "text", scale.title, language)
    return item | {"type": "integer" if scale.kind in _WHOLE else "decimal", "readOnly": True}


__all__ = ["OURS", "base_language", "questions_by_name", "to_questionnaire"]
