"""Scoring prepared for one instrument: the same scores as :func:`scoring.score`, in microseconds.

Only what a submission needs at once is computed: the scale scores, and whether an answer is critical. A complete form
of ticked answers goes through tables made beforehand; every other one, and every instrument with a feature the tables
do not know, is left to the ordinary scoring, which also gives each refusal its words. A table proves itself against
the ordinary scoring when it is made, and a property test compares both over all instruments.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from anxin.domains.instruments.contracts import Instrument, Scale, ScaleKind, Score
from anxin.domains.instruments.rules import scoring

Aggregate = Callable[[list[int], dict[str, Score]], Score]
_WHOLE = {int}


class QuickSheet(msgspec.Struct, frozen=True):
    """Scale scores, and whether help comes first."""

    scores: dict[str, Score]
    is_critical: bool


class ScoringTable:
    """The tables of one instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._values: tuple[dict[int, int], ...] = ()
        self._critical: tuple[tuple[int, frozenset[int]], ...] = ()
        self._scales: tuple[tuple[str, Aggregate], ...] = ()
        self.is_quick = False
        if _is_plain(instrument):
            self._prepare()

    def _prepare(self) -> None:
        items = self.instrument.items
        aggregates = [(scale.id, _aggregate(self.instrument, scale)) for scale in self.instrument.scales]
        if any(aggregate is None for _, aggregate in aggregates):
            return
        self._scales = tuple((name, aggregate) for name, aggregate in aggregates if aggregate is not None)
        self._values = tuple({code: item.value_of(code) for code in item.codes} for item in items)
        alarming = (
            frozenset(
                code
                for code in item.codes
                if scoring.critical_answers(self.instrument, {str(item.number): code})
            )
            for item in items
        )
        self._critical = tuple((place, codes) for place, codes in enumerate(alarming) if codes)
        self.is_quick = all(self._quickly(form) == self._slowly(form) for form in _proofs(self._values))

    def score(self, answers: Sequence[object]) -> QuickSheet:
        """Raises what ``scoring.score`` raises."""
        # bool is an int in Python: only whole numbers proper may be looked up
        if self.is_quick and len(answers) == len(self._values) and set(map(type, answers)) == _WHOLE:
            try:
                return self._quickly(answers)  # type: ignore[arg-type]
            except KeyError:
                pass
        return self._slowly(answers)

    def alarms(self, question: str, code: int) -> tuple[str, ...]:
        """The critical rules this one answer belongs to, whatever the others are; none for most answers."""
        return tuple(
            rule.id
            for rule in self.instrument.critical
            if any(test.question == question and test.met_by(code) for test in rule.when)
        )

    def _quickly(self, answers: Sequence[int]) -> QuickSheet:
        values = [table[code] for table, code in zip(self._values, answers, strict=True)]
        scores: dict[str, Score] = {}
        for name, aggregate in self._scales:
            scores[name] = aggregate(values, scores)
        is_critical = False
        for place, codes in self._critical:
            if answers[place] in codes:
                is_critical = True
        return QuickSheet(scores, is_critical)

    def _slowly(self, answers: Sequence[object]) -> QuickSheet:
        sheet = scoring.score(self.instrument, answers)
        return QuickSheet(dict(sheet.scores), bool(sheet.critical))


def _is_plain(instrument: Instrument) -> bool:
    """Whether a complete form is just its ticked codes: nothing skipped, nothing asked of some only."""
    return (
        instrument.offered
        and not instrument.skips
        and instrument.gate is None
        and not any(rule.ignore_given for rule in instrument.ask_when)
        and all(item.asked_of is None and item.entry is None for item in instrument.items)
        and all(len(rule.when) == 1 for rule in instrument.critical)
    )


def _proofs(tables: Sequence[dict[int, int]]) -> Iterator[list[int]]:
    """All lowest, all highest, and every code of every item once."""
    lowest, highest = [min(table) for table in tables], [max(table) for table in tables]
    yield lowest
    yield highest
    for place, table in enumerate(tables):
        for code in table:
            yield [*lowest[:place], code, *lowest[place + 1 :]]


def _aggregate(instrument: Instrument, scale: Scale) -> Aggregate | None:
    """The scale as a function of all values; ``None`` for a kind that has no table."""
    numbers = [item.number for item in instrument.items]
    places = tuple(numbers.index(number) for number in scale.items)
    least = scale.at_least
    if scale.kind is ScaleKind.SUM:
        if places == tuple(range(len(numbers))):
            return lambda values, scores: sum(values)
        return lambda values, scores: sum([values[place] for place in places])
    if scale.kind is ScaleKind.MEAN:
        return lambda values, scores: sum([values[place] for place in places]) / len(places)
    if scale.kind is ScaleKind.COUNT and least is not None:
        return lambda values, scores: sum([values[place] >= least for place in places])
    if scale.kind is ScaleKind.MEAN_OF_COUNTED and least is not None:
        return lambda values, scores: _mean([values[place] for place in places if values[place] >= least])
    if scale.kind is ScaleKind.LINEAR:
        return lambda values, scores: _linear(scale, scores[scale.of])
    return None


def _mean(counted: list[int]) -> Score:
    return sum(counted) / len(counted) if counted else None


def _linear(scale: Scale, base: Score) -> Score:
    return None if base is None else int(base * scale.times // 1) + scale.plus
