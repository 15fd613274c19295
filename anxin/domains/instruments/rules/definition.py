"""Whether a definition makes sense: every contradiction a schema cannot see, each naming its place."""

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from math import inf

from anxin.domains.instruments.contracts import (
    Channel,
    EntryKind,
    Instrument,
    Item,
    Mode,
    NormSet,
    Question,
    Respondent,
    Scale,
    ScaleKind,
    Step,
    Texts,
    TranslationStatus,
)
from anxin.domains.instruments.rules.findings import rule_faults
from anxin.domains.instruments.rules.fingerprint import key_hash, text_hash, wording
from anxin.domains.instruments.rules.ranges import (
    entry_bounds,
    item_ends,
    score_range,
    stepped_range,
    whole_numbered,
)

__all__ = ["faults", "key_hash", "score_range", "text_hash"]

_COMPARED = "two-sources"
_FROM_ITEMS = (ScaleKind.SUM, ScaleKind.MEAN, ScaleKind.COUNT, ScaleKind.MEAN_OF_COUNTED)


def faults(instrument: Instrument) -> tuple[str, ...]:
    """The later checks rest on the earlier ones, so a fault in the items or scales is told alone."""
    found = [*_item_faults(instrument), *_scale_faults(instrument)]
    if not found:
        found = [*_derived_faults(instrument), *_step_faults(instrument)]
    if found:
        return tuple(found)
    checks = (
        _norm_faults,
        rule_faults,
        _partition_faults,
        _unused_item_faults,
        _offer_faults,
        _wording_faults,
    )
    return tuple(fault for check in checks for fault in check(instrument))


def _item_faults(instrument: Instrument) -> Iterator[str]:
    numbers = [item.number for item in instrument.items]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"items are numbered {numbers}, expected 1 to {len(numbers)} in order"
    for item in instrument.items:
        if item.entry is not None:
            yield from _entry_faults(item)
        else:
            yield from _option_faults(f"item {item.number}", item)
        if item.reverse and any(option.value is not None for option in item.options):
            yield f"item {item.number} is reversed and also says what its options count"
        if item.refusal is not None and item.refusal in item.codes:
            yield f"item {item.number}: code {item.refusal} is both an option and the refusal"
    for extra in instrument.extra_items:
        yield from _option_faults(f"item {extra.code}", extra)
    if instrument.gate is not None:
        yield from _option_faults("the opening question", instrument.gate)
    extras = [extra.code for extra in instrument.extra_items]
    if len(set(extras)) != len(extras) or set(extras) & {str(number) for number in numbers}:
        yield "unscored items share a code"


def _option_faults(where: str, question: Question) -> Iterator[str]:
    codes = [option.code for option in question.options]
    if len(set(codes)) != len(codes):
        yield f"{where}: a code is printed twice"
    if len(codes) < 2:
        yield f"{where}: fewer than two options"


def _entry_faults(item: Item) -> Iterator[str]:
    entry = item.entry
    if entry is None:
        return
    where = f"item {item.number}"
    if item.options or item.reverse:
        yield f"{where} is written and cannot have options or be reversed"
    if entry.low > entry.high:
        yield f"{where}: the least answer {entry.low} is above the greatest {entry.high}"
    elif entry.steps:
        yield from _steps_faults(where, entry.steps, *entry_bounds(item))


def _steps_faults(where: str, steps: tuple[Step, ...], low: float, high: float) -> Iterator[str]:
    starts = [step.at_least for step in steps]
    if starts != sorted(set(starts)):
        yield f"{where}: the steps do not rise"
    if starts[0] > low:
        yield f"{where}: no step covers {low:g} up to {starts[0]}"
    if starts[-1] > high:
        yield f"{where}: the step from {starts[-1]} can never be reached"


def _scale_faults(instrument: Instrument) -> Iterator[str]:
    ids = [scale.id for scale in instrument.scales]
    if instrument.no_total:
        if "total" in ids:
            yield "no_total is given and there is a scale 'total'"
    elif not ids or ids[0] != "total":
        yield "the first scale must be 'total', or no_total must say why there is none"
    for scale_id in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"scale {scale_id} is defined twice"
    for scale in instrument.scales:
        yield from _one_scale_faults(instrument, scale)


def _one_scale_faults(instrument: Instrument, scale: Scale) -> Iterator[str]:
    where = f"scale {scale.id}"
    takes_items = scale.kind in (*_FROM_ITEMS, ScaleKind.SLEEP_EFFICIENCY)
    if takes_items and not scale.items:
        yield f"{where} has no items"
    if scale.kind is ScaleKind.STEPS and bool(scale.items) == bool(scale.of):
        yield f"{where} takes its steps over either items or another scale"
    if scale.kind in (ScaleKind.LINEAR, ScaleKind.SUM_OF) and scale.items:
        yield f"{where} derives from other scales and cannot name items"
    unknown = sorted(number for number in scale.items if not 1 <= number <= len(instrument.items))
    if unknown:
        yield f"{where} names items that do not exist: {unknown}"
    if len(set(scale.items)) != len(scale.items):
        yield f"{where} counts an item twice"
    counts = scale.kind in (ScaleKind.COUNT, ScaleKind.MEAN_OF_COUNTED)
    if counts != (scale.at_least is not None or bool(scale.thresholds)):
        yield f"{where}: at_least belongs to counting scales, and only to them"
    if scale.thresholds and (scale.kind is not ScaleKind.COUNT or set(scale.thresholds) != set(scale.items)):
        yield f"{where}: thresholds belong to a count and name exactly its items"
    if (scale.kind is ScaleKind.STEPS) != bool(scale.steps):
        yield f"{where}: steps belong to stepped scales, and only to them"
    if (scale.kind is ScaleKind.SUM_OF) != bool(scale.parts):
        yield f"{where}: parts belong to a sum of scales, and only to it"
    if scale.least_answered is not None:
        fills = scale.kind in (ScaleKind.SUM, ScaleKind.MEAN)
        if not fills or not 1 <= scale.least_answered <= len(scale.items):
            yield f"{where}: least_answered must be 1 to the number of its items, on a sum or a mean"
    if scale.kind is ScaleKind.SLEEP_EFFICIENCY and not unknown:
        kinds = [entry and entry.kind for entry in (instrument.item(number).entry for number in scale.items)]
        if kinds != [EntryKind.CLOCK, EntryKind.CLOCK, EntryKind.HOURS]:
            yield f"{where} takes a bed time, a rising time and the hours asleep"


def _derived_faults(instrument: Instrument) -> Iterator[str]:
    sources = {scale.id: (*scale.parts, *((scale.of,) if scale.of else ())) for scale in instrument.scales}
    for scale in instrument.scales:
        if scale.kind is ScaleKind.LINEAR and not scale.of:
            yield f"scale {scale.id} does not say what it derives from"
        if len(set(scale.parts)) != len(scale.parts):
            yield f"scale {scale.id} adds a scale twice"
        for source in sources[scale.id]:
            if source not in sources:
                yield f"scale {scale.id} derives from {source!r}, which is not defined"
            elif _reaches(source, scale.id, sources, set()):
                yield f"scale {scale.id} derives from itself"


def _reaches(start: str, wanted: str, sources: Mapping[str, tuple[str, ...]], seen: set[str]) -> bool:
    if start == wanted:
        return True
    if start in seen:
        return False
    seen.add(start)
    return any(_reaches(source, wanted, sources, seen) for source in sources.get(start, ()))


def _step_faults(instrument: Instrument) -> Iterator[str]:
    if any(_derived_faults(instrument)):
        return
    for scale in instrument.scales:
        if scale.kind is ScaleKind.STEPS:
            yield from _steps_faults(f"scale {scale.id}", scale.steps, *stepped_range(instrument, scale))
        for number, threshold in scale.thresholds.items():
            low, high = item_ends(instrument.item(number))
            if not low < threshold <= high:
                yield f"scale {scale.id}: item {number} reaches {threshold} always or never"


def _norm_faults(instrument: Instrument) -> Iterator[str]:
    known = {scale.id for scale in instrument.scales}
    for norms in instrument.norm_sets:
        if norms.age_min is not None and norms.age_max is not None and norms.age_min > norms.age_max:
            yield f"norm set {norms.id}: no age is from {norms.age_min} to {norms.age_max}"
        labels = [band.label for band in norms.bands]
        for label in sorted({label for label in labels if labels.count(label) > 1}):
            yield f"norm set {norms.id}: band {label!r} stands twice"
        for scale_id in norms.scales:
            if scale_id not in known:
                yield f"norm set {norms.id} names the unknown scale {scale_id!r}"
            else:
                yield from _band_faults(instrument, norms, instrument.scale(scale_id))
    for scale in instrument.scales:
        defaults = [norms for norms in instrument.norm_sets if norms.default and scale.id in norms.scales]
        if any(_same_person(one, other) for one, other in combinations(defaults, 2)):
            yield f"scale {scale.id} has more than one default norm set for the same person"
    ids = [norms.id for norms in instrument.norm_sets]
    if len(set(ids)) != len(ids):
        yield "two norm sets share an id"


def _same_person(one: NormSet, other: NormSet) -> bool:
    sex_apart = one.sex is not None and other.sex is not None and one.sex is not other.sex
    ages = [
        (-inf if norms.age_min is None else norms.age_min, inf if norms.age_max is None else norms.age_max)
        for norms in (one, other)
    ]
    ages_apart = ages[0][1] < ages[1][0] or ages[1][1] < ages[0][0]
    return not (sex_apart or ages_apart)


def _band_faults(instrument: Instrument, norms: NormSet, scale: Scale) -> Iterator[str]:
    where = f"norm set {norms.id}, scale {scale.id}"
    low, high = score_range(instrument, scale)
    whole = whole_numbered(scale)
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


def _partition_faults(instrument: Instrument) -> Iterator[str]:
    known = {scale.id: scale for scale in instrument.scales}
    for partition in instrument.partitions:
        missing = [name for name in (partition.of, *partition.scales) if name not in known]
        if missing:
            yield f"a partition names the unknown scale {missing[0]!r}"
            continue
        shared: dict[int, str] = {}
        for name in partition.scales:
            for number in known[name].items:
                if number in shared:
                    yield f"item {number} is in both {shared[number]} and {name}, which share out {partition.of}"
                shared.setdefault(number, name)
        whole = set(known[partition.of].items)
        for number in sorted(whole - set(shared)):
            yield f"item {number} of {partition.of} is in none of the scales that share it out"
        for number in sorted(set(shared) - whole):
            yield f"item {number} is in {shared[number]} and not in {partition.of}"


def _unused_item_faults(instrument: Instrument) -> Iterator[str]:
    used = {number for scale in instrument.scales for number in scale.items}
    tests = [test for rule in instrument.critical for test in rule.when]
    graded = [test for rule in instrument.classifications for grade in rule.grades for test in grade.tests]
    named = {getattr(test, "question", "") for test in (*tests, *graded)}
    for item in instrument.items:
        if item.number not in used and str(item.number) not in named:
            yield f"item {item.number} is in no scale and no rule"


def _offer_faults(instrument: Instrument) -> Iterator[str]:
    if (instrument.age_min or 0) > (inf if instrument.age_max is None else instrument.age_max):
        yield f"no age is from {instrument.age_min} to {instrument.age_max}"
    public = Channel.PUBLIC in instrument.channels
    if public and instrument.mode is Mode.STAFF:
        yield "mode S3 is for professional channels, and the public channel is open"
    if public and instrument.mode is Mode.KEY_ONLY:
        yield "mode K has no wording to put before the public, and the public channel is open"
    if public and instrument.disclosure == "staff_only":
        yield "disclosure is staff_only, and the public channel is open"
    if public and Respondent.CLINICIAN in instrument.respondents:
        yield "a clinician's rating cannot be on the public channel"
    if (instrument.mode is Mode.PACK) != bool(instrument.pack):
        yield "mode S2 names its pack, and only mode S2 does"


def _wording_faults(instrument: Instrument) -> Iterator[str]:
    provenance = instrument.provenance
    shown = sorted({language for text in wording(instrument) for language in text})
    if shown and instrument.mode is Mode.KEY_ONLY:
        yield f"mode K must not carry wording, and there is some in {', '.join(shown)}"
    for language in shown:
        if language in provenance.translations:
            yield from _translation_faults(instrument, language)
        elif provenance.wording_state.get(language) != _COMPARED:
            state = provenance.wording_state.get(language, "not given")
            yield f"wording in {language} is shown but its state is {state!r}"
        if text_hash(instrument, language) != provenance.wording_sha256.get(language):
            yield f"wording in {language} differs from the text that was compared (sha256)"
        yield from _coverage_faults(instrument, language)
    for language in sorted(set(provenance.translations) - set(shown)):
        yield f"a translation to {language} is named and there is no text in it"


def _translation_faults(instrument: Instrument, language: str) -> Iterator[str]:
    translation = instrument.provenance.translations[language]
    if instrument.provenance.wording_state.get(language) == _COMPARED:
        yield f"wording in {language} is both compared with sources and our own translation"
    approved = translation.status is TranslationStatus.APPROVED
    if approved and not (translation.reviewer and translation.reviewed_on):
        yield f"the translation to {language} is approved without a named reviewer and a date"
    if approved and translation.reviewer == translation.translator:
        yield f"the translation to {language} was approved by its own translator"


def _coverage_faults(instrument: Instrument, language: str) -> Iterator[str]:
    with_text = [item for item in instrument.items if language in item.text]
    if with_text and len(with_text) < len(instrument.items):
        lacking = [item.number for item in instrument.items if language not in item.text]
        yield f"wording in {language} lacks the items {lacking}"
    sections = {section.id for section in instrument.sections}
    for item in instrument.items:
        if item.section and item.section not in sections:
            yield f"item {item.number} stands in the unknown section {item.section!r}"
    for one, other in pairwise(sorted(with_text, key=lambda item: (item.section, item.text[language]))):
        if (one.section, _folded(one.text, language)) == (other.section, _folded(other.text, language)):
            yield f"items {one.number} and {other.number} have the same wording in {language}"


def _folded(text: Texts, language: str) -> str:
    return " ".join(text[language].casefold().split())
