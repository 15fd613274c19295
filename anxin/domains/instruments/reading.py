"""From a definition file to an ``Instrument``: plain data in, contracts out, nothing guessed."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from anxin.domains.instruments.contracts import (
    RETEST_DAYS,
    AnswerTest,
    AskRule,
    Band,
    Channel,
    Classification,
    CountTest,
    CriticalAction,
    CriticalRule,
    Entry,
    EntryKind,
    ExtraItem,
    FlagRule,
    FollowUpRule,
    Gate,
    Grade,
    GroupTest,
    Instrument,
    InstrumentId,
    Item,
    Licence,
    Mark,
    MissingRule,
    Mode,
    NormSet,
    Option,
    Partition,
    Provenance,
    Respondent,
    Scale,
    ScaleKind,
    ScoreTest,
    Section,
    Sex,
    SkipRule,
    Step,
    Test,
    Translation,
    TranslationStatus,
    ValidityRule,
    Verdict,
)
from anxin.domains.instruments.rules.fingerprint import key_hash

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
        ask_when=tuple(_ask_rule(rule) for rule in data.get("ask_when", ())),
        classifications=tuple(_classification(rule) for rule in data.get("classifications", ())),
        validity_rules=tuple(_validity_rule(rule) for rule in data.get("validity", ())),
        follow_ups=tuple(_follow_up(rule) for rule in data.get("follow_ups", ())),
        respondents=tuple(Respondent(one) for one in data.get("respondents", ("self",))),
        sections=tuple(Section(id=one["id"], text=one.get("text", {})) for one in data.get("sections", ())),
        retest_days=data.get("retest_days", RETEST_DAYS),
        pack=data.get("pack", ""),
        partitions=tuple(
            Partition(of=one["of"], scales=tuple(one["scales"])) for one in data.get("partitions", ())
        ),
        no_total=data.get("no_total", ""),
    )
    return replace(instrument, key_hash=key_hash(instrument))


def reference_faults(data: Data) -> tuple[str, ...]:
    """Names in the file that lead nowhere, and that an ``Instrument`` could not show any more."""
    listed = data["items"]
    count = listed if isinstance(listed, int) else len(listed)
    found = [
        f"reverse names item {number}, which does not exist"
        for number in data.get("reverse", ())
        if number > count
    ]
    sets = data.get("option_sets", {})
    used = (
        set() if isinstance(listed, int) else {item["option_set"] for item in listed if "option_set" in item}
    )
    found += [f"an item uses the unknown option set {name!r}" for name in sorted(used - set(sets))]
    found += [f"option set {name!r} is used by no item" for name in sorted(set(sets) - used)]
    return tuple(found)


def _options(data: list[Data]) -> tuple[Option, ...]:
    return tuple(
        Option(code=option["code"], text=option.get("text", {}), value=option.get("value")) for option in data
    )


def _items(data: Data) -> tuple[Item, ...]:
    named = {name: _options(options) for name, options in data.get("option_sets", {}).items()}
    shared = _options(data["options"]) if "options" in data else ()
    reverse = set(data.get("reverse", ()))
    listed = data["items"]
    if isinstance(listed, int):
        listed = [{"n": number} for number in range(1, listed + 1)]
    return tuple(
        Item(
            number=item["n"],
            options=_item_options(item, shared, named),
            reverse=item["n"] in reverse,
            text=item.get("text", {}),
            asked_of=Sex(item["asked_of"]) if "asked_of" in item else None,
            loinc=item.get("loinc", ""),
            entry=_entry(item["entry"]) if "entry" in item else None,
            refusal=item.get("refusal"),
            blank_counts=item.get("blank_counts"),
            section=item.get("section", ""),
        )
        for item in listed
    )


def _item_options(
    item: Data, shared: tuple[Option, ...], named: Mapping[str, tuple[Option, ...]]
) -> tuple[Option, ...]:
    if "entry" in item:
        return ()
    if "option_set" in item:
        return named[item["option_set"]]
    return _options(item["options"]) if "options" in item else shared


def _entry(data: Data) -> Entry:
    kind = EntryKind(data["kind"])
    return Entry(
        kind=kind,
        low=data.get("min", 0),
        high=data.get("max", 24),
        steps=_steps(data.get("steps", ())),
    )


def _steps(data: Any) -> tuple[Step, ...]:
    return tuple(Step(at_least=step["from"], value=step["value"]) for step in data)


def _extra_item(data: Data) -> ExtraItem:
    return ExtraItem(
        code=data["code"],
        options=_options(data["options"]),
        text=data.get("text", {}),
        loinc=data.get("loinc", ""),
        refusal=data.get("refusal"),
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


def _ask_rule(data: Data) -> AskRule:
    return AskRule(
        questions=tuple(str(question) for question in data["questions"]),
        when=tuple(_answer_test(test) for test in data["when"]),
        match_all=data.get("match", "all") == "all",
        value=data.get("value"),
        ignore_given=data.get("ignore_given", False),
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
        thresholds={number: reach["value"] for reach in data.get("reach", ()) for number in reach["items"]},
        parts=tuple(data.get("parts", ())),
        steps=_steps(data.get("steps", ())),
        least_answered=data.get("least_answered"),
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
        age_min=data.get("age", {}).get("min"),
        age_max=data.get("age", {}).get("max"),
    )


def _critical(data: Data) -> CriticalRule:
    return CriticalRule(
        id=data["id"],
        when=tuple(_answer_test(test) for test in data["when"]),
        action=CriticalAction(data["action"]),
        mark=Mark(data["mark"]),
        severe_at=data.get("severe_at"),
    )


def _flag(data: Data) -> FlagRule:
    return FlagRule(
        id=data["id"],
        match_all=data["match"] == "all",
        tests=tuple(_test(test) for test in data["tests"]),
        mark=Mark(data["mark"]),
        follow_up=data.get("follow_up", ""),
    )


def _classification(data: Data) -> Classification:
    return Classification(
        id=data["id"],
        title=data["title"],
        grades=tuple(
            Grade(
                label=grade["label"],
                tests=tuple(_test(test) for test in grade["tests"]),
                match_all=grade.get("match", "any") == "all",
            )
            for grade in data["grades"]
        ),
        otherwise=data["otherwise"],
        mark=Mark(data["mark"]),
        reference=data.get("reference", ""),
    )


def _validity_rule(data: Data) -> ValidityRule:
    return ValidityRule(
        id=data["id"],
        tests=tuple(_test(test) for test in data["tests"]),
        verdict=Verdict(data["verdict"]),
        mark=Mark(data["mark"]),
    )


def _follow_up(data: Data) -> FollowUpRule:
    age = data.get("age", {})
    return FollowUpRule(
        instrument=data["instrument"],
        mark=Mark(data["mark"]),
        flag=data.get("flag", ""),
        critical=data.get("critical", ""),
        age_min=age.get("min"),
        age_max=age.get("max"),
    )


def _test(data: Data) -> Test:
    if "reach" in data:
        return _count_test(data)
    if "groups" in data:
        return GroupTest(
            groups=tuple(tuple(group) for group in data["groups"]),
            code=data["code"],
            at_least=data["at_least"],
        )
    return _answer_test(data) if "item" in data else _score_test(data)


def _answer_test(data: Data) -> AnswerTest:
    return AnswerTest(
        question=str(data["item"]),
        at_least=data.get("at_least"),
        equals=data.get("equals"),
        or_blank=data.get("or_blank", False),
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
        wording_sources=tuple(wording.get("sources", ())),
        translations={language: _translation(one) for language, one in data.get("translations", {}).items()},
    )


def _translation(data: Data) -> Translation:
    return Translation(
        status=TranslationStatus(data["status"]),
        translator=data["translator"],
        reviewer=data.get("reviewer", ""),
        reviewed_on=data.get("reviewed_on", ""),
    )
