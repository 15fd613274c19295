"""Scores, bands, critical answers and findings of one sheet. The same input always gives the same sheet."""

from collections.abc import Mapping, Sequence
from math import inf

from anxin.domains.instruments.contracts import (
    BandHit,
    CountTest,
    CriticalHit,
    CriticalLevel,
    CriticalRule,
    FlagRule,
    Instrument,
    KeyUnverified,
    NormSet,
    Scale,
    ScaleKind,
    Score,
    ScoreSheet,
    ScoreTest,
    Sex,
    Validity,
)
from anxin.domains.instruments.rules.answers import read_answers


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
    scores = _scores(instrument, sheet.values)
    bands, band_notes = _bands(instrument, scores, sex)
    return ScoreSheet(
        instrument=instrument.id,
        version=instrument.version,
        scores=scores,
        bands=bands,
        critical=critical_answers(instrument, sheet.codes),
        flags={rule.id: _finding(rule, sheet.values, scores) for rule in instrument.flags},
        validity=Validity(
            complete=not sheet.missing,
            missing=sheet.missing,
            age_in_range=_age_in_range(instrument, age),
            notes=sheet.notes + band_notes,
        ),
        key_hash=instrument.key_hash,
    )


def critical_answers(instrument: Instrument, codes: Mapping[str, int | None]) -> tuple[CriticalHit, ...]:
    """The critical rules met by the answers given so far, for a form that is not finished yet."""
    return tuple(hit for rule in instrument.critical if (hit := _critical_hit(rule, codes)) is not None)


def _scores(instrument: Instrument, values: Mapping[int, int]) -> dict[str, Score]:
    scores: dict[str, Score] = {}
    for scale in instrument.scales:
        derived = scale.kind is ScaleKind.LINEAR
        scores[scale.id] = _linear(scale, scores) if derived else _aggregate(scale, values)
    return scores


def _linear(scale: Scale, scores: Mapping[str, Score]) -> Score:
    base = scores[scale.of]
    # exact fractions, floor: 41 × 1.25 = 51.25 is 51, and a rounded 51.5 would move people across a band
    return None if base is None else int(base * scale.times // 1) + scale.plus


def _aggregate(scale: Scale, values: Mapping[int, int]) -> Score:
    if any(number not in values for number in scale.items):
        return None
    taken = [values[number] for number in scale.items]
    if scale.kind is ScaleKind.SUM:
        return sum(taken)
    if scale.kind is ScaleKind.MEAN:
        return sum(taken) / len(taken)
    counted = [value for value in taken if scale.at_least is not None and value >= scale.at_least]
    if scale.kind is ScaleKind.COUNT:
        return len(counted)
    return sum(counted) / len(counted) if counted else None


def _bands(
    instrument: Instrument, scores: Mapping[str, Score], sex: Sex | None
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
        hits.append(band_in(fitting[0], scale.id, value))
    return tuple(hits), tuple(notes)


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


def _finding(rule: FlagRule, values: Mapping[int, int], scores: Mapping[str, Score]) -> bool | None:
    """True or False only when no missing answer could change it."""
    results = [
        _count_result(test, values) if isinstance(test, CountTest) else _score_result(test, scores)
        for test in rule.tests
    ]
    decisive = not rule.match_all
    if decisive in results:
        return decisive
    return None if None in results else not decisive


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


def _age_in_range(instrument: Instrument, age: int | None) -> bool | None:
    if age is None:
        return None
    above = instrument.age_min is None or age >= instrument.age_min
    return above and (instrument.age_max is None or age <= instrument.age_max)
