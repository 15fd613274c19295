"""From what was sent to what counts, for many sheets at once: :mod:`.answers` as columns instead of one form.

Every step is a Polars expression that mirrors a line of the ordinary reading, a missing answer being null; Polars'
three-valued ``&`` and ``|`` are the room's "``None`` while a missing answer could change it". A property test compares
both readings over all instruments.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import add, and_, or_

import polars as pl

from anxin.domains.instruments.contracts import (
    AnswerTest,
    AskRule,
    Instrument,
    Item,
    Question,
    ScaleKind,
    Step,
)
from anxin.domains.instruments.rules.answers import code_of
from anxin.domains.instruments.rules.branching import question_names

CODE, VALUE = pl.Int32, pl.Int32
NARROW = pl.Int16
"""Half the width is half the memory to walk through, where no sum of the form can leave it."""
Note = tuple[pl.Expr, str]
"""When it is true, and the note."""


def balanced(
    operator: Callable[[pl.Expr, pl.Expr], pl.Expr], parts: Sequence[pl.Expr], of_none: pl.Expr
) -> pl.Expr:
    """As a tree that is as flat as can be: Polars plans a chain of ninety in the square of its length."""
    level = list(parts)
    while len(level) > 1:
        paired = [operator(one, other) for one, other in zip(level[::2], level[1::2], strict=False)]
        level = paired + (level[-1:] if len(level) % 2 else [])
    return level[0] if level else of_none


def all_of(conditions: Iterable[pl.Expr]) -> pl.Expr:
    return balanced(and_, list(conditions), pl.lit(True))


def any_of(conditions: Iterable[pl.Expr]) -> pl.Expr:
    return balanced(or_, list(conditions), pl.lit(False))


def sum_of(values: Sequence[pl.Expr]) -> pl.Expr:
    """Null as soon as one is missing. For whole numbers: the order of adding is not kept."""
    return balanced(add, values, pl.lit(0, VALUE))


def joined(parts: Sequence[pl.Expr], separator: str) -> pl.Expr:
    """The parts that are there, as one text; null when none is."""
    if not parts:
        return pl.lit(None, pl.String)
    text = pl.concat_str(parts, separator=separator, ignore_nulls=True)
    return pl.when(text != "").then(text)


def sent(question: str) -> pl.Expr:
    """The code as it was sent."""
    return pl.col(f"sent:{question}")


def code(question: str) -> pl.Expr:
    """The code that counts: null where the question was not put to this person."""
    return pl.col(f"code:{question}")


def value(number: int) -> pl.Expr:
    return pl.col(f"value:{number}")


def unasked(question: str) -> pl.Expr:
    return pl.col(f"unasked:{question}")


def questions_of(instrument: Instrument) -> dict[str, Question]:
    return dict(zip(question_names(instrument), instrument.questions, strict=True))


def codes_frame(instrument: Instrument, answers: pl.DataFrame) -> pl.DataFrame:
    """The sent codes by question ("sent:3"), ``fits`` (every code is one of the form), age and sex.

    ``answers`` has the columns of a form: ``q1`` and so on, ``gate``, ``age``, ``sex``. A question that is not there
    was not on the form of this file.
    """
    width = code_type(instrument)
    columns: list[pl.Series] = []
    fits: list[pl.Expr] = []
    for name, asked in questions_of(instrument).items():
        column = column_of(instrument, name)
        if column not in answers.columns:
            columns.append(pl.repeat(None, answers.height, dtype=CODE, eager=True).alias(f"sent:{name}"))
            continue
        series = answers.get_column(column)
        codes = series.cast(width, strict=False) if series.dtype.is_integer() else None
        if _is_ticked(asked) and codes is not None and codes.null_count() == series.null_count():
            columns.append(codes.alias(f"sent:{name}"))
            fits += _is_printed(asked, codes, sent(name))
        else:
            columns += _translated(name, asked, series)
            fits.append(pl.col(f"fits:{name}"))
    fits += _sleep_fits(instrument)
    people = [
        answers.get_column("age").cast(pl.Int32)
        if "age" in answers.columns
        else pl.repeat(None, answers.height, dtype=pl.Int32, eager=True).alias("age"),
        answers.get_column("sex").cast(pl.String)
        if "sex" in answers.columns
        else pl.repeat(None, answers.height, dtype=pl.String, eager=True).alias("sex"),
    ]
    return pl.DataFrame([*columns, *people]).with_columns(all_of(fits).alias("fits"))


def code_type(instrument: Instrument) -> type[pl.DataType]:
    """What holds every code, and every sum of what they count."""
    if any(item.entry is not None for item in instrument.items):
        return CODE
    codes = [abs(option.code) for question in instrument.questions for option in question.options]
    most = sum(max(map(abs, item.values)) for item in instrument.items)
    return NARROW if max(most, *codes) < 1 << 14 else CODE


def column_of(instrument: Instrument, question: str) -> str:
    """The column of a file in which a question stands: unscored ones follow the items."""
    if question == "gate":
        return "gate"
    extras = [extra.code for extra in instrument.extra_items]
    if question in extras:
        return f"q{len(instrument.items) + extras.index(question) + 1}"
    return f"q{question}"


def _is_ticked(asked: Question) -> bool:
    return not (isinstance(asked, Item) and asked.entry is not None)


def _allowed(asked: Question) -> list[int]:
    refusal = getattr(asked, "refusal", None)
    return sorted({option.code for option in asked.options} | (set() if refusal is None else {refusal}))


def _is_printed(asked: Question, series: pl.Series, given: pl.Expr) -> list[pl.Expr]:
    """Nothing to ask of each row where the least and the greatest code say it of all."""
    codes = _allowed(asked)
    gapless = codes[-1] - codes[0] == len(codes) - 1
    least, greatest = series.min(), series.max()
    if least is None or (gapless and codes[0] <= least and greatest <= codes[-1]):  # type: ignore[operator]
        return []
    return [given.is_null() | given.is_in(codes)]


def _translated(name: str, asked: Question, series: pl.Series) -> list[pl.Series]:
    """Written answers: each different one is read once, by the ordinary reading."""
    if series.dtype == pl.Object:
        kept = [None if one is None else code_of(asked, one) for one in series]
        codes = pl.Series([one if isinstance(one, int) else None for one in kept], dtype=CODE)
        return [
            codes.alias(f"sent:{name}"),
            pl.Series(f"fits:{name}", [not isinstance(one, str) for one in kept]),
        ]
    different = series.drop_nulls().unique().to_list()
    read = [code_of(asked, one) for one in different]
    good = {one: kept for one, kept in zip(different, read, strict=True) if isinstance(kept, int)}
    if not good:
        codes = pl.repeat(None, series.len(), dtype=CODE, eager=True)
    else:
        codes = series.replace_strict(list(good), list(good.values()), default=None, return_dtype=CODE)
    return [codes.alias(f"sent:{name}"), (series.is_null() | codes.is_not_null()).alias(f"fits:{name}")]


def in_bed(bed: pl.Expr, rise: pl.Expr) -> pl.Expr:
    """Minutes in bed, over midnight; the same time twice is a whole day."""
    minutes = (rise - bed) % (24 * 60)
    return pl.when(minutes == 0).then(24 * 60).otherwise(minutes)


def _sleep_fits(instrument: Instrument) -> list[pl.Expr]:
    found = []
    for scale in instrument.scales:
        if scale.kind is ScaleKind.SLEEP_EFFICIENCY:
            bed, rise, asleep = (sent(str(number)) for number in scale.items)
            found.append((asleep <= in_bed(bed, rise)).fill_null(True))
    return found


@dataclass
class Reading:
    """Expressions that turn sent codes into what counts, in steps: each step may use the columns of those before."""

    instrument: Instrument
    steps: list[list[pl.Expr]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    missing: dict[int, pl.Expr] = field(default_factory=dict)

    @classmethod
    def of(cls, instrument: Instrument) -> "Reading":
        reading = cls(instrument)
        reading._hide()
        reading._read_items()
        return reading

    def _hide(self) -> None:
        """One column for each branch: whether it leaves its questions out. A branch sees the ones before it."""
        self._hidden_by: dict[str, list[tuple[pl.Expr, AskRule]]] = {}
        for place, rule in enumerate(self.instrument.ask_when):
            results = [self._answer_so_far(test) for test in rule.when]
            met = all_of(results) if rule.match_all else any_of(results)
            self.steps.append([(~met).fill_null(False).alias(f"hidden:{place}")])
            for question in rule.questions:
                self._hidden_by.setdefault(question, []).append((pl.col(f"hidden:{place}"), rule))

    def _answer_so_far(self, test: AnswerTest) -> pl.Expr:
        given = sent(test.question)
        hidden = any_of(condition for condition, _ in self._hidden_by.get(test.question, ()))
        open_ = pl.lit(True) if test.or_blank else pl.lit(None, pl.Boolean)
        return (
            pl.when(given.is_not_null())
            .then(is_met(test, given))
            .when(hidden)
            .then(pl.lit(False))
            .otherwise(open_)
        )

    def _read_items(self) -> None:
        columns: list[pl.Expr] = []
        not_asked = {item.number: self._assumed(item) for item in self.instrument.items}
        for rule in self.instrument.skips:
            stopped = sent(rule.question).is_in(list(rule.codes)).fill_null(False)
            self.notes.append((stopped, f"stopped_at:{rule.question}"))
        for item in self.instrument.items:
            columns += self._read_item(item, not_asked[item.number])
        for name in set(question_names(self.instrument)) - {
            str(item.number) for item in self.instrument.items
        }:
            hidden = any_of(condition for condition, _ in self._hidden_by.get(name, ()))
            columns += [
                sent(name).alias(f"code:{name}"),
                (hidden & sent(name).is_null()).alias(f"unasked:{name}"),
            ]
        self.steps.append(columns)

    def _assumed(self, item: Item) -> pl.Expr | None:
        """What the item counts because the form does not ask it of this person; null when it does."""
        counts: pl.Expr | None = None
        if item.asked_of is not None:
            other = (pl.col("sex") != item.asked_of.value).fill_null(False)
            counts = pl.when(other).then(pl.lit(min(item.values), VALUE))
            self.notes.append((other, f"not_asked:{item.number}"))
        for rule in self.instrument.skips:
            if item.number in rule.skips:
                stopped = sent(rule.question).is_in(list(rule.codes))
                before = pl.lit(None, VALUE) if counts is None else counts
                counts = pl.when(stopped).then(pl.lit(rule.value, VALUE)).otherwise(before)
        return counts

    def _read_item(self, item: Item, counts: pl.Expr | None) -> list[pl.Expr]:
        name, number = str(item.number), item.number
        given = sent(name)
        hidden_by = self._hidden_by.get(name, [])
        if counts is None and not hidden_by and item.refusal is None and item.blank_counts is None:
            self.missing[number] = given.is_null()
            return [
                given.alias(f"code:{name}"),
                value_of(item, given).alias(f"value:{number}"),
                pl.lit(False).alias(f"unasked:{name}"),
            ]
        assumed = pl.lit(False) if counts is None else counts.is_not_null()
        hidden = any_of(condition for condition, _ in hidden_by)
        dropped = hidden & _first(hidden_by, lambda rule: rule.ignore_given, pl.Boolean).fill_null(False)
        kept = pl.when(~(assumed | dropped)).then(given)
        skipped = ~assumed & hidden & kept.is_null()
        refused = pl.lit(False) if item.refusal is None else (kept == item.refusal).fill_null(False)
        self._note_item(name, assumed, hidden, dropped, refused)
        blank = item.blank_counts is not None
        gap = ~assumed & ~skipped & (refused | (pl.lit(not blank) & kept.is_null()))
        self.missing[number] = pl.col(f"gap:{number}")
        return [
            gap.alias(f"gap:{number}"),
            kept.alias(f"code:{name}"),
            (
                pl.when(assumed)
                .then(pl.lit(None, VALUE) if counts is None else counts)
                .when(skipped)
                .then(_first(hidden_by, lambda rule: rule.value, VALUE))
                .when(refused)
                .then(pl.lit(None, VALUE))
                .when(kept.is_not_null())
                .then(value_of(item, kept))
                .otherwise(pl.lit(item.blank_counts, VALUE))
            ).alias(f"value:{number}"),
            (assumed | skipped).alias(f"unasked:{name}"),
        ]

    def _note_item(
        self, name: str, assumed: pl.Expr, hidden: pl.Expr, dropped: pl.Expr, refused: pl.Expr
    ) -> None:
        given = sent(name)
        branched = ~assumed & hidden
        self.notes += [
            (assumed & (given != 0).fill_null(False), f"ignored:{name}"),
            (branched & dropped & given.is_not_null(), f"ignored:{name}"),
            (branched & (dropped | given.is_null()), f"not_asked:{name}"),
            (branched & ~dropped & given.is_not_null(), f"answered_unasked:{name}"),
            (refused, f"refused:{name}"),
        ]


def _first(
    hidden_by: Sequence[tuple[pl.Expr, AskRule]],
    what: Callable[[AskRule], int | None],
    dtype: type[pl.DataType],
) -> pl.Expr:
    """Of the branch that left the question out first."""
    found: pl.Expr = pl.lit(None, dtype)
    for condition, rule in reversed(hidden_by):
        found = pl.when(condition).then(pl.lit(what(rule), dtype)).otherwise(found)
    return found


def is_met(test: AnswerTest, given: pl.Expr) -> pl.Expr:
    """Null where nothing was given."""
    return given == test.equals if test.at_least is None else given >= test.at_least


def value_of(item: Item, given: pl.Expr) -> pl.Expr:
    """What the codes count, by the cheapest way that is exact."""
    if item.entry is not None:
        return stepped(item.entry.steps, given) if item.entry.steps else given.cast(VALUE)
    table = {kept: item.value_of(kept) for kept in item.codes}
    if all(kept == counts for kept, counts in table.items()):
        return given
    mirrored = {kept + counts for kept, counts in table.items()}
    if len(mirrored) == 1:
        return mirrored.pop() - given
    return given.replace_strict(list(table), list(table.values()), default=None, return_dtype=VALUE)


def stepped(steps: Sequence[Step], given: pl.Expr) -> pl.Expr:
    """The points of the last step that begins at or below; null stays null."""
    points: pl.Expr = pl.lit(None, VALUE)
    for step in steps:
        points = pl.when(given >= step.at_least).then(pl.lit(step.value, VALUE)).otherwise(points)
    return points
