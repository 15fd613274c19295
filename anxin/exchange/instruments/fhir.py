"""The small parts a FHIR resource is made of: texts in several languages, codings, extensions.

What FHIR and its Structured Data Capture guide have no place for stands in extensions of our own, under ``OURS``;
docs/reference/instrument-formats.md lists them.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anxin.domains.instruments.contracts import InstrumentError, Option, Texts

OURS = "urn:anxin:fhir:"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
PREFIX = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionPrefix"
LEAST = "http://hl7.org/fhir/StructureDefinition/minValue"
MOST = "http://hl7.org/fhir/StructureDefinition/maxValue"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
CALCULATED = f"{SDC}calculatedExpression"
ENABLE_EXPRESSION = f"{SDC}enableWhenExpression"
_EACH = "each"
_EMPTY: Mapping[str, object] = {"empty-text": "", "empty-list": []}
"""FHIR knows nothing empty: an extension has a value or parts."""

Resource = dict[str, Any]


class NotReadable(InstrumentError):
    """The resource or table says something that no definition can say; the message names the place."""


def canonical(instrument_id: str) -> str:
    return f"urn:anxin:instrument:{instrument_id}"


def answer_system(instrument_id: str) -> str:
    return f"urn:anxin:instrument:{instrument_id}:answers"


# -- texts ----------------------------------------------------------------------------------------------------


def put_text(target: Resource, name: str, texts: Texts, language: str) -> None:
    """The text of the resource's own language, and the others as translations of it."""
    if language in texts:
        target[name] = texts[language]
    others = [
        {
            "url": TRANSLATION,
            "extension": [{"url": "lang", "valueCode": other}, {"url": "content", "valueString": text}],
        }
        for other, text in texts.items()
        if other != language
    ]
    if others:
        target[f"_{name}"] = {"extension": others}


def take_text(source: Mapping[str, Any], name: str, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if name in source:
        found[language] = source[name]
    for one in source.get(f"_{name}", {}).get("extension", ()):
        if one.get("url") == TRANSLATION:
            parts = {part["url"]: part for part in one.get("extension", ())}
            found[parts["lang"]["valueCode"]] = parts["content"]["valueString"]
    return found


# -- extensions -----------------------------------------------------------------------------------------------


def extension(name: str, value: object) -> Resource:
    """Plain data as an extension: a mapping has a part for each name, a list an ``each`` for each member."""
    return _encoded(OURS + name, value)


def extensions_of(element: Mapping[str, Any], name: str) -> list[Any]:
    """The plain data of every extension of ours with that name."""
    return [_decoded(one) for one in element.get("extension", ()) if one.get("url") == OURS + name]


def standard(element: Mapping[str, Any], url: str) -> Any:
    """The value of an extension that is not ours, ``None`` where it is not there."""
    for one in element.get("extension", ()):
        if one.get("url") == url:
            return next((value for name, value in one.items() if name.startswith("value")), None)
    return None


def _encoded(url: str, value: object) -> Resource:
    for name, empty in _EMPTY.items():
        if value == empty:
            return {"url": url, "valueCode": name}
    if isinstance(value, Mapping):
        return {"url": url, "extension": [_encoded(str(name), part) for name, part in value.items()]}
    if isinstance(value, list):
        return {"url": url, "extension": [_encoded(_EACH, part) for part in value]}
    return {"url": url, _value_name(value): value}


def _value_name(value: object) -> str:
    match value:
        case bool():
            return "valueBoolean"
        case int():
            return "valueInteger"
        case float():
            return "valueDecimal"
        case str():
            return "valueString"
    raise TypeError(f"{type(value).__name__} is no plain data")


def _decoded(one: Mapping[str, Any]) -> Any:
    if "valueCode" in one:
        return deepcopy(_EMPTY[one["valueCode"]])
    if "extension" not in one:
        if "valueDecimal" in one:
            return float(one["valueDecimal"])
        return next((value for name, value in one.items() if name.startswith("value")), None)
    parts = one["extension"]
    if all(part.get("url") == _EACH for part in parts):
        return [_decoded(part) for part in parts]
    return {part["url"]: _decoded(part) for part in parts}


# -- codings --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _loinc_answers() -> Mapping[str, Mapping[str, Mapping[int, str]]]:
    text = (Path(__file__).parent / "data" / "loinc_answers.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Mapping[int, str]]] = {}
    for instrument, questions in yaml.safe_load(text).items():
        for names, codes in questions.items():
            for name in _numbers(names):
                found.setdefault(instrument, {})[name] = codes
    return found


def _numbers(names: str) -> Iterable[str]:
    first, dash, last = names.partition("-")
    if not (dash and first.isdigit() and last.isdigit()):
        return [names]
    return [str(number) for number in range(int(first), int(last) + 1)]


def coding(instrument_id: str, question: str, code: int) -> Resource:
    """In LOINC where it has an answer of its own, else in the code system of the form."""
    loinc = _loinc_answers().get(instrument_id, {}).get(question, {}).get(code)
    if loinc is not None:
        return {"system": LOINC, "code": loinc}
    return {"system": answer_system(instrument_id), "code": str(code)}


def option_coding(instrument_id: str, question: str, option: Option, language: str) -> Resource:
    found = coding(instrument_id, question, option.code)
    put_text(found, "display", option.text, language)
    return found


def weight(value: float) -> list[Resource]:
    """Both names of the same extension: SDC reads the newer one, R4 knows the older."""
    return [{"url": url, "valueDecimal": value} for url in (WEIGHT, ORDINAL)]
