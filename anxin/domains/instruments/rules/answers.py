"""From what was sent to what counts: form layout, code checks, skips, items not asked of everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from reprlib import repr

from anxin.domains.instruments.contracts import BadAnswers, Instrument, Option, Sex


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """Codes by question, and the value each item brings to a score (absent when missing)."""

    codes: dict[str, int | None]
    values: dict[int, int]
    missing: tuple[int, ...]
    notes: tuple[str, ...]


def read_answers(instrument: Instrument, answers: Sequence[object], sex: Sex | None) -> AnswerSheet:
    codes = _codes_by_question(instrument, answers)
    assumed, notes = _not_asked(instrument, codes, sex)
    values: dict[int, int] = {}
    missing: list[int] = []
    for item in instrument.items:
        if item.number in assumed:
            values[item.number] = assumed[item.number]
            if codes[str(item.number)]:
                notes.append(f"ignored:{item.number}")
            codes[str(item.number)] = None
            continue
        code = codes[str(item.number)]
        if code is None:
            missing.append(item.number)
        else:
            values[item.number] = item.value_of(code)
    return AnswerSheet(codes=codes, values=values, missing=tuple(missing), notes=tuple(notes))


def _layouts(instrument: Instrument) -> dict[int, list[tuple[str, str, tuple[Option, ...]]]]:
    """The accepted forms by length: the items, with the gate before or the unscored items after them."""
    items = [(str(item.number), f"item {item.number}", item.options) for item in instrument.items]
    extras = [(extra.code, f"item {extra.code}", extra.options) for extra in instrument.extra_items]
    forms = [items, items + extras]
    if instrument.gate is not None:
        forms.append([("gate", "the opening question", instrument.gate.options), *items])
    return {len(form): form for form in forms}


def _codes_by_question(instrument: Instrument, answers: Sequence[object]) -> dict[str, int | None]:
    layouts = _layouts(instrument)
    form = layouts.get(len(answers))
    if form is None:
        lengths = " or ".join(str(length) for length in sorted(layouts))
        raise BadAnswers((f"{instrument.id} takes {lengths} answers, got {len(answers)}",))
    codes: dict[str, int | None] = {}
    faults: list[str] = []
    for (question, name, options), answer in zip(form, answers, strict=True):
        if answer is None:
            codes[question] = None
        # bool is an int in Python: true would silently become 1, which is another answer on most forms
        elif isinstance(answer, bool) or not isinstance(answer, int):
            faults.append(f"{name}: {repr(answer)} is not a whole number")
        elif answer not in {option.code for option in options}:
            allowed = ", ".join(str(code) for code in sorted(option.code for option in options))
            faults.append(f"{name}: {answer} is not one of {allowed}")
        else:
            codes[question] = answer
    if faults:
        raise BadAnswers(tuple(faults))
    return codes


def _not_asked(
    instrument: Instrument, codes: dict[str, int | None], sex: Sex | None
) -> tuple[dict[int, int], list[str]]:
    """Items that score a fixed value because the form does not ask them of this person."""
    assumed: dict[int, int] = {}
    notes: list[str] = []
    for item in instrument.items:
        if item.asked_of is not None and sex is not None and sex is not item.asked_of:
            assumed[item.number] = min(item.codes)
            notes.append(f"not_asked:{item.number}")
    for rule in instrument.skips:
        if codes.get(rule.question) in rule.codes:
            assumed.update(dict.fromkeys(rule.skips, rule.value))
            notes.append(f"stopped_at:{rule.question}")
    return assumed, notes
