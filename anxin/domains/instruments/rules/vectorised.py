"""Scoring a frame of sheets at once: the same scores, bands, critical answers and findings as :func:`scoring.score`.

For files and for scoring old results again. The definition is compiled once into columns; :meth:`FrameScorer.sheets`
gives whole score sheets, which a property test compares with the ordinary scoring over all instruments. What does not
fit the form is not scored here: ``fits`` is false, and the ordinary scoring says why.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

import polars as pl

from anxin.domains.instruments.contracts import (
    AnswerTest,
    BadAnswers,
    Band,
    Classification,
    CountTest,
    CriticalHit,
    CriticalLevel,
    CriticalRule,
    GroupTest,
    Instrument,
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
from anxin.domains.instruments.rules.answers import read_answers
from anxin.domains.instruments.rules.columns import (
    NARROW,
    Note,
    Reading,
    all_of,
    any_of,
    code,
    codes_frame,
    column_of,
    in_bed,
    is_met,
    joined,
    questions_of,
    stepped,
    sum_of,
    unasked,
    value,
)
from anxin.domains.instruments.rules.scoring import band_in

_SEVERITY = (Verdict.VALID, Verdict.DOUBTFUL, Verdict.VOID)
_WHOLE = pl.Int64


_scorers: dict[str, "FrameScorer"] = {}


def score_many(
    instrument: Instrument,
    forms: Sequence[Sequence[object]],
    *,
    ages: Sequence[int | None] | None = None,
    sexes: Sequence[Sex | None] | None = None,
) -> list[ScoreSheet]:
    """Many forms of the same length, each as :func:`scoring.score` takes one. Raises what it raises."""
    if not forms:
        return []
    columns = _columns_of_length(instrument, len(forms[0]))
    if len({len(form) for form in forms}) > 1:
        raise BadAnswers(("the forms have different lengths",))
    frame = pl.DataFrame(
        [_series(name, [form[place] for form in forms]) for place, name in enumerate(columns)]
    )
    if ages is not None:
        frame = frame.with_columns(pl.Series("age", ages, dtype=pl.Int32))
    if sexes is not None:
        frame = frame.with_columns(pl.Series("sex", sexes, dtype=pl.String))
    if instrument.key_hash not in _scorers:
        _scorers[instrument.key_hash] = FrameScorer(instrument)
    return list(_scorers[instrument.key_hash].sheets(frame))


def _columns_of_length(instrument: Instrument, length: int) -> list[str]:
    items = [f"q{item.number}" for item in instrument.items]
    forms = [items, [*items, *(column_of(instrument, extra.code) for extra in instrument.extra_items)]]
    if instrument.gate is not None:
        forms.append(["gate", *items])
    for columns in reversed(forms):
        if len(columns) == length:
            return columns
    raise BadAnswers((f"{instrument.id} has no form with {length} answers",))


def _series(name: str, answers: Sequence[object]) -> pl.Series:
    """Whole numbers as they are; anything else as an object, which is then read one by one."""
    whole = all(answer is None or type(answer) is int for answer in answers)
    return pl.Series(name, answers, dtype=pl.Int64 if whole else pl.Object)


def scored(scale_id: str) -> pl.Expr:
    return pl.col(f"score:{scale_id}")


class FrameScorer:
    """One instrument, compiled. Raises ``KeyUnverified`` for a key nobody can stand for."""

    def __init__(self, instrument: Instrument) -> None:
        if not instrument.offered:
            raise KeyUnverified(f"{instrument.id} is not offered: its scoring key is unverified")
        self.instrument = instrument
        self.bands = self._all_bands()
        """By scale, every band it can fall in by default; a scored frame names one by its place here."""
        reading = Reading.of(instrument)
        self._missing = reading.missing
        self._notes: list[Note] = list(reading.notes)
        self._steps = reading.steps
        self._steps += self._scale_steps()
        self._steps.append(self._verdict())
        self._steps.append([*self._bands(), *self._critical(), *self._flags(), *self._grade_tests()])
        self._steps.append(self._classes())
        self._steps.append([(~any_of(self._missing.values())).alias("complete"), self._in_age()])

    def score(self, answers: pl.DataFrame) -> pl.DataFrame:
        """``answers``: q1, q2, ... as printed codes, null = missing; ``gate``, ``age``, ``sex`` where there are such.

        Rows keep their order. Where ``fits`` is false nothing else in the row means anything.
        """
        frame = codes_frame(self.instrument, answers).lazy()
        for step in self._steps:
            frame = frame.with_columns(step)
        return self._with_remarks(frame.collect())

    def sheets(self, answers: pl.DataFrame) -> Iterator[ScoreSheet]:
        """Whole score sheets. Raises ``BadAnswers`` naming the first row that does not fit the form."""
        frame = self.score(answers)
        if not frame["fits"].all():
            self._refuse(answers, frame["fits"].to_list().index(False))
        for row in frame.iter_rows(named=True):
            yield self._sheet(row)

    def _refuse(self, answers: pl.DataFrame, place: int) -> None:
        row = answers.row(place, named=True)
        columns = [column_of(self.instrument, name) for name in questions_of(self.instrument)]
        try:
            read_answers(self.instrument, [row[name] for name in columns if name in row], None)
        except BadAnswers as error:
            raise BadAnswers(tuple(f"row {place + 1}: {fault}" for fault in error.faults)) from None
        raise BadAnswers((f"row {place + 1} does not fit the form",))

    def _kept(self) -> list[str]:
        instrument = self.instrument
        answered = dict.fromkeys(test.question for rule in instrument.critical for test in rule.when)
        return [
            *("fits", "complete", "age_in_range", "verdict"),
            *(f"score:{scale.id}" for scale in instrument.scales),
            *(f"band:{scale_id}" for scale_id in self.bands),
            *(f"critical:{rule.id}" for rule in instrument.critical),
            *(f"code:{question}" for question in answered),
            *(f"flag:{rule.id}" for rule in instrument.flags),
            *(f"class:{rule.id}" for rule in instrument.classifications),
        ]

    def _with_remarks(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Missing items and notes as text. Few sheets have any, so only those pay for it."""
        remarks = any_of([~pl.col("complete"), *(condition for condition, _ in self._notes)])
        places = frame.select(remarks.fill_null(False).arg_true()).to_series()
        missing = [pl.when(gap).then(pl.lit(str(number))) for number, gap in self._missing.items()]
        notes = [pl.when(condition).then(pl.lit(note)) for condition, note in self._notes]
        texts = frame[places].select(
            places.cast(pl.UInt32).alias("place"),
            joined(missing, " ").alias("missing"),
            joined(notes, " ").alias("notes"),
        )
        rows = pl.DataFrame({"place": pl.int_range(frame.height, dtype=pl.UInt32, eager=True)})
        spread = rows.join(texts, on="place", how="left", maintain_order="left").drop("place")
        return frame.select(self._kept()).hstack(spread)

    def _in_age(self) -> pl.Expr:
        age, least, most = pl.col("age"), self.instrument.age_min, self.instrument.age_max
        conditions = [] if least is None else [age >= least]
        conditions += [] if most is None else [age <= most]
        return pl.when(age.is_not_null()).then(all_of(conditions)).alias("age_in_range")

    # -- scales ---------------------------------------------------------------------------------------------

    def _scale_steps(self) -> list[list[pl.Expr]]:
        """What several scales need, then scales of items, then each derived one after what it derives from."""
        shared: dict[str, pl.Expr] = {}
        steps: list[list[pl.Expr]] = []
        done: set[str] = set()
        waiting = list(self.instrument.scales)
        while waiting:
            ready = [scale for scale in waiting if {*scale.parts, *([scale.of] if scale.of else [])} <= done]
            steps.append(
                [_scale_score(self.instrument, scale, shared).alias(f"score:{scale.id}") for scale in ready]
            )
            done |= {scale.id for scale in ready}
            waiting = [scale for scale in waiting if scale.id not in done]
        return [[expression.alias(name) for name, expression in shared.items()], *steps]

    # -- verdict and bands ----------------------------------------------------------------------------------

    def _verdict(self) -> list[pl.Expr]:
        worst = pl.lit(0, pl.Int8)
        for rule in sorted(self.instrument.validity_rules, key=lambda one: _SEVERITY.index(one.verdict)):
            met = self._all_or_any(rule.tests, True).fill_null(False)
            worst = pl.when(met).then(pl.lit(_SEVERITY.index(rule.verdict), pl.Int8)).otherwise(worst)
        return [worst.alias("verdict")]

    def _bands(self) -> list[pl.Expr]:
        """For each scale with default norms the place of its band in ``bands``."""
        columns: list[pl.Expr] = []
        void = pl.col("verdict") == _SEVERITY.index(Verdict.VOID)
        for scale_id, bands in self.bands.items():
            there = scored(scale_id).is_not_null() & ~void
            sets = list({norms.id: norms for norms, _ in bands}.values())
            place: pl.Expr = pl.lit(None, pl.Int16)
            for norms in reversed(sets):
                fits = _sex_fits(norms) & _age_fits(norms)
                first = next(at for at, (one, _) in enumerate(bands) if one is norms)
                place = pl.when(fits).then(_band_place(norms, scored(scale_id), first)).otherwise(place)
            columns.append(pl.when(there).then(place).alias(f"band:{scale_id}"))
            self._note_norms(scale_id, sets, there)
        return columns

    def _note_norms(self, scale_id: str, sets: Sequence[NormSet], there: pl.Expr) -> None:
        for_sex = any_of(_sex_fits(norms) for norms in sets)
        for_age = any_of(_sex_fits(norms) & _age_fits(norms) for norms in sets)
        if all(norms.sex is not None for norms in sets):
            self._notes.append((there & ~for_sex, f"sex_needed:{scale_id}"))
        if all(norms.age_min is not None or norms.age_max is not None for norms in sets):
            aged = pl.col("age").is_not_null()
            self._notes.append((there & for_sex & ~for_age & ~aged, f"age_needed:{scale_id}"))
            self._notes.append((there & for_sex & ~for_age & aged, f"no_norm_for_age:{scale_id}"))

    def _all_bands(self) -> dict[str, list[tuple[NormSet, Band]]]:
        found = {
            scale.id: [
                (norms, band)
                for norms in self.instrument.norm_sets
                if norms.default and scale.id in norms.scales
                for band in norms.bands
            ]
            for scale in self.instrument.scales
        }
        return {scale_id: bands for scale_id, bands in found.items() if bands}

    # -- critical answers and findings ----------------------------------------------------------------------

    def _critical(self) -> list[pl.Expr]:
        return [_critical_level(rule).alias(f"critical:{rule.id}") for rule in self.instrument.critical]

    def _flags(self) -> list[pl.Expr]:
        return [
            self._all_or_any(rule.tests, rule.match_all).alias(f"flag:{rule.id}")
            for rule in self.instrument.flags
        ]

    def _classes(self) -> list[pl.Expr]:
        columns = []
        for rule in self.instrument.classifications:
            label, least = self._grades(rule)
            columns.append(label.alias(f"class:{rule.id}"))
            for name in dict.fromkeys([*(grade.label for grade in rule.grades), rule.otherwise]):
                self._notes.append((label.is_null() & (least == name), f"at_least:{rule.id}:{name}"))
        return columns

    def _grade_tests(self) -> list[pl.Expr]:
        """A column for each grade: named again and again below, it would be computed again and again."""
        return [
            self._all_or_any(grade.tests, grade.match_all).alias(f"grade:{rule.id}:{place}")
            for rule in self.instrument.classifications
            for place, grade in enumerate(rule.grades)
        ]

    def _grades(self, rule: Classification) -> tuple[pl.Expr, pl.Expr]:
        """The grade, and the least it is already."""
        met = [pl.col(f"grade:{rule.id}:{place}") for place in range(len(rule.grades))]
        none = pl.lit(None, pl.String)
        label = pl.when(any_of(one.is_null() for one in met)).then(none).otherwise(pl.lit(rule.otherwise))
        least: pl.Expr = pl.lit(rule.otherwise)
        for place, grade in reversed(list(enumerate(rule.grades))):
            name = pl.lit(grade.label)
            open_above = any_of(one.is_null() for one in met[:place])
            sure = pl.when(open_above).then(none).otherwise(name)
            label = pl.when(met[place].fill_null(False)).then(sure).otherwise(label)
            least = pl.when(met[place].fill_null(False)).then(name).otherwise(least)
        return label, least

    def _all_or_any(self, tests: Sequence[Test], match_all: bool) -> pl.Expr:
        results = [_result(test) for test in tests]
        return all_of(results) if match_all else any_of(results)

    # -- whole sheets ---------------------------------------------------------------------------------------

    def _sheet(self, row: Mapping[str, Any]) -> ScoreSheet:
        instrument = self.instrument
        scores: dict[str, Score] = {scale.id: row[f"score:{scale.id}"] for scale in instrument.scales}
        missing = tuple(int(number) for number in (row["missing"] or "").split())
        return ScoreSheet(
            instrument=instrument.id,
            version=instrument.version,
            scores=scores,
            bands=tuple(
                band_in(bands[place][0], name, number)
                for name, bands in self.bands.items()
                if (place := row[f"band:{name}"]) is not None and (number := scores[name]) is not None
            ),
            critical=tuple(hit for rule in instrument.critical if (hit := _hit(rule, row)) is not None),
            flags={rule.id: row[f"flag:{rule.id}"] for rule in instrument.flags},
            validity=Validity(
                complete=row["complete"],
                missing=missing,
                age_in_range=row["age_in_range"],
                notes=tuple((row["notes"] or "").split()),
                verdict=_SEVERITY[row["verdict"]],
            ),
            key_hash=instrument.key_hash,
            classes={rule.id: row[f"class:{rule.id}"] for rule in instrument.classifications},
        )


def _is_whole(instrument: Instrument, scale: Scale) -> bool:
    if scale.kind is ScaleKind.SUM_OF:
        return all(_is_whole(instrument, instrument.scale(part)) for part in scale.parts)
    return scale.kind in (ScaleKind.SUM, ScaleKind.COUNT, ScaleKind.LINEAR, ScaleKind.STEPS)


def _once(shared: dict[str, pl.Expr], name: str, items: Sequence[int], expression: pl.Expr) -> pl.Expr:
    """The same of the same items is computed once, in a column of its own."""
    name = f"{name}:{','.join(map(str, items))}"
    shared.setdefault(name, expression)
    return pl.col(name)


def _scale_score(instrument: Instrument, scale: Scale, shared: dict[str, pl.Expr]) -> pl.Expr:
    match scale.kind:
        case ScaleKind.LINEAR:
            return _linear(scale, of_whole=_is_whole(instrument, instrument.scale(scale.of)))
        case ScaleKind.SUM_OF:
            parts = [scored(part) for part in scale.parts]
            # from the first to the last: the parts may be fractions
            return reduce(add, parts)
        case ScaleKind.STEPS:
            base = scored(scale.of) if scale.of else sum_of([value(number) for number in scale.items])
            return stepped(scale.steps, base).cast(_WHOLE)
        case ScaleKind.SLEEP_EFFICIENCY:
            bed, rise, asleep = (value(number) for number in scale.items)
            return 100 * asleep / in_bed(bed, rise)
        case kind:
            return _aggregate(scale, kind, [value(number) for number in scale.items], shared)


def _aggregate(
    scale: Scale, kind: ScaleKind, values: Sequence[pl.Expr], shared: dict[str, pl.Expr]
) -> pl.Expr:
    if scale.least_answered is not None:
        return _filled_in(kind, values, scale.least_answered)
    if kind in (ScaleKind.SUM, ScaleKind.MEAN):
        total = _once(shared, "sum", scale.items, sum_of(values))
        # by a column: Polars turns a division by a number into a multiplication, and 20 / 6 would end in another digit
        return total.cast(_WHOLE) if kind is ScaleKind.SUM else total / (total * 0 + len(values))
    reached = [
        one >= scale.thresholds.get(number, scale.at_least)
        for number, one in zip(scale.items, values, strict=True)
    ]
    least = f"{scale.at_least},{sorted(scale.thresholds.items())}"
    count = _once(shared, f"count:{least}", scale.items, sum_of([one.cast(NARROW) for one in reached]))
    if kind is ScaleKind.COUNT:
        return count.cast(_WHOLE)
    counted = sum_of([pl.when(yes).then(one).otherwise(0) for yes, one in zip(reached, values, strict=True)])
    return pl.when(count > 0).then(counted / count)


def _filled_in(kind: ScaleKind, values: Sequence[pl.Expr], least: int) -> pl.Expr:
    answered = sum_of([one.is_not_null().cast(pl.Int64) for one in values])
    total = sum_of([one.fill_null(0).cast(pl.Int64) for one in values])
    if kind is ScaleKind.MEAN:
        return pl.when(answered >= least).then(total / answered)
    # rounded half up in whole numbers: (2·total·items + answered) / (2·answered), cut off towards nought
    doubled = 2 * total * len(values) + answered
    rounded = doubled.sign() * (doubled.abs() // (2 * answered))
    return pl.when(answered >= least).then(rounded).cast(_WHOLE)


def _linear(scale: Scale, *, of_whole: bool) -> pl.Expr:
    """Exact: in whole numbers where the base is one, else through the same float the ordinary scoring takes."""
    base, times = scored(scale.of), scale.times
    if of_whole:
        return base * times.numerator // times.denominator + scale.plus
    return (base * float(times)).floor().cast(_WHOLE) + scale.plus


def _sex_fits(norms: NormSet) -> pl.Expr:
    return pl.lit(True) if norms.sex is None else (pl.col("sex") == norms.sex.value).fill_null(False)


def _age_fits(norms: NormSet) -> pl.Expr:
    age = pl.col("age")
    conditions = [] if norms.age_min is None else [age >= norms.age_min]
    conditions += [] if norms.age_max is None else [age <= norms.age_max]
    return all_of(conditions).fill_null(False)


def _band_place(norms: NormSet, score: pl.Expr, first: int) -> pl.Expr:
    """The first band that holds it, as in ``band_in``; the last needs no test, since bands leave no gap."""
    last = len(norms.bands) - 1
    place: pl.Expr = pl.lit(first + last, pl.Int16)
    for at, band in reversed(list(enumerate(norms.bands[:last]))):
        below = score < band.high if band.open_above else score <= band.high
        inside = (score >= band.low) & below
        place = pl.when(inside).then(pl.lit(first + at, pl.Int16)).otherwise(place)
    return place


def _critical_level(rule: CriticalRule) -> pl.Expr:
    met = all_of(is_met(test, code(test.question)) for test in rule.when).fill_null(False)
    level: pl.Expr = pl.lit(CriticalLevel.CRITICAL.value)
    if rule.severe_at is not None:
        severe = any_of(code(test.question) >= rule.severe_at for test in rule.when)
        level = pl.when(severe).then(pl.lit(CriticalLevel.SEVERE.value)).otherwise(level)
    return pl.when(met).then(level)


def _hit(rule: CriticalRule, row: Mapping[str, Any]) -> CriticalHit | None:
    level = row[f"critical:{rule.id}"]
    if level is None:
        return None
    return CriticalHit(
        rule=rule.id,
        questions=tuple(test.question for test in rule.when),
        codes=tuple(row[f"code:{test.question}"] for test in rule.when),
        action=rule.action,
        level=CriticalLevel(level),
    )


def _result(test: Test) -> pl.Expr:
    """True or false only where no missing answer could change it."""
    match test:
        case CountTest():
            return _count_result(test)
        case GroupTest():
            return _group_result(test)
        case AnswerTest():
            return _answer_result(test)
        case ScoreTest():
            return _score_result(test)


def _answer_result(test: AnswerTest) -> pl.Expr:
    given = code(test.question)
    open_ = pl.lit(True) if test.or_blank else pl.lit(None, pl.Boolean)
    return (
        pl.when(given.is_not_null())
        .then(is_met(test, given))
        .when(unasked(test.question))
        .then(pl.lit(False))
        .otherwise(open_)
    )


def _score_result(test: ScoreTest) -> pl.Expr:
    score = scored(test.scale)
    conditions = [] if test.at_least is None else [score >= test.at_least]
    conditions += [] if test.at_most is None else [score <= test.at_most]
    return pl.when(score.is_not_null()).then(all_of(conditions))


def _count_result(test: CountTest) -> pl.Expr:
    values = {number: value(number) for number in test.thresholds}
    reached = sum_of(
        [(values[n] >= least).fill_null(False).cast(pl.Int32) for n, least in test.thresholds.items()]
    )
    possible = reached + sum_of([one.is_null().cast(pl.Int32) for one in values.values()])
    ceiling = len(test.thresholds) if test.at_most is None else test.at_most
    return (
        pl.when((reached >= test.at_least) & (possible <= ceiling))
        .then(pl.lit(True))
        .when((possible < test.at_least) | (reached > ceiling))
        .then(pl.lit(False))
    )


def _group_result(test: GroupTest) -> pl.Expr:
    groups = [
        any_of(_answer_result(AnswerTest(str(number), at_least=test.code)) for number in group)
        for group in test.groups
    ]
    reached = sum_of([met.fill_null(False).cast(pl.Int32) for met in groups])
    possible = sum_of([met.fill_null(True).cast(pl.Int32) for met in groups])
    return (
        pl.when(reached >= test.at_least)
        .then(pl.lit(True))
        .when(possible < test.at_least)
        .then(pl.lit(False))
    )
