"""Whether the rules of a definition can do what they say: criticals, flags, grades, branches, follow-ups."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import inf, prod

from anxin.domains.instruments.contracts import (
    AnswerTest,
    Classification,
    CountTest,
    CriticalRule,
    ExtraItem,
    GroupTest,
    Instrument,
    Item,
    Question,
    ScoreTest,
    Test,
)
from anxin.domains.instruments.rules.branching import answer_result, combine, question_names
from anxin.domains.instruments.rules.ranges import entry_bounds, item_ends, score_range

_TRIED = 5000
"""So many combinations of answers are tried to see whether a grade can be reached."""

Codes = Mapping[str, tuple[int, ...]]


def rule_faults(instrument: Instrument) -> Iterator[str]:
    known = question_codes(instrument)
    yield from _critical_faults(instrument, known)
    yield from _flag_faults(instrument, known)
    yield from _skip_faults(instrument, known)
    yield from _ask_faults(instrument, known)
    for rule in instrument.classifications:
        yield from _class_faults(instrument, rule, known)
    for validity in instrument.validity_rules:
        for test in validity.tests:
            yield from _test_faults(f"validity rule {validity.id}", test, instrument, known)
    yield from _follow_up_faults(instrument)


def question_codes(instrument: Instrument) -> dict[str, tuple[int, ...]]:
    """The codes each question can be answered with, a refusal among them."""
    names = question_names(instrument)
    return dict(zip(names, map(_codes_of, instrument.questions), strict=True))


def _codes_of(question: Question) -> tuple[int, ...]:
    if isinstance(question, Item) and question.entry is not None:
        return entry_bounds(question)
    codes = tuple(option.code for option in question.options)
    refusal = question.refusal if isinstance(question, Item | ExtraItem) else None
    return codes if refusal is None else (*codes, refusal)


def _repeated(ids: list[str]) -> Iterator[str]:
    yield from sorted({one for one in ids if ids.count(one) > 1})


def _critical_faults(instrument: Instrument, known: Codes) -> Iterator[str]:
    for rule_id in _repeated([rule.id for rule in instrument.critical]):
        yield f"critical rule {rule_id} stands twice"
    for rule in instrument.critical:
        where = f"critical rule {rule.id}"
        for test in rule.when:
            yield from _answer_faults(where, test, known)
            if test.or_blank:
                yield f"{where} would fire on a question nobody answered"
        yield from _severe_faults(rule, known)


def _severe_faults(rule: CriticalRule, known: Codes) -> Iterator[str]:
    highest = max((code for test in rule.when for code in known.get(test.question, ())), default=inf)
    if rule.severe_at is not None and rule.severe_at > highest:
        yield f"critical rule {rule.id}: severe_at {rule.severe_at} is never answered"


def _answer_faults(where: str, test: AnswerTest, known: Codes) -> Iterator[str]:
    if test.question not in known:
        yield f"{where} names the unknown item {test.question!r}"
    elif (test.at_least is None) == (test.equals is None):
        yield f"{where}: give either at_least or equals"
    elif not any(test.met_by(code) for code in known[test.question]):
        yield f"{where} can never fire on item {test.question}"
    elif all(test.met_by(code) for code in known[test.question]):
        yield f"{where} fires on every answer to item {test.question}"


def _flag_faults(instrument: Instrument, known: Codes) -> Iterator[str]:
    for rule_id in _repeated([rule.id for rule in instrument.flags]):
        yield f"flag {rule_id} stands twice"
    for rule in instrument.flags:
        for test in rule.tests:
            yield from _test_faults(f"flag {rule.id}", test, instrument, known)


def _test_faults(where: str, test: Test, instrument: Instrument, known: Codes) -> Iterator[str]:
    match test:
        case CountTest():
            yield from _count_faults(where, test, instrument.items)
        case GroupTest():
            yield from _group_faults(where, test, known)
        case AnswerTest():
            yield from _answer_faults(where, test, known)
        case ScoreTest():
            yield from _score_faults(where, test, instrument)


def _score_faults(where: str, test: ScoreTest, instrument: Instrument) -> Iterator[str]:
    scale = next((scale for scale in instrument.scales if scale.id == test.scale), None)
    if scale is None:
        yield f"{where} names the unknown scale {test.scale!r}"
        return
    low, high = score_range(instrument, scale)
    least = low if test.at_least is None else test.at_least
    most = high if test.at_most is None else test.at_most
    if least > high or most < low or least > most:
        yield f"{where} can never be met: {test.scale} goes from {low:g} to {high:g}"
    elif least <= low and most >= high:
        yield f"{where} is always met: {test.scale} goes from {low:g} to {high:g}"


def _count_faults(where: str, test: CountTest, items: tuple[Item, ...]) -> Iterator[str]:
    for number, threshold in test.thresholds.items():
        if not 1 <= number <= len(items):
            yield f"{where} names item {number}, which does not exist"
        elif threshold > item_ends(items[number - 1])[1]:
            yield f"{where}: item {number} never reaches {threshold}"
    if test.at_least > len(test.thresholds):
        yield f"{where} asks for more items than it counts"
    if test.at_most is not None and test.at_most < test.at_least:
        yield f"{where} asks for at least {test.at_least} and at most {test.at_most} items"


def _group_faults(where: str, test: GroupTest, known: Codes) -> Iterator[str]:
    for number in (number for group in test.groups for number in group):
        yield from _answer_faults(where, AnswerTest(str(number), at_least=test.code), known)
    if test.at_least > len(test.groups):
        yield f"{where} asks for more groups than it has"


def _skip_faults(instrument: Instrument, known: Codes) -> Iterator[str]:
    for rule in instrument.skips:
        if rule.question not in known:
            yield f"skip rule names the unknown item {rule.question!r}"
        elif not set(rule.codes) <= set(known[rule.question]):
            yield f"skip rule on {rule.question} names a code that is not printed"
        if not set(rule.skips) <= {item.number for item in instrument.items}:
            yield f"skip rule on {rule.question} skips an item that does not exist"


def _ask_faults(instrument: Instrument, known: Codes) -> Iterator[str]:
    order = {name: place for place, name in enumerate(known)}
    for rule in instrument.ask_when:
        where = f"the branch to {', '.join(rule.questions)}"
        for question in rule.questions:
            if question not in known:
                yield f"{where} names the unknown item {question!r}"
        for test in rule.when:
            yield from _answer_faults(where, test, known)
        asked = [order[question] for question in rule.questions if question in order]
        tested = [order[test.question] for test in rule.when if test.question in order]
        if asked and tested and max(tested) >= min(asked):
            yield f"{where} depends on an answer that comes later"
        for question in rule.questions:
            item = next((item for item in instrument.items if str(item.number) == question), None)
            if item is not None and rule.value is not None and rule.value not in item.values:
                yield f"{where}: item {question} cannot count {rule.value}"


def _class_faults(instrument: Instrument, rule: Classification, known: Codes) -> Iterator[str]:
    where = f"classification {rule.id}"
    labels = [*(grade.label for grade in rule.grades), rule.otherwise]
    for label in _repeated(labels):
        yield f"{where}: the grade {label!r} stands twice"
    found = [
        fault
        for grade in rule.grades
        for test in grade.tests
        for fault in _test_faults(f"{where}, grade {grade.label}", test, instrument, known)
    ]
    yield from found
    if not found:
        yield from (
            f"{where}: the grade {label!r} can never be reached" for label in _unreached(rule, known, labels)
        )


def _unreached(rule: Classification, known: Codes, labels: list[str]) -> list[str]:
    tests = [test for grade in rule.grades for test in grade.tests]
    answers = [test for test in tests if isinstance(test, AnswerTest)]
    names = list(dict.fromkeys(test.question for test in answers))
    if len(answers) < len(tests) or prod(len(known[name]) for name in names) > _TRIED:
        return []
    reached = set()
    for codes in product(*(known[name] for name in names)):
        given = dict(zip(names, codes, strict=True))
        reached.add(_grade_of(rule, given))
    return [label for label in labels if label not in reached]


def _grade_of(rule: Classification, given: Mapping[str, int]) -> str:
    for grade in rule.grades:
        results = [answer_result(test, given, ()) for test in grade.tests if isinstance(test, AnswerTest)]
        if combine(results, match_all=grade.match_all):
            return grade.label
    return rule.otherwise


def _follow_up_faults(instrument: Instrument) -> Iterator[str]:
    flags = {rule.id for rule in instrument.flags}
    criticals = {rule.id for rule in instrument.critical}
    for rule in instrument.follow_ups:
        where = f"the follow-up {rule.instrument}"
        if bool(rule.flag) == bool(rule.critical):
            yield f"{where} follows either a flag or a critical rule"
        elif rule.flag and rule.flag not in flags:
            yield f"{where} follows the unknown flag {rule.flag!r}"
        elif rule.critical and rule.critical not in criticals:
            yield f"{where} follows the unknown critical rule {rule.critical!r}"
        if rule.age_min is not None and rule.age_max is not None and rule.age_min > rule.age_max:
            yield f"{where}: no age is from {rule.age_min} to {rule.age_max}"
    targets = [rule.instrument for rule in instrument.follow_ups] + [
        rule.follow_up for rule in instrument.flags
    ]
    if instrument.id in targets:
        yield f"{instrument.id} would be followed by itself"
