"""From a definition file to an ``Instrument``: plain data in, contracts out, nothing guessed."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from anxin.domains.instruments.contracts import (
    AnswerTest,
    Band,
    Channel,
    CountTest,
    CriticalAction,
    CriticalRule,
    ExtraItem,
    FlagRule,
    Gate,
    Instrument,
    InstrumentId,
    Item,
    Licence,
    Mark,
    MissingRule,
    Mode,
    NormSet,
    Option,
    Provenance,
    Scale,
    ScaleKind,
    ScoreTest,
    Sex,
    SkipRule,
)
from anxin.domains.instruments.rules.definition import key_hash

Data = Mapping[str, Any]


def read_instrument(data: Data) -> Instrument:
    """Data that passed the schema. The key's fingerprint is computed here, never read from the file."""
    items = _items(data)
    age = data.get("age", {})
    instrument = Instrument(
        id=InstrumentId(data["id"]),
        version=data["version"],
        mode=Mode(data["mode"]),
        title=data["title"],
        window=data["window"],
        channels=tuple(Channel(channel) for channel in data["channels"]),
        disclosure=data["disclosure"],
        items=items,
        scales=tuple(_scale(scale, len(items)) for scale in data["scales"]),
        norm_sets=tuple(_norm_set(norms) for norms in data["norm_sets"]),
        missing=_missing(data["missing"]),
        licence=_licence(data["licence"]),
        provenance=_provenance(data["provenance"]),
        instruction=data.get("instruction", {}),
        stem=data.get("stem", {}),
        coding=data.get("coding", ""),
        age_min=age.get("min"),
        age_max=age.get("max"),
        extra_items=tuple(_extra_item(extra) for extra in data.get("extra_items", ())),
        gate=_gate(data["gate"]) if "gate" in data else None,
        skips=tuple(_skip(rule) for rule in data.get("skips", ())),
        critical=tuple(_critical(rule) for rule in data.get("critical", ())),
        flags=tuple(_flag(rule) for rule in data.get("flags", ())),
        loinc=data.get("loinc", {}),
    )
    return replace(instrument, key_hash=key_hash(instrument))


def _options(data: list[Data]) -> tuple[Option, ...]:
    return tuple(Option(code=option["code"], text=option.get("text", {})) for option in data)


def _items(data: Data) -> tuple[Item, ...]:
    shared = _options(data["options"])
    reverse = set(data.get("reverse", ()))
    listed = data["items"]
    if isinstance(listed, int):
        listed = [{"n": number} for number in range(1, listed + 1)]
    return tuple(
        Item(
            number=item["n"],
            options=_options(item["options"]) if "options" in item else shared,
            reverse=item["n"] in reverse,
            text=item.get("text", {}),
            asked_of=Sex(item["asked_of"]) if "asked_of" in item else None,
            loinc=item.get("loinc", ""),
        )
        for item in listed
    )


def _extra_item(data: Data) -> ExtraItem:
    return ExtraItem(
        code=data["code"],
        options=_options(data["options"]),
        text=data.get("text", {}),
        loinc=data.get("loinc", ""),
    )


def _gate(data: Data) -> Gate:
    return Gate(options=_options(data["options"]), text=data.get("text", {}))


def _skip(data: Data) -> SkipRule:
    return SkipRule(
        question=str(data["question"]),
        codes=tuple(data["codes"]),
        skips=tuple(data["skips"]),
        value=data["value"],
    )


def _scale(data: Data, item_count: int) -> Scale:
    items = data.get("items", ())
    return Scale(
        id=data["id"],
        kind=ScaleKind(data["kind"]),
        title=data["title"],
        items=tuple(range(1, item_count + 1)) if items == "all" else tuple(items),
        at_least=data.get("at_least"),
        of=data.get("of", ""),
        times=Fraction(data.get("times", 1)),
        plus=data.get("plus", 0),
    )


def _norm_set(data: Data) -> NormSet:
    return NormSet(
        id=data["id"],
        scales=tuple(data["scales"]),
        population=data["population"],
        reference=data["reference"],
        mark=Mark(data["mark"]),
        bands=tuple(
            Band(
                label=band["label"],
                low=band["min"],
                high=band["below"] if "below" in band else band["max"],
                open_above="below" in band,
            )
            for band in data["bands"]
        ),
        default=data.get("default", False),
        sex=Sex(data["sex"]) if "sex" in data else None,
        year=data.get("year"),
        checked=tuple(data.get("checked", ())),
    )


def _critical(data: Data) -> CriticalRule:
    return CriticalRule(
        id=data["id"],
        when=tuple(
            AnswerTest(question=str(test["item"]), at_least=test.get("at_least"), equals=test.get("equals"))
            for test in data["when"]
        ),
        action=CriticalAction(data["action"]),
        mark=Mark(data["mark"]),
        severe_at=data.get("severe_at"),
    )


def _flag(data: Data) -> FlagRule:
    return FlagRule(
        id=data["id"],
        match_all=data["match"] == "all",
        tests=tuple(_count_test(test) if "reach" in test else _score_test(test) for test in data["tests"]),
        mark=Mark(data["mark"]),
        follow_up=data.get("follow_up", ""),
    )


def _score_test(data: Data) -> ScoreTest:
    return ScoreTest(scale=data["scale"], at_least=data.get("at_least"), at_most=data.get("at_most"))


def _count_test(data: Data) -> CountTest:
    return CountTest(
        thresholds={number: reach["value"] for reach in data["reach"] for number in reach["items"]},
        at_least=data["at_least"],
        at_most=data.get("at_most"),
    )


def _missing(data: Data) -> MissingRule:
    return MissingRule(
        prorating=data.get("prorating", ""), mark=Mark(data["mark"]) if "mark" in data else None
    )


def _licence(data: Data) -> Licence:
    return Licence(
        summary=data["summary"],
        granted_by=data["granted_by"],
        credit_line=data["credit_line"],
        mark=Mark(data["mark"]),
        translation=data.get("translation", ""),
    )


def _provenance(data: Data) -> Provenance:
    wording = data.get("wording", {})
    return Provenance(
        table_row=data["table_row"],
        key_verified=data["key"] == "verified",
        key_sources=tuple(data["key_sources"]),
        wording_state=wording.get("state", {}),
        wording_sha256=wording.get("sha256", {}),
        notes=tuple(data.get("notes", ())),
    )
