"""From what was sent to what counts: form layout, code checks, branches, items not asked of everybody."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from reprlib import repr

from anxin.domains.instruments.contracts import (
    AskRule,
    BadAnswers,
    Entry,
    EntryKind,
    Gate,
    Instrument,
    Item,
    Question,
    ScaleKind,
    Sex,
    Step,
)
from anxin.domains.instruments.rules.branching import not_put

# midnight is also written 24:00, and a Chinese keyboard gives the full-width colon
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)|(24)[:：](00)")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_MINUTES = 60
_DAY = 24 * _MINUTES


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """Codes by question, and the value each item brings to a score (absent when missing).

    ``unasked``: questions the form did not put to this person; they are neither missing nor blank.
    """

    codes: dict[str, int | None]
    values: dict[int, int]
    missing: tuple[int, ...]
    notes: tuple[str, ...]
    unasked: frozenset[str] = field(default_factory=frozenset)


def read_answers(instrument: Instrument, answers: Sequence[object], sex: Sex | None) -> AnswerSheet:
    codes = _codes_by_question(instrument, answers)
    assumed, notes = _not_asked(instrument, codes, sex)
    branched = not_put(instrument, codes)
    values: dict[int, int] = {}
    missing: list[int] = []
    for item in instrument.items:
        name = str(item.number)
        if item.number in assumed:
            values[item.number] = assumed[item.number]
            if codes[name]:
                notes.append(f"ignored:{item.number}")
            codes[name] = None
            continue
        code = codes[name]
        if name in branched:
            code = _keep_or_drop(name, codes, branched, notes)
            if code is None:
                notes.append(f"not_asked:{name}")
                counts = branched[name].value
                if counts is not None:
                    values[item.number] = counts
                continue
        if code is not None and code == item.refusal:
            missing.append(item.number)
            notes.append(f"refused:{item.number}")
        elif code is not None:
            values[item.number] = _value(item, code)
        elif item.blank_counts is not None:
            values[item.number] = item.blank_counts
        else:
            missing.append(item.number)
    unasked = frozenset(name for name in branched if codes.get(name) is None)
    unasked |= {str(number) for number in assumed}
    return AnswerSheet(codes, values, tuple(missing), tuple(notes), unasked)


def _keep_or_drop(
    name: str, codes: dict[str, int | None], branched: Mapping[str, AskRule], notes: list[str]
) -> int | None:
    code = codes[name]
    if code is None:
        return None
    if branched[name].ignore_given:
        codes[name] = None
        notes.append(f"ignored:{name}")
        return None
    notes.append(f"answered_unasked:{name}")
    return code


def _value(item: Item, code: int) -> int:
    if item.entry is None or not item.entry.steps:
        return item.value_of(code)
    return step_value(item.entry.steps, code)


def step_value(steps: Sequence[Step], score: float) -> int:
    """The points of the last step that begins at or below the score; definitions begin at the lowest score."""
    return next(step.value for step in reversed(steps) if step.at_least <= score)


def _layouts(instrument: Instrument) -> dict[int, list[tuple[str, str, Question]]]:
    """The accepted forms by length: the items, with the gate before or the unscored items after them."""
    items: list[tuple[str, str, Question]] = [
        (str(item.number), f"item {item.number}", item) for item in instrument.items
    ]
    extras: list[tuple[str, str, Question]] = [
        (extra.code, f"item {extra.code}", extra) for extra in instrument.extra_items
    ]
    forms = [items, items + extras]
    if instrument.gate is not None:
        forms.append([("gate", "the opening question", instrument.gate), *items])
    return {len(form): form for form in forms}


def _codes_by_question(instrument: Instrument, answers: Sequence[object]) -> dict[str, int | None]:
    layouts = _layouts(instrument)
    form = layouts.get(len(answers))
    if form is None:
        lengths = " or ".join(str(length) for length in sorted(layouts))
        raise BadAnswers((f"{instrument.id} takes {lengths} answers, got {len(answers)}",))
    codes: dict[str, int | None] = {}
    faults: list[str] = []
    for (question, name, asked), answer in zip(form, answers, strict=True):
        code = None if answer is None else code_of(asked, answer)
        if isinstance(code, str):
            faults.append(f"{name}: {code}")
        else:
            codes[question] = code
    faults += _sleep_faults(instrument, codes)
    if faults:
        raise BadAnswers(tuple(faults))
    return codes


def code_of(asked: Question, answer: object) -> int | str:
    """The code, or what is wrong with the answer."""
    if isinstance(asked, Item) and asked.entry is not None:
        return _entry_code(asked.entry, answer)
    # bool is an int in Python: true would silently become 1, which is another answer on most forms
    if isinstance(answer, bool) or not isinstance(answer, int):
        return f"{repr(answer)} is not a whole number"
    refusal = None if isinstance(asked, Gate) else asked.refusal
    allowed = {option.code for option in asked.options} | (set() if refusal is None else {refusal})
    if answer not in allowed:
        return f"{answer} is not one of {', '.join(str(code) for code in sorted(allowed))}"
    return answer


def _entry_code(entry: Entry, answer: object) -> int | str:
    """A clock time ("23:30", or 23.5 hours) and a number of hours become whole minutes."""
    if entry.kind is EntryKind.CLOCK:
        return _clock_code(answer)
    number = _number(answer)
    if number is None:
        return f"{repr(answer)} is not a number"
    if not entry.low <= number <= entry.high:
        return f"{repr(answer)} is not between {entry.low} and {entry.high}"
    counted = number * _MINUTES if entry.kind is EntryKind.HOURS else number
    if counted.denominator != 1 and entry.kind is EntryKind.NUMBER:
        return f"{repr(answer)} is not a whole number"
    return round(counted)


def _clock_code(answer: object) -> int | str:
    written = _CLOCK.fullmatch(answer) if isinstance(answer, str) else None
    if written is not None:
        return int(written[1] or 0) * _MINUTES + int(written[2] or 0)
    hours = _number(answer)
    if hours is None or hours > _DAY / _MINUTES:
        return f'{repr(answer)} is not a time of day such as "23:30"'
    return round(hours * _MINUTES) % _DAY


def _number(answer: object) -> Fraction | None:
    if isinstance(answer, bool) or not isinstance(answer, int | float | str):
        return None
    # through its text: 6.7 hours are 402 minutes, and the binary fraction of 6.7 is a little less
    text = str(answer)
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def minutes_in_bed(bed: int, rise: int) -> int:
    """Over midnight; the same time twice is a whole day, never nothing."""
    return (rise - bed) % _DAY or _DAY


def _sleep_faults(instrument: Instrument, codes: Mapping[str, int | None]) -> list[str]:
    found: list[str] = []
    for scale in instrument.scales:
        if scale.kind is not ScaleKind.SLEEP_EFFICIENCY:
            continue
        bed, rise, asleep = (codes.get(str(number)) for number in scale.items)
        if bed is None or rise is None or asleep is None:
            continue
        if asleep > minutes_in_bed(bed, rise):
            found.append(f"item {scale.items[2]}: more hours asleep than in bed")
    return found


def _not_asked(
    instrument: Instrument, codes: dict[str, int | None], sex: Sex | None
) -> tuple[dict[int, int], list[str]]:
    """Items that score a fixed value because the form does not ask them of this person."""
    assumed: dict[int, int] = {}
    notes: list[str] = []
    for item in instrument.items:
        if item.asked_of is not None and sex is not None and sex is not item.asked_of:
            assumed[item.number] = min(item.values)
            notes.append(f"not_asked:{item.number}")
    for rule in instrument.skips:
        if codes.get(rule.question) in rule.codes:
            assumed.update(dict.fromkeys(rule.skips, rule.value))
            notes.append(f"stopped_at:{rule.question}")
    return assumed, notes
