"""When a question is put, in the words of FHIR: ``enableWhen`` where it can say it, an SDC expression where not."""

from collections.abc import Iterator
from dataclasses import dataclass

from anxin.domains.instruments.contracts import AnswerTest, AskRule, Instrument, Item, Question, SkipRule
from anxin.exchange.instruments.fhir import ENABLE_EXPRESSION, Resource, coding

Clause = Resource
_IS, _IS_NOT, _EXISTS = "=", "!=", "exists"


@dataclass(frozen=True)
class _Condition:
    """The same condition as clauses that must all hold, and as clauses of which one must.

    ``None`` where it cannot be said so; never both.
    """

    every: list[Clause] | None
    any: list[Clause] | None


def enabling(instrument: Instrument, question: str, questions: dict[str, Question]) -> Resource:
    """The fields of an item that say when it is put; none when it always is."""
    conditions = [
        *(_asked(instrument, rule, questions) for rule in instrument.ask_when if question in rule.questions),
        *(
            _not_skipped(instrument, rule)
            for rule in instrument.skips
            if question.isdigit() and int(question) in rule.skips
        ),
    ]
    if not conditions:
        return {}
    if len(conditions) == 1 and conditions[0].any is not None:
        return _fields(conditions[0].any, "any")
    if all(one.every is not None for one in conditions):
        return _fields([clause for one in conditions for clause in one.every or ()], "all")
    return {"extension": [_expression(conditions)]}


def _fields(clauses: list[Clause], behaviour: str) -> Resource:
    return {
        "enableWhen": clauses,
        **({"enableBehavior": behaviour} if len(clauses) > 1 else {}),
    }


def _asked(instrument: Instrument, rule: AskRule, questions: dict[str, Question]) -> _Condition:
    single = len(rule.when) == 1
    any_of = [clause for test in rule.when for clause in _one_of(instrument, test, questions)]
    every = [clause for test in rule.when for clause in _all_of(instrument, test, questions)]
    return _Condition(
        every=every if single or rule.match_all else None,
        any=any_of if single or not rule.match_all else None,
    )


def _not_skipped(instrument: Instrument, rule: SkipRule) -> _Condition:
    clauses = [_clause(instrument, rule.question, _IS_NOT, code) for code in rule.codes]
    return _Condition(every=clauses, any=clauses if len(clauses) == 1 else None)


def _one_of(instrument: Instrument, test: AnswerTest, questions: dict[str, Question]) -> Iterator[Clause]:
    met, _ = _codes(test, questions)
    for code in met:
        yield _clause(instrument, test.question, _IS, code)
    if test.or_blank:
        yield {"question": test.question, "operator": _EXISTS, "answerBoolean": False}


def _all_of(instrument: Instrument, test: AnswerTest, questions: dict[str, Question]) -> Iterator[Clause]:
    met, unmet = _codes(test, questions)
    if len(met) == 1 and not test.or_blank:
        yield _clause(instrument, test.question, _IS, met[0])
        return
    if not test.or_blank:
        yield {"question": test.question, "operator": _EXISTS, "answerBoolean": True}
    for code in unmet:
        yield _clause(instrument, test.question, _IS_NOT, code)


def _codes(test: AnswerTest, questions: dict[str, Question]) -> tuple[list[int], list[int]]:
    asked = questions[test.question]
    codes = [option.code for option in asked.options]
    refusal = asked.refusal if isinstance(asked, Item) else getattr(asked, "refusal", None)
    codes += [] if refusal is None else [refusal]
    return [code for code in codes if test.met_by(code)], [code for code in codes if not test.met_by(code)]


def _clause(instrument: Instrument, question: str, operator: str, code: int) -> Clause:
    return {
        "question": question,
        "operator": operator,
        "answerCoding": coding(instrument.id, question, code),
    }


def _expression(conditions: list[_Condition]) -> Resource:
    """All conditions at once, which ``enableWhen`` cannot say when one of them is itself a choice."""
    said = [
        " or ".join(map(_said, one.any or ())) if one.every is None else " and ".join(map(_said, one.every))
        for one in conditions
    ]
    return {
        "url": ENABLE_EXPRESSION,
        "valueExpression": {
            "language": "text/fhirpath",
            "expression": " and ".join(f"({one})" for one in said),
        },
    }


def _said(clause: Clause) -> str:
    given = f"%resource.item.where(linkId = '{clause['question']}').answer.value"
    if clause["operator"] == _EXISTS:
        return f"{given}.exists()" if clause["answerBoolean"] else f"{given}.empty()"
    same = f"({given}.code contains '{clause['answerCoding']['code']}')"
    return same if clause["operator"] == _IS else f"{same}.not()"
