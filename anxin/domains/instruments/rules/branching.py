"""Which questions a form puts to this person. Paper leaves the choice to the reader; a page has to know it."""

from collections.abc import Iterable, Mapping

from anxin.domains.instruments.contracts import AnswerTest, AskRule, Instrument, Sex


def next_question(
    instrument: Instrument, answers: Mapping[str, int | None], *, sex: Sex | None = None
) -> str | None:
    """The next question in form order, ``None`` when all were put.

    ``answers`` holds every question already put, with ``None`` where it was left blank. A question is named by
    its item number ("3"), an unscored one by its code, the opening question "gate".
    """
    hidden = unasked(instrument, answers, sex=sex)
    return next(
        (name for name in question_names(instrument) if name not in answers and name not in hidden), None
    )


def unasked(
    instrument: Instrument, answers: Mapping[str, int | None], *, sex: Sex | None = None
) -> frozenset[str]:
    """What the answers so far rule out. A question whose condition is still open is not in it."""
    hidden = set(not_put(instrument, answers))
    for rule in instrument.skips:
        if answers.get(rule.question) in rule.codes:
            hidden |= {str(number) for number in rule.skips}
    if sex is not None:
        hidden |= {str(item.number) for item in instrument.items if item.asked_of not in (None, sex)}
    return frozenset(hidden)


def question_names(instrument: Instrument) -> tuple[str, ...]:
    gate = () if instrument.gate is None else ("gate",)
    items = (str(item.number) for item in instrument.items)
    return (*gate, *items, *(extra.code for extra in instrument.extra_items))


def not_put(instrument: Instrument, codes: Mapping[str, int | None]) -> dict[str, AskRule]:
    """Each question that a branch leaves out, with the rule that leaves it out."""
    hidden: dict[str, AskRule] = {}
    for rule in instrument.ask_when:
        results = [answer_result(test, codes, hidden) for test in rule.when]
        if combine(results, match_all=rule.match_all) is False:
            for question in rule.questions:
                hidden.setdefault(question, rule)
    return hidden


def answer_result(test: AnswerTest, codes: Mapping[str, int | None], hidden: Iterable[str]) -> bool | None:
    """``None`` while a missing answer could change it; a question that was not put meets nothing."""
    code = codes.get(test.question)
    if code is not None:
        return test.met_by(code)
    if test.question in hidden:
        return False
    return True if test.or_blank else None


def combine(results: list[bool | None], *, match_all: bool) -> bool | None:
    """All or any of them, decided only when no open result could change it."""
    decisive = not match_all
    if decisive in results:
        return decisive
    return None if None in results else not decisive
