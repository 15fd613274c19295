"""An ``Instrument`` as the plain data of a definition file: reading what this writes gives the same instrument."""

from collections.abc import Mapping
from typing import Any

from anxin.domains.instruments.contracts import (
    RETEST_DAYS,
    AnswerTest,
    Band,
    CountTest,
    Entry,
    EntryKind,
    ExtraItem,
    GroupTest,
    Instrument,
    Item,
    NormSet,
    Option,
    Provenance,
    Respondent,
    Scale,
    ScoreTest,
    Step,
    Test,
)

Data = dict[str, Any]


def definition_data(instrument: Instrument) -> Data:
    """In the order in which people read a definition; what is empty is left out."""
    shared = _shared_options(instrument)
    data: Data = {
        "format": 1,
        "id": str(instrument.id),
        "version": instrument.version,
        "mode": instrument.mode.value,
        "pack": instrument.pack,
        "title": dict(instrument.title),
        "window": instrument.window,
        "age": _ages(instrument),
        "channels": [channel.value for channel in instrument.channels],
        "disclosure": instrument.disclosure,
        "respondents": _respondents(instrument),
        "retest_days": None if instrument.retest_days == RETEST_DAYS else instrument.retest_days,
        "coding": instrument.coding,
        "instruction": dict(instrument.instruction),
        "stem": dict(instrument.stem),
        "sections": [_full(id=one.id, text=dict(one.text)) for one in instrument.sections],
        "gate": None
        if instrument.gate is None
        else _full(text=dict(instrument.gate.text), options=_options(instrument.gate.options)),
        "options": _options(shared),
        "reverse": [item.number for item in instrument.items if item.reverse],
        "items": [_item(item, shared) for item in instrument.items],
        "extra_items": [_extra(extra) for extra in instrument.extra_items],
        "no_total": instrument.no_total,
        "scales": [_scale(scale) for scale in instrument.scales],
        "partitions": [{"of": one.of, "scales": list(one.scales)} for one in instrument.partitions],
        **_rules(instrument),
        "norm_sets": [_norm_set(norms) for norms in instrument.norm_sets],
        "loinc": dict(instrument.loinc),
        "licence": _licence(instrument),
        "provenance": _provenance(instrument.provenance),
    }
    required = ("window", "scales", "norm_sets")
    return {name: value for name, value in data.items() if name in required or not _is_empty(value)}


def _is_empty(value: object) -> bool:
    return value is None or value is False or value == "" or value == [] or value == {}


def _full(**fields: object) -> Data:
    return {name: value for name, value in fields.items() if not _is_empty(value)}


def _ages(one: Any) -> Data:
    return _full(min=one.age_min, max=one.age_max)


def _respondents(instrument: Instrument) -> list[str]:
    return (
        [] if instrument.respondents == (Respondent.SELF,) else [one.value for one in instrument.respondents]
    )


def _shared_options(instrument: Instrument) -> tuple[Option, ...]:
    """The options most items have, so that a plain form reads as one."""
    found = [item.options for item in instrument.items if item.options]
    return max(found, key=found.count, default=())


def _options(options: tuple[Option, ...]) -> list[Data]:
    return [{"code": option.code, **_full(text=dict(option.text), value=option.value)} for option in options]


def _item(item: Item, shared: tuple[Option, ...]) -> Data:
    return {
        "n": item.number,
        **_full(
            text=dict(item.text),
            section=item.section,
            options=[] if item.options == shared else _options(item.options),
            entry=None if item.entry is None else _entry(item.entry),
            asked_of=None if item.asked_of is None else item.asked_of.value,
            loinc=item.loinc,
            refusal=item.refusal,
            blank_counts=item.blank_counts,
        ),
    }


def _entry(entry: Entry) -> Data:
    ends = {} if entry.kind is EntryKind.CLOCK else {"min": entry.low, "max": entry.high}
    if entry.kind is EntryKind.CLOCK and (entry.low, entry.high) != (0, 24):
        ends = {"min": entry.low, "max": entry.high}
    return {"kind": entry.kind.value, **ends, **_full(steps=_steps(entry.steps))}


def _steps(steps: tuple[Step, ...]) -> list[Data]:
    return [{"from": step.at_least, "value": step.value} for step in steps]


def _extra(extra: ExtraItem) -> Data:
    return _full(
        code=extra.code,
        text=dict(extra.text),
        options=_options(extra.options),
        loinc=extra.loinc,
        refusal=extra.refusal,
    )


def _scale(scale: Scale) -> Data:
    times: int | str = scale.times.numerator if scale.times.denominator == 1 else str(scale.times)
    return {
        "id": scale.id,
        "kind": scale.kind.value,
        "title": dict(scale.title),
        **_full(
            items=list(scale.items),
            at_least=scale.at_least,
            reach=_reach(scale.thresholds),
            least_answered=scale.least_answered,
            of=scale.of,
            times=None if times == 1 else times,
            parts=list(scale.parts),
            steps=_steps(scale.steps),
        ),
        **({"plus": scale.plus} if scale.plus else {}),
    }


def _reach(thresholds: Mapping[int, int]) -> list[Data]:
    by_value: dict[int, list[int]] = {}
    for number, value in thresholds.items():
        by_value.setdefault(value, []).append(number)
    return [{"items": numbers, "value": value} for value, numbers in by_value.items()]


def _norm_set(norms: NormSet) -> Data:
    return _full(
        id=norms.id,
        scales=list(norms.scales),
        default=norms.default,
        sex=None if norms.sex is None else norms.sex.value,
        age=_ages(norms),
        population=norms.population,
        year=norms.year,
        reference=norms.reference,
        mark=norms.mark.value,
        checked=list(norms.checked),
        bands=[_band(band) for band in norms.bands],
    )


def _band(band: Band) -> Data:
    return {"label": band.label, "min": band.low, ("below" if band.open_above else "max"): band.high}


def _rules(instrument: Instrument) -> Data:
    return {
        "ask_when": [
            {
                "questions": [_question(name) for name in rule.questions],
                "when": [_test(test) for test in rule.when],
                **({} if rule.match_all else {"match": "any"}),
                **({} if rule.value is None else {"value": rule.value}),
                **_full(ignore_given=rule.ignore_given),
            }
            for rule in instrument.ask_when
        ],
        "skips": [
            {
                "question": _question(rule.question),
                "codes": list(rule.codes),
                "skips": list(rule.skips),
                "value": rule.value,
            }
            for rule in instrument.skips
        ],
        "missing": {
            "rule": "prorated"
            if any(scale.least_answered for scale in instrument.scales)
            else "any_missing_is_null",
            **_full(
                prorating=instrument.missing.prorating,
                mark=None if instrument.missing.mark is None else instrument.missing.mark.value,
            ),
        },
        "validity": [
            {
                "id": rule.id,
                "tests": [_test(test) for test in rule.tests],
                "verdict": rule.verdict.value,
                "mark": rule.mark.value,
            }
            for rule in instrument.validity_rules
        ],
        "critical": [
            {
                "id": rule.id,
                "when": [_test(test) for test in rule.when],
                "action": rule.action.value,
                **_full(severe_at=rule.severe_at),
                "mark": rule.mark.value,
            }
            for rule in instrument.critical
        ],
        **_findings(instrument),
    }


def _findings(instrument: Instrument) -> Data:
    return {
        "flags": [
            {
                "id": rule.id,
                "match": _match(rule.match_all),
                "tests": [_test(test) for test in rule.tests],
                **_full(follow_up=rule.follow_up),
                "mark": rule.mark.value,
            }
            for rule in instrument.flags
        ],
        "classifications": [
            {
                "id": rule.id,
                "title": dict(rule.title),
                "grades": [
                    {
                        "label": grade.label,
                        **({"match": "all"} if grade.match_all else {}),
                        "tests": [_test(test) for test in grade.tests],
                    }
                    for grade in rule.grades
                ],
                "otherwise": rule.otherwise,
                "mark": rule.mark.value,
                **_full(reference=rule.reference),
            }
            for rule in instrument.classifications
        ],
        "follow_ups": [
            {
                "instrument": str(rule.instrument),
                **_full(flag=rule.flag, critical=rule.critical, age=_ages(rule)),
                "mark": rule.mark.value,
            }
            for rule in instrument.follow_ups
        ],
    }


def _match(match_all: bool) -> str:
    return "all" if match_all else "any"


def _question(name: str) -> int | str:
    return int(name) if name.isdigit() else name


def _test(test: Test) -> Data:
    match test:
        case CountTest():
            return {
                "reach": _reach(test.thresholds),
                "at_least": test.at_least,
                **_full(at_most=test.at_most),
            }
        case GroupTest():
            return {
                "groups": [list(group) for group in test.groups],
                "code": test.code,
                "at_least": test.at_least,
            }
        case AnswerTest():
            return {
                "item": _question(test.question),
                **_full(at_least=test.at_least, equals=test.equals, or_blank=test.or_blank),
            }
        case ScoreTest():
            return {"scale": test.scale, **_full(at_least=test.at_least, at_most=test.at_most)}


def _licence(instrument: Instrument) -> Data:
    licence = instrument.licence
    return {
        "summary": licence.summary,
        "granted_by": licence.granted_by,
        "credit_line": licence.credit_line,
        **_full(translation=licence.translation),
        "mark": licence.mark.value,
    }


def _provenance(provenance: Provenance) -> Data:
    wording = {
        "state": dict(provenance.wording_state),
        "sha256": dict(provenance.wording_sha256),
        **_full(sources=list(provenance.wording_sources)),
    }
    translations = {
        language: {
            "status": one.status.value,
            "translator": one.translator,
            **_full(reviewer=one.reviewer, reviewed_on=one.reviewed_on),
        }
        for language, one in provenance.translations.items()
    }
    return {
        "table_row": provenance.table_row,
        "key": "verified" if provenance.key_verified else "unverified",
        "key_sources": list(provenance.key_sources),
        **({"wording": wording} if any(wording.values()) else {}),
        **_full(translations=translations, notes=list(provenance.notes)),
    }
