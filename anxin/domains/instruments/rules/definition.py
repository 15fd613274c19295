"""Whether a definition makes sense, and the fingerprint of everything in it that can change a score."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from math import inf

from anxin.domains.instruments.contracts import (
    CountTest,
    CriticalRule,
    FlagRule,
    Instrument,
    Item,
    NormSet,
    Scale,
    ScaleKind,
    Texts,
)

_KEY_FIELDS = (
    "id",
    "version",
    "items",
    "extra_items",
    "gate",
    "skips",
    "scales",
    "missing",
    "norm_sets",
    "critical",
    "flags",
    "age_min",
    "age_max",
)
_NOT_KEY = frozenset({"text", "title", "loinc", "checked"})


def key_hash(instrument: Instrument) -> str:
    """SHA-256 of the key alone: a better translation keeps it, another cut-off or reversal changes it."""
    key = {name: _plain(getattr(instrument, name)) for name in _KEY_FIELDS}
    canonical = json.dumps(key, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def text_hash(instrument: Instrument, language: str) -> str:
    """SHA-256 of all shown wording in one language, to notice when a text drifts from the compared one."""
    joined = "\n".join(text.get(language, "") for text in _texts_of(instrument))
    return hashlib.sha256(joined.encode()).hexdigest()


def faults(instrument: Instrument) -> tuple[str, ...]:
    """Every contradiction a schema cannot see, each naming its place."""
    found = [*_item_faults(instrument), *_scale_faults(instrument)]
    if found:
        return tuple(found)
    return tuple(
        fault
        for check in (_norm_faults, _critical_faults, _flag_faults, _skip_faults, _wording_faults)
        for fault in check(instrument)
    )


def score_range(instrument: Instrument, scale: Scale) -> tuple[float, float]:
    """The least and the greatest score that can occur."""
    if scale.kind is ScaleKind.LINEAR:
        low, high = score_range(instrument, instrument.scale(scale.of))
        return (
            int(Fraction(low) * scale.times // 1) + scale.plus,
            int(Fraction(high) * scale.times // 1) + scale.plus,
        )
    items = [instrument.item(number) for number in scale.items]
    lows, highs = [min(item.codes) for item in items], [max(item.codes) for item in items]
    if scale.kind is ScaleKind.SUM:
        return sum(lows), sum(highs)
    if scale.kind is ScaleKind.COUNT:
        return 0, len(items)
    if scale.kind is ScaleKind.MEAN_OF_COUNTED:
        return scale.at_least or min(lows), max(highs)
    return sum(lows) / len(items), sum(highs) / len(items)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.name not in _NOT_KEY}
    if isinstance(value, Enum | Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value


def _item_faults(instrument: Instrument) -> Iterator[str]:
    numbers = [item.number for item in instrument.items]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"items are numbered {numbers}, expected 1 to {len(numbers)} in order"
    for item in instrument.items:
        if len(set(item.codes)) != len(item.codes):
            yield f"item {item.number}: a code is printed twice"
        if len(item.codes) < 2:
            yield f"item {item.number}: fewer than two options"
    extras = [extra.code for extra in instrument.extra_items]
    if len(set(extras)) != len(extras) or set(extras) & {str(number) for number in numbers}:
        yield "unscored items share a code"


def _scale_faults(instrument: Instrument) -> Iterator[str]:
    seen: set[str] = set()
    if not instrument.scales or instrument.scales[0].id != "total":
        yield "the first scale must be 'total'"
    for scale in instrument.scales:
        if scale.id in seen:
            yield f"scale {scale.id} is defined twice"
        if scale.kind is ScaleKind.LINEAR:
            if scale.of not in seen:
                yield f"scale {scale.id} derives from {scale.of!r}, which is not defined before it"
        elif not scale.items:
            yield f"scale {scale.id} has no items"
        unknown = sorted(number for number in scale.items if not 1 <= number <= len(instrument.items))
        if unknown:
            yield f"scale {scale.id} names items that do not exist: {unknown}"
        if len(set(scale.items)) != len(scale.items):
            yield f"scale {scale.id} counts an item twice"
        counts = scale.kind in (ScaleKind.COUNT, ScaleKind.MEAN_OF_COUNTED)
        if counts != (scale.at_least is not None):
            yield f"scale {scale.id}: at_least belongs to counting scales, and only to them"
        seen.add(scale.id)


def _norm_faults(instrument: Instrument) -> Iterator[str]:
    for norms in instrument.norm_sets:
        for scale_id in norms.scales:
            if scale_id not in {scale.id for scale in instrument.scales}:
                yield f"norm set {norms.id} names the unknown scale {scale_id!r}"
            else:
                yield from _band_faults(instrument, norms, instrument.scale(scale_id))
    for scale in instrument.scales:
        sexes = [norms.sex for norms in instrument.norm_sets if norms.default and scale.id in norms.scales]
        if len(set(sexes)) != len(sexes) or (None in sexes and len(sexes) > 1):
            yield f"scale {scale.id} has more than one default norm set for the same person"
    ids = [norms.id for norms in instrument.norm_sets]
    if len(set(ids)) != len(ids):
        yield "two norm sets share an id"


def _band_faults(instrument: Instrument, norms: NormSet, scale: Scale) -> Iterator[str]:
    where = f"norm set {norms.id}, scale {scale.id}"
    low, high = score_range(instrument, scale)
    whole = scale.kind not in (ScaleKind.MEAN, ScaleKind.MEAN_OF_COUNTED)
    expected = low
    for band in norms.bands:
        if band.low > band.high or (band.open_above and band.low == band.high):
            yield f"{where}: band {band.label!r} is empty"
        if band.low < expected:
            yield f"{where}: band {band.label!r} starts at {band.low:g} and overlaps the one before it"
        if band.low > expected:
            yield f"{where}: nothing covers {expected:g} up to {band.low:g}"
        if band.low > high:
            yield f"{where}: band {band.label!r} can never be reached"
        if not whole and not band.open_above and band is not norms.bands[-1]:
            yield f"{where}: band {band.label!r} of a mean must end with 'below'"
        expected = band.high + 1 if whole else band.high
    last = norms.bands[-1]
    if last.open_above or last.high != high:
        yield f"{where}: the bands end at {last.high:g}, the score ends at {high:g}"


def _question_codes(instrument: Instrument) -> dict[str, tuple[int, ...]]:
    codes = {str(item.number): item.codes for item in instrument.items}
    codes |= {extra.code: tuple(option.code for option in extra.options) for extra in instrument.extra_items}
    if instrument.gate is not None:
        codes["gate"] = tuple(option.code for option in instrument.gate.options)
    return codes


def _critical_faults(instrument: Instrument) -> Iterator[str]:
    known = _question_codes(instrument)
    for rule in instrument.critical:
        for test in rule.when:
            if test.question not in known:
                yield f"critical rule {rule.id} names the unknown item {test.question!r}"
            elif (test.at_least is None) == (test.equals is None):
                yield f"critical rule {rule.id}: give either at_least or equals"
            elif not any(test.met_by(code) for code in known[test.question]):
                yield f"critical rule {rule.id} can never fire on item {test.question}"
        yield from _severe_faults(rule, known)


def _severe_faults(rule: CriticalRule, known: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    highest = max((code for test in rule.when for code in known.get(test.question, ())), default=inf)
    if rule.severe_at is not None and rule.severe_at > highest:
        yield f"critical rule {rule.id}: severe_at {rule.severe_at} is never answered"


def _flag_faults(instrument: Instrument) -> Iterator[str]:
    scales = {scale.id for scale in instrument.scales}
    for rule in instrument.flags:
        for test in rule.tests:
            if isinstance(test, CountTest):
                yield from _count_faults(rule, test, instrument.items)
            elif test.scale not in scales:
                yield f"flag {rule.id} names the unknown scale {test.scale!r}"


def _count_faults(rule: FlagRule, test: CountTest, items: tuple[Item, ...]) -> Iterator[str]:
    for number, threshold in test.thresholds.items():
        if not 1 <= number <= len(items):
            yield f"flag {rule.id} names item {number}, which does not exist"
        elif threshold > max(items[number - 1].codes):
            yield f"flag {rule.id}: item {number} never reaches {threshold}"
    if test.at_least > len(test.thresholds):
        yield f"flag {rule.id} asks for more items than it counts"


def _skip_faults(instrument: Instrument) -> Iterator[str]:
    known = _question_codes(instrument)
    for rule in instrument.skips:
        if rule.question not in known:
            yield f"skip rule names the unknown item {rule.question!r}"
        elif not set(rule.codes) <= set(known[rule.question]):
            yield f"skip rule on {rule.question} names a code that is not printed"
        if not set(rule.skips) <= {item.number for item in instrument.items}:
            yield f"skip rule on {rule.question} skips an item that does not exist"


def _wording_faults(instrument: Instrument) -> Iterator[str]:
    state = instrument.provenance.wording_state
    for language in sorted({language for text in _texts_of(instrument) for language in text}):
        if state.get(language) != "two-sources":
            yield f"wording in {language} is shown but its state is {state.get(language, 'not given')!r}"
        elif text_hash(instrument, language) != instrument.provenance.wording_sha256.get(language):
            yield f"wording in {language} differs from the text that was compared (sha256)"


def _texts_of(instrument: Instrument) -> list[Texts]:
    """All wording: the introduction, then the questions, then their options."""
    texts = [instrument.instruction, instrument.stem]
    texts += [question.text for question in instrument.questions]
    texts += [option.text for question in instrument.questions for option in question.options]
    return texts
