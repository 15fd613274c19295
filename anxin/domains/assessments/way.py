"""The way through a form: which questions it puts to this person, in what order, and what it leaves out.

A question is named by its place on the form, from 1: the opening question, the items, then the unscored ones that a
rule looks at. Everything about branches is asked of the instrument room here and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import (
    AnswerTest,
    CriticalHit,
    Gate,
    GroupTest,
    Instrument,
    Item,
    Option,
    Question,
    Sex,
)

Answers = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is put only after one of ``codes`` at ``place``."""

    place: int
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """All or any of the conditions."""

    conditions: tuple[Condition, ...]
    match_all: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One form for one person. ``sex`` is None where nobody knows it; then nothing is left out for it."""

    instrument: Instrument
    names: tuple[str, ...]
    questions: tuple[Question, ...]
    sex: Sex | None = None

    @property
    def places(self) -> range:
        """The places on the form."""
        return range(1, len(self.names) + 1)

    def question(self, place: int) -> Question:
        """What is printed at a place."""
        return self.questions[place - 1]

    def options(self, place: int) -> tuple[Option, ...]:
        """The printed answers at a place."""
        return self.question(place).options

    def refusal(self, place: int) -> int | None:
        """The code for "declined to answer", where the form has one."""
        question = self.question(place)
        return None if isinstance(question, Gate) else question.refusal

    def accepts(self, place: int, value: int) -> bool:
        """Whether the value is one of the codes at this place."""
        codes = {option.code for option in self.options(place)}
        return value in codes or value == self.refusal(place)

    def codes(self, answers: Answers) -> dict[str, int | None]:
        """The answers under the names of their questions."""
        return dict(zip(self.names, answers, strict=True))

    def left_out(self, answers: Answers) -> frozenset[int]:
        """The places that the answers so far rule out.

        What was answered there before, and is ruled out now, must not keep a further branch open: so again until
        nothing changes. A branch looks back only, hence this ends.
        """
        codes = self.codes(answers)
        while True:
            hidden = instruments.unasked(self.instrument, codes, sex=self.sex)
            if all(codes.get(name) is None for name in hidden):
                return frozenset(place for place in self.places if self.names[place - 1] in hidden)
            codes = {name: None if name in hidden else code for name, code in codes.items()}

    def asked(self, answers: Answers) -> tuple[int, ...]:
        """The places that are put, in order, as far as the answers tell."""
        hidden = self.left_out(answers)
        return tuple(place for place in self.places if place not in hidden)

    def as_asked(self, answers: Answers) -> tuple[int | None, ...]:
        """The answers that count: without what was ruled out afterwards."""
        hidden = self.left_out(answers)
        return tuple(
            None if place in hidden else value for place, value in zip(self.places, answers, strict=True)
        )

    def missing(self, answers: Answers) -> tuple[int, ...]:
        """The places that are put and have no answer."""
        return tuple(place for place in self.asked(answers) if answers[place - 1] is None)

    def after(self, place: int, answers: Answers) -> int | None:
        """The place that follows; None behind the last."""
        return next((one for one in self.asked(answers) if one > place), None)

    def before(self, place: int, answers: Answers) -> int | None:
        """The place that goes before; None at the first."""
        return next((one for one in reversed(self.asked(answers)) if one < place), None)

    def critical(self, answers: Answers) -> tuple[CriticalHit, ...]:
        """The critical rules met by anything that was answered, also where it was ruled out later."""
        return instruments.critical_answers(self.instrument, self.codes(answers))

    def branches(self, place: int) -> tuple[Branch, ...]:
        """On which earlier answers it depends whether a place is put, for a page that shows all of them."""
        name = self.names[place - 1]
        found = [
            Branch(
                tuple(Condition(self._place_of(test.question), self._meeting(test)) for test in rule.when),
                rule.match_all,
            )
            for rule in self.instrument.ask_when
            if name in rule.questions
        ]
        found += [
            Branch((Condition(self._place_of(rule.question), self._others(rule.question, rule.codes)),), True)
            for rule in self.instrument.skips
            if name.isdigit() and int(name) in rule.skips
        ]
        return tuple(found)

    def _place_of(self, name: str) -> int:
        return self.names.index(name) + 1

    def _meeting(self, test: AnswerTest) -> tuple[int, ...]:
        return tuple(code for code in self._all_codes(test.question) if test.met_by(code))

    def _others(self, name: str, codes: Sequence[int]) -> tuple[int, ...]:
        return tuple(code for code in self._all_codes(name) if code not in codes)

    def _all_codes(self, name: str) -> tuple[int, ...]:
        place = self._place_of(name)
        refusal = self.refusal(place)
        codes = tuple(option.code for option in self.options(place))
        return codes if refusal is None else (*codes, refusal)


def way_through(instrument: Instrument, *, sex: str = "") -> Way:
    """The way through a form; ``sex`` as the archive knows it."""
    printed: list[tuple[str, Question]] = [(str(item.number), item) for item in instrument.items]
    if instrument.gate is not None:
        printed.insert(0, ("gate", instrument.gate))
    elif _looks_at_extras(instrument):
        # an unscored question that no rule looks at tells nothing and costs the person a question
        printed += [(extra.code, extra) for extra in instrument.extra_items]
    return Way(
        instrument,
        tuple(name for name, _ in printed),
        tuple(question for _, question in printed),
        Sex(sex) if sex else None,
    )


def _looks_at_extras(instrument: Instrument) -> bool:
    names = {extra.code for extra in instrument.extra_items}
    grades = [test for rule in instrument.classifications for grade in rule.grades for test in grade.tests]
    tests = [
        *(test for rule in instrument.critical for test in rule.when),
        *(test for rule in instrument.flags for test in rule.tests),
        *(test for rule in instrument.ask_when for test in rule.when),
        *grades,
    ]
    looked_at = {test.question for test in tests if isinstance(test, AnswerTest)}
    looked_at |= {
        str(number)
        for test in tests
        if isinstance(test, GroupTest)
        for group in test.groups
        for number in group
    }
    return bool(names & looked_at)


def is_written(instrument: Instrument) -> bool:
    """Whether something is written instead of ticked; no page takes that yet."""
    return any(item.entry is not None for item in instrument.items)


def lowest_code(question: Question) -> int:
    """The printed code that counts least."""
    if isinstance(question, Item) and question.options:
        return min(question.codes, key=question.value_of)
    return min((option.code for option in question.options), default=0)
