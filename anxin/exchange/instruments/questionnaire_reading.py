"""A FHIR R4 Questionnaire as the plain data of a definition: one of ours exactly, another one as a draft."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from anxin.domains.instruments.contracts import Instrument
from anxin.exchange.instruments.fhir import (
    LOINC,
    ORDINAL,
    PREFIX,
    WEIGHT,
    NotReadable,
    Resource,
    extensions_of,
    standard,
    take_text,
)
from anxin.exchange.instruments.plain import Data
from anxin.exchange.instruments.questionnaire import to_questionnaire

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


def is_ours(resource: Mapping[str, Any]) -> bool:
    """Whether the whole key goes along."""
    return bool(extensions_of(resource, "definition"))


def from_questionnaire(resource: object) -> Data:
    """The definition, for the instrument room to check. Raises ``NotReadable``."""
    if not isinstance(resource, Mapping) or resource.get("resourceType") != "Questionnaire":
        raise NotReadable("this is no FHIR Questionnaire")
    try:
        return _ours(resource) if is_ours(resource) else _foreign(resource)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotReadable(f"the Questionnaire cannot be read: {type(error).__name__} {error}") from None


def contradictions(resource: Mapping[str, Any], instrument: Instrument) -> list[str]:
    """Where a resource of ours says something else than the definition read from it: it was changed by hand."""
    return [
        f"{place} is not what the key of {instrument.id} makes of it"
        for place in _differences(to_questionnaire(instrument), resource, "")
    ]


def _differences(wanted: Any, found: Any, place: str) -> Iterator[str]:
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name in {**wanted, **found}:
            if name in ("meta", "text") and not place:
                continue
            yield from _differences(wanted.get(name), found.get(name), f"{place}/{name}" if place else name)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(one, other, f"{place}/{number}")
    elif wanted != found:
        yield place


# -- ours -----------------------------------------------------------------------------------------------------


def _ours(resource: Mapping[str, Any]) -> Data:
    (rest,) = extensions_of(resource, "definition")
    language = resource["language"]
    items = [(item, extensions_of(item, "question")) for item in resource.get("item", ())]
    asked = [(item, own[0]) for item, own in items if own]
    numbered = [one for one in asked if one[1]["kind"] == "item"]
    data: Data = {
        "format": 1,
        "id": resource["id"],
        "version": resource["version"],
        "title": take_text(resource, "title", language),
        **{
            item["linkId"]: take_text(item, "text", language)
            for item, own in items
            if not own and item["linkId"] in ("instruction", "stem")
        },
        "reverse": [int(item["linkId"]) for item, own in numbered if own.get("reverse")],
        "items": [_our_item(item, own, language) for item, own in numbered],
        "extra_items": [
            {"code": item["linkId"], **_words(item, language), **_loinc(item)}
            for item, own in asked
            if own["kind"] == "extra"
        ],
        **rest,
    }
    for item, own in asked:
        if own["kind"] == "gate":
            data["gate"] = _words(item, language)
    return {name: value for name, value in data.items() if value != [] or name in ("scales", "norm_sets")}


def _our_item(item: Resource, own: Mapping[str, Any], language: str) -> Data:
    kept = {name: own[name] for name in ("asked_of", "blank_counts", "section", "entry") if name in own}
    return {"n": int(item["linkId"]), **_words(item, language), **_loinc(item), **kept}


def _words(item: Resource, language: str) -> Data:
    found: Data = {}
    text = take_text(item, "text", language)
    if text:
        found["text"] = text
    options = [_option(option, language) for option in item.get("answerOption", ())]
    printed = [option for option in options if not option.pop("refusal", False)]
    refused = [option["code"] for option in options if option not in printed]
    if printed:
        found["options"] = printed
    if refused:
        found["refusal"] = refused[0]
    return found


def _option(option: Resource, language: str) -> Data:
    found: Data = {"code": int(standard(option, PREFIX))}
    text = take_text(option["valueCoding"], "display", language)
    if text:
        found["text"] = text
    counts = extensions_of(option, "counts")
    if counts:
        found["value"] = counts[0]
    if extensions_of(option, "refusal"):
        found["refusal"] = True
    return found


def _loinc(item: Resource) -> Data:
    codes = [code["code"] for code in item.get("code", ()) if code.get("system") == LOINC]
    return {"loinc": codes[0]} if codes else {}


# -- of others ------------------------------------------------------------------------------------------------


def _foreign(resource: Mapping[str, Any]) -> Data:
    """Questions, weights and branches of a form we know nothing else of.

    It is a draft: whose the text is, what it may be used for and what its scores mean does not stand in it, and the
    checks of the instrument room name each gap.
    """
    language = resource.get("language", "en")
    asked = list(_flat(resource.get("item", ())))
    choices = [item for item in asked if item["type"] in ("choice", "boolean") and not item.get("readOnly")]
    if not choices:
        raise NotReadable("the Questionnaire has no question with printed answers")
    numbers = {item["linkId"]: number for number, item in enumerate(choices, start=1)}
    items = [_foreign_item(item, number, language) for number, item in enumerate(choices, start=1)]
    name = resource.get("id") or resource.get("name") or resource.get("title") or "imported"
    codes = [code["code"] for code in resource.get("code", ()) if code.get("system") == LOINC]
    version = str(resource.get("version", ""))
    return {
        "format": 1,
        "id": _NOT_A_NAME.sub("-", str(name).lower()).strip("-") or "imported",
        "version": version if re.fullmatch(r"\d+\.\d+\.\d+", version) else "1.0.0",
        "mode": "S3",
        "title": take_text(resource, "title", language) or {language: str(name)},
        "window": "",
        "channels": ["staff"],
        "disclosure": "staff_only",
        "items": items,
        **_foreign_branches(choices, numbers, items),
        "scales": [
            {"id": "total", "kind": "sum", "title": {"en": "Total", "zh-Hans": "总分"}, "items": "all"}
        ],
        "missing": {"rule": "any_missing_is_null"},
        "norm_sets": [],
        **({"loinc": {"panel": codes[0], "mark": "M"}} if codes else {}),
        "licence": {
            "summary": str(resource.get("copyright") or "not stated in the imported file"),
            "granted_by": "not stated",
            "credit_line": "",
            "mark": "M",
        },
        "provenance": {"key": "unverified", "key_sources": []},
    }


def _flat(items: Any) -> Iterator[Resource]:
    for item in items:
        if item["type"] != "group":
            yield item
        yield from _flat(item.get("item", ()))


def _foreign_item(item: Resource, number: int, language: str) -> Data:
    if "answerValueSet" in item:
        raise NotReadable(f"{item['linkId']}: its answers are a value set outside of the file")
    options: list[Data]
    if item["type"] == "boolean":
        options = [{"code": 0}, {"code": 1}]
    else:
        options = [_foreign_option(item, option, language) for option in item.get("answerOption", ())]
        if any("code" not in option for option in options):
            options = [{**option, "code": place} for place, option in enumerate(options)]
    text = take_text(item, "text", language)
    return {"n": number, **({"text": text} if text else {}), "options": options, **_loinc(item)}


def _foreign_option(item: Resource, option: Resource, language: str) -> Data:
    """The weight is what counts; a prefix in whole numbers, or else the weight, is what is printed."""
    coded = option.get("valueCoding", {})
    weights = [standard(place, url) for place in (option, coded) for url in (WEIGHT, ORDINAL)]
    counts = next((int(one) for one in weights if one is not None and int(one) == one), None)
    if counts is None and any(one is not None for one in weights):
        raise NotReadable(f"{item['linkId']}: an answer weighs a fraction")
    prefix = str(standard(option, PREFIX) or "")
    found: Data = {}
    if prefix.lstrip("-").isdigit():
        found["code"] = int(prefix)
    elif counts is not None:
        found["code"] = counts
    if counts is not None and found["code"] != counts:
        found["value"] = counts
    text = take_text(coded, "display", language) or (
        {language: option["valueString"]} if "valueString" in option else {}
    )
    return {**found, **({"text": text} if text else {})}


def _foreign_branches(choices: list[Resource], numbers: Mapping[str, int], items: list[Data]) -> Data:
    rules = [
        {
            "questions": [numbers[item["linkId"]]],
            "when": [_foreign_test(item, clause, choices, numbers, items) for clause in item["enableWhen"]],
            **({"match": "any"} if item.get("enableBehavior") == "any" else {}),
        }
        for item in choices
        if item.get("enableWhen")
    ]
    return {"ask_when": rules} if rules else {}


def _foreign_test(
    item: Resource,
    clause: Resource,
    choices: list[Resource],
    numbers: Mapping[str, int],
    items: list[Data],
) -> Data:
    place = f"{item['linkId']}: enableWhen"
    asked = clause["question"]
    if asked not in numbers:
        raise NotReadable(f"{place} asks {asked!r}, which is no question with printed answers")
    if clause["operator"] != "=":
        raise NotReadable(f"{place} has the operator {clause['operator']!r}, which is not read")
    number = numbers[asked]
    if "answerBoolean" in clause:
        return {"item": number, "equals": int(clause["answerBoolean"])}
    wanted = clause.get("answerCoding", {}).get("code")
    options = choices[number - 1].get("answerOption", [])
    for option, read in zip(options, items[number - 1]["options"], strict=True):
        if wanted is not None and option.get("valueCoding", {}).get("code") == wanted:
            return {"item": number, "equals": read["code"]}
    raise NotReadable(f"{place} names an answer that question {asked} does not have")
