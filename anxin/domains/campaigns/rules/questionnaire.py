"""What a participant's page needs to know of a step: the words, which answers ask for help, when the step is put."""

from typing import Any

from anxin.domains.instruments.contracts import Instrument, Item, ScaleKind, ScoreTest


def page_of(instrument: Instrument, *, language: str) -> dict[str, Any]:
    """The printed form as plain values; options are (code, text) in printed order."""
    return {
        "title": instrument.title.get(language, instrument.id),
        "instruction": instrument.instruction.get(language, ""),
        "stem": instrument.stem.get(language, ""),
        "credit": instrument.licence.credit_line,
        "items": [
            {
                "text": item.text.get(language, ""),
                "options": [[option.code, option.text.get(language, "")] for option in item.options],
            }
            for item in instrument.items
        ],
        "critical": critical_answers(instrument),
    }


def critical_answers(instrument: Instrument) -> dict[str, list[int]]:
    """Item number → the codes that ask for help by themselves, whatever else is answered."""
    found: dict[str, set[int]] = {}
    for rule in instrument.critical:
        if len(rule.when) == 1 and rule.when[0].question.isdigit():
            test = rule.when[0]
            item = instrument.item(int(test.question))
            found.setdefault(test.question, set()).update(code for code in item.codes if test.met_by(code))
    return {question: sorted(codes) for question, codes in found.items() if codes}


def fits_page(instrument: Instrument, *, language: str) -> bool:
    """Whether the page can put it: every question ticked, none branching, all words there.

    Unscored questions are left out; a form of which one is critical needs somebody who asks it.
    """
    asks_for_help = {test.question for rule in instrument.critical for test in rule.when}
    return (
        instrument.gate is None
        and not instrument.skips
        and not instrument.ask_when
        and not any(extra.code in asks_for_help for extra in instrument.extra_items)
        and all(_is_ticked(item, language) for item in instrument.items)
    )


def asked_when(first: Instrument, following: Instrument) -> dict[str, Any] | None:
    """When ``following`` is put after ``first``: the items to add up and from which sum on.

    ``None`` when the rule is no plain sum; then it is put to everybody, which is never too little.
    """
    flags = {rule.flag for rule in first.follow_ups if rule.instrument == following.id and rule.flag}
    for flag in first.flags:
        if (flag.follow_up == following.id or flag.id in flags) and len(flag.tests) == 1:
            (test,) = flag.tests
            if isinstance(test, ScoreTest) and test.at_least is not None and test.at_most is None:
                scale = first.scale(test.scale)
                if scale.kind is ScaleKind.SUM and all(_is_plain(first.item(one)) for one in scale.items):
                    return {"items": list(scale.items), "at_least": test.at_least}
    return None


def _is_plain(item: Item) -> bool:
    return item.values == item.codes


def _is_ticked(item: Item, language: str) -> bool:
    return bool(item.options) and language in item.text and all(language in o.text for o in item.options)
