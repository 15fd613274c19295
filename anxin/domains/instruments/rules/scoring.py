"""Scores, bands, critical answers and findings of one sheet. The same input always gives the same sheet."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import inf

from anxin.domains.instruments.contracts import (
    AnswerTest,
    BandHit,
    Classification,
    CountTest,
    CriticalHit,
    CriticalLevel,
    CriticalRule,
    FlagRule,
    FollowUp,
    GroupTest,
    Instrument,
    InstrumentId,
    KeyUnverified,
    NormSet,
    Scale,
    ScaleKind,
    Score,
    ScoreSheet,
    ScoreTest,
    Sex,
    Test,
    Validity,
    Verdict,
)
from anxin.domains.instruments.rules.answers import AnswerSheet, minutes_in_bed, read_answers, step_value
from anxin.domains.instruments.rules.branching import answer_result, combine

_SEVERITY = (Verdict.VALID, Verdict.DOUBTFUL, Verdict.VOID)


def score(
    instrument: Instrument,
    answers: Sequence[object],
    *,
    age: int | None = None,
    sex: Sex | None = None,
) -> ScoreSheet:
    """Score printed codes in form order.

    Raises ``BadAnswers`` when they do not fit the form, and ``KeyUnverified`` for a key nobody can stand for.
    """
    if not instrument.offered:
        raise KeyUnverified(f"{instrument.id} is not offered: its scoring key is unverified")
    sheet = read_answers(instrument, answers, sex)
    scores = scale_scores(instrument, sheet.values)
    verdict = _verdict(instrument, sheet, scores)
    bands, band_notes = ((), ()) if verdict is Verdict.VOID else _bands(instrument, scores, age, sex)
    classes, class_notes = _classes(instrument, sheet, scores)
    return ScoreSheet(
        instrument=instrument.id,
        version=instrument.version,
        scores=scores,
        bands=bands,
        critical=critical_answers(instrument, sheet.codes),
        flags={rule.id: _finding(rule, sheet, scores) for rule in instrument.flags},
        validity=Validity(
            complete=not sheet.missing,
            missing=sheet.missing,
            age_in_range=_age_in_range(instrument, age),
            notes=sheet.notes + band_notes + class_notes,
            verdict=verdict,
        ),
        key_hash=instrument.key_hash,
        classes=classes,
    )


def critical_answers(instrument: Instrument, codes: Mapping[str, int | None]) -> tuple[CriticalHit, ...]:
    """The critical rules met by the answers given so far, for a form that is not finished yet."""
    return tuple(hit for rule in instrument.critical if (hit := _critical_hit(rule, codes)) is not None)


def follow_ups(instrument: Instrument, sheet: ScoreSheet, *, age: int | None = None) -> tuple[FollowUp, ...]:
    """What is asked next because of this sheet, in the order of the file, each instrument once.

    Without an age every rule that ages would choose between is kept: a person then chooses.
    """
    fired = {hit.rule for hit in sheet.critical}
    wanted = [
        FollowUp(InstrumentId(rule.instrument), rule.critical or rule.flag, rule.mark)
        for rule in instrument.follow_ups
        if (rule.critical in fired if rule.critical else sheet.flags.get(rule.flag) is True)
        and (age is None or rule.age_min is None or age >= rule.age_min)
        and (age is None or rule.age_max is None or age <= rule.age_max)
    ]
    wanted += [
        FollowUp(InstrumentId(flag.follow_up), flag.id, flag.mark)
        for flag in instrument.flags
        if flag.follow_up and sheet.flags.get(flag.id) is True
    ]
    first: dict[InstrumentId, FollowUp] = {}
    for follow_up in wanted:
        first.setdefault(follow_up.instrument, follow_up)
    return tuple(first.values())


def scale_scores(instrument: Instrument, values: Mapping[int, int]) -> dict[str, Score]:
    """Every scale in the order of the file; a derived one may stand before what it derives from."""
    known: dict[str, Score] = {}
    by_id = {scale.id: scale for scale in instrument.scales}

    def resolve(scale: Scale) -> Score:
        if scale.id not in known:
            for part in (*scale.parts, *((scale.of,) if scale.of else ())):
                resolve(by_id[part])
            known[scale.id] = _scale_score(scale, known, values)
        return known[scale.id]

    return {scale.id: resolve(scale) for scale in instrument.scales}


def _scale_score(scale: Scale, known: Mapping[str, Score], values: Mapping[int, int]) -> Score:
    match scale.kind:
        case ScaleKind.LINEAR:
            base = known[scale.of]
            # exact fractions, floor: 41 × 1.25 = 51.25 is 51, and a rounded 51.5 would move people across a band
            return None if base is None else int(base * scale.times // 1) + scale.plus
        case ScaleKind.SUM_OF:
            parts = [known[part] for part in scale.parts]
            return None if None in parts else sum(part for part in parts if part is not None)
        case ScaleKind.STEPS:
            base = known[scale.of] if scale.of else _aggregate(scale, ScaleKind.SUM, values)
            return None if base is None else step_value(scale.steps, base)
        case ScaleKind.SLEEP_EFFICIENCY:
            return _sleep_efficiency(scale, values)
        case kind:
            return _aggregate(scale, kind, values)


def _sleep_efficiency(scale: Scale, values: Mapping[int, int]) -> Score:
    if any(number not in values for number in scale.items):
        return None
    bed, rise, asleep = (values[number] for number in scale.items)
    return 100 * asleep / minutes_in_bed(bed, rise)


def _aggregate(scale: Scale, kind: ScaleKind, values: Mapping[int, int]) -> Score:
    taken = [values[number] for number in scale.items if number in values]
    if len(taken) < (len(scale.items) if scale.least_answered is None else scale.least_answered):
        return None
    if kind is ScaleKind.SUM:
        return _filled_in(sum(taken), len(taken), len(scale.items))
    if kind is ScaleKind.MEAN:
        return sum(taken) / len(taken)
    if scale.thresholds:
        return sum(values[number] >= scale.thresholds[number] for number in scale.items)
    counted = [value for value in taken if scale.at_least is not None and value >= scale.at_least]
    if kind is ScaleKind.COUNT:
        return len(counted)
    return sum(counted) / len(counted) if counted else None


def _filled_in(total: int, answered: int, items: int) -> int:
    """A sum with the missing answers at the mean of the others, rounded half up: 4 on 3 of 5 items is 7."""
    if answered == items:
        return total
    return int(Fraction(total * items, answered) + Fraction(1, 2))


def _bands(
    instrument: Instrument, scores: Mapping[str, Score], age: int | None, sex: Sex | None
) -> tuple[tuple[BandHit, ...], tuple[str, ...]]:
    hits: list[BandHit] = []
    notes: list[str] = []
    for scale in instrument.scales:
        value = scores[scale.id]
        sets = [norms for norms in instrument.norm_sets if norms.default and scale.id in norms.scales]
        if value is None or not sets:
            continue
        fitting = [norms for norms in sets if norms.sex is None or norms.sex is sex]
        if not fitting:
            notes.append(f"sex_needed:{scale.id}")
            continue
        aged = [norms for norms in fitting if _age_fits(norms, age)]
        if not aged:
            notes.append(f"{'age_needed' if age is None else 'no_norm_for_age'}:{scale.id}")
            continue
        hits.append(band_in(aged[0], scale.id, value))
    return tuple(hits), tuple(notes)


def _age_fits(norms: NormSet, age: int | None) -> bool:
    if norms.age_min is None and norms.age_max is None:
        return True
    if age is None:
        return False
    return (norms.age_min is None or age >= norms.age_min) and (norms.age_max is None or age <= norms.age_max)


def band_in(norms: NormSet, scale_id: str, value: float) -> BandHit:
    """The band of a score in a chosen norm set; definitions are checked to leave no gap."""
    band = next(band for band in norms.bands if band.holds(value))
    return BandHit(
        scale=scale_id,
        label=band.label,
        norm_set=norms.id,
        population=norms.population,
        reference=norms.reference,
        mark=norms.mark,
    )


def _critical_hit(rule: CriticalRule, codes: Mapping[str, int | None]) -> CriticalHit | None:
    if not all(test.met_by(codes.get(test.question)) for test in rule.when):
        return None
    given = tuple(code for test in rule.when if (code := codes.get(test.question)) is not None)
    severe = rule.severe_at is not None and max(given) >= rule.severe_at
    return CriticalHit(
        rule=rule.id,
        questions=tuple(test.question for test in rule.when),
        codes=given,
        action=rule.action,
        level=CriticalLevel.SEVERE if severe else CriticalLevel.CRITICAL,
    )


def _finding(rule: FlagRule, sheet: AnswerSheet, scores: Mapping[str, Score]) -> bool | None:
    """True or False only when no missing answer could change it."""
    return _all_or_any(rule.tests, rule.match_all, sheet, scores)


def _all_or_any(
    tests: tuple[Test, ...], match_all: bool, sheet: AnswerSheet, scores: Mapping[str, Score]
) -> bool | None:
    return combine([_result(test, sheet, scores) for test in tests], match_all=match_all)


def _result(test: Test, sheet: AnswerSheet, scores: Mapping[str, Score]) -> bool | None:
    match test:
        case CountTest():
            return _count_result(test, sheet.values)
        case GroupTest():
            return _group_result(test, sheet)
        case AnswerTest():
            return answer_result(test, sheet.codes, sheet.unasked)
        case ScoreTest():
            return _score_result(test, scores)


def _score_result(test: ScoreTest, scores: Mapping[str, Score]) -> bool | None:
    value = scores[test.scale]
    if value is None:
        return None
    reached = test.at_least is None or value >= test.at_least
    return reached and (test.at_most is None or value <= test.at_most)


def _count_result(test: CountTest, values: Mapping[int, int]) -> bool | None:
    reached = sum(values.get(number, -inf) >= threshold for number, threshold in test.thresholds.items())
    possible = reached + sum(number not in values for number in test.thresholds)
    ceiling = len(test.thresholds) if test.at_most is None else test.at_most
    if reached >= test.at_least and possible <= ceiling:
        return True
    if possible < test.at_least or reached > ceiling:
        return False
    return None


def _group_result(test: GroupTest, sheet: AnswerSheet) -> bool | None:
    reached = possible = 0
    for group in test.groups:
        results = [
            answer_result(AnswerTest(str(number), at_least=test.code), sheet.codes, sheet.unasked)
            for number in group
        ]
        met = combine(results, match_all=False)
        reached += met is True
        possible += met is not False
    if reached >= test.at_least:
        return True
    return False if possible < test.at_least else None


def _classes(
    instrument: Instrument, sheet: AnswerSheet, scores: Mapping[str, Score]
) -> tuple[dict[str, str | None], tuple[str, ...]]:
    classes: dict[str, str | None] = {}
    notes: list[str] = []
    for rule in instrument.classifications:
        label, least = _grade(rule, sheet, scores)
        classes[rule.id] = label
        if label is None:
            notes.append(f"at_least:{rule.id}:{least}")
    return classes, tuple(notes)


def _grade(rule: Classification, sheet: AnswerSheet, scores: Mapping[str, Score]) -> tuple[str | None, str]:
    """The grade, ``None`` while a missing answer could raise it; and the least it is already."""
    open_above = False
    for grade in rule.grades:
        met = _all_or_any(grade.tests, grade.match_all, sheet, scores)
        if met:
            return (None if open_above else grade.label), grade.label
        open_above = open_above or met is None
    return (None if open_above else rule.otherwise), rule.otherwise


def _verdict(instrument: Instrument, sheet: AnswerSheet, scores: Mapping[str, Score]) -> Verdict:
    verdicts = [
        rule.verdict
        for rule in instrument.validity_rules
        if _all_or_any(rule.tests, True, sheet, scores) is True
    ]
    return max(verdicts, key=_SEVERITY.index, default=Verdict.VALID)


def _age_in_range(instrument: Instrument, age: int | None) -> bool | None:
    if age is None:
        return None
    above = instrument.age_min is None or age >= instrument.age_min
    return above and (instrument.age_max is None or age <= instrument.age_max)
