"""Answers that must reach a person: they fire whatever the total and whatever else is missing."""

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import CriticalAction, CriticalLevel
from anxin.domains.instruments.rules.scoring import critical_answers, score
from anxin.domains.instruments.tests.forms import TICKED, lowest

SUICIDE_ITEMS = {
    "asq": (4, 1),
    "c-ssrs-screener": (1, 1),
    "cesd-r": (15, 1),
    "core-10": (6, 1),
    "epds": (10, 1),
    "hamd-17": (3, 1),
    "hamd-24": (3, 1),
    "phq-9": (9, 1),
    "phq-a": (9, 1),
    "sbq-r": (1, 2),
    "scl-90": (15, 2),
    "srq-20": (17, 1),
}


@pytest.mark.parametrize(("instrument_id", "item", "threshold"), [(k, *v) for k, v in SUICIDE_ITEMS.items()])
def test_a_suicide_item_alone_leads_to_the_suicide_flow(
    instrument_id: str, item: int, threshold: int
) -> None:
    instrument = library.get(instrument_id)
    answers: list[int | None] = [None] * len(instrument.items)
    answers[item - 1] = threshold
    (hit,) = score(instrument, answers).critical
    assert hit.action is CriticalAction.SUICIDE_FLOW
    assert (hit.questions, hit.codes, hit.level) == ((str(item),), (threshold,), CriticalLevel.CRITICAL)
    answers[item - 1] = threshold - 1
    assert score(instrument, answers).critical == ()


@pytest.mark.parametrize("instrument_id", ["phq-9", "phq-a", "epds", "core-10", "hamd-17"])
def test_two_or_three_on_the_suicide_item_is_severe(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    item = SUICIDE_ITEMS[instrument_id][0]
    answers = lowest(instrument)
    levels = []
    for code in (1, 2, 3):
        answers[item - 1] = code
        levels.append(score(instrument, answers).critical[0].level)
    assert levels == [CriticalLevel.CRITICAL, CriticalLevel.SEVERE, CriticalLevel.SEVERE]


@pytest.mark.parametrize("code", ["12", "13"])
def test_the_unscored_questions_of_the_phq_a_are_critical_too(code: str) -> None:
    answers = [0] * 13
    answers[int(code) - 1] = 1
    sheet = score(library.get("phq-a"), answers)
    assert sheet.total == 0
    assert [(hit.questions, hit.action) for hit in sheet.critical] == [((code,), CriticalAction.SUICIDE_FLOW)]


def test_unscored_questions_never_enter_the_total() -> None:
    assert score(library.get("phq-9"), [1] * 9 + [3]).total == 9
    assert score(library.get("phq-9"), [1] * 9 + [None]).validity.complete


def test_sds_asks_about_risk_from_three_on_item_19() -> None:
    answers = lowest(library.get("sds"))
    hits = {}
    for code in (2, 3, 4):
        answers[18] = code
        hits[code] = [hit.action for hit in score(library.get("sds"), answers).critical]
    assert hits == {2: [], 3: [CriticalAction.ASK_RISK], 4: [CriticalAction.ASK_RISK]}


def test_gds_15_asks_about_risk_when_unhappy_worthless_and_hopeless_meet() -> None:
    gds = library.get("gds-15")
    answers = lowest(gds)
    answers[6], answers[11], answers[13] = 0, 1, 1
    assert [hit.action for hit in score(gds, answers).critical] == [CriticalAction.ASK_RISK]
    answers[6] = 1
    assert score(gds, answers).critical == ()


def test_scl_90_item_59_asks_about_risk() -> None:
    answers = [1] * 90
    answers[58] = 2
    (hit,) = score(library.get("scl-90"), answers).critical
    assert (hit.rule, hit.action) == ("death_thoughts", CriticalAction.ASK_RISK)


@pytest.mark.parametrize("instrument_id", TICKED)
def test_no_rule_fires_on_the_healthiest_answers(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    assert score(instrument, lowest(instrument)).critical == ()


def test_a_critical_answer_is_seen_before_the_form_is_finished() -> None:
    phq_9 = library.get("phq-9")
    assert [hit.level for hit in critical_answers(phq_9, {"9": 3})] == [CriticalLevel.SEVERE]
    assert critical_answers(phq_9, {"9": None, "1": 3}) == ()
    assert critical_answers(phq_9, {}) == ()


@pytest.mark.parametrize("item", [1, 2, 3, 4])
def test_any_answer_above_the_lowest_on_the_sbq_r_leads_to_the_suicide_flow(item: int) -> None:
    answers: list[int | None] = [1, 1, 1, 0]
    assert score(library.get("sbq-r"), answers).critical == ()
    answers[item - 1] = 2
    assert [hit.action for hit in score(library.get("sbq-r"), answers).critical] == [
        CriticalAction.SUICIDE_FLOW
    ]


@pytest.mark.parametrize("item", [18, 24])
def test_harm_to_the_baby_is_asked_about_from_the_first_answer(item: int) -> None:
    pbq = library.get("pbq")
    answers = lowest(pbq)
    answers[item - 1] = 1
    assert [hit.action for hit in score(pbq, answers).critical] == [CriticalAction.ASK_RISK]


@pytest.mark.parametrize("item", [17, 21])
def test_dass_21_asks_about_risk_when_worth_or_meaning_is_gone(item: int) -> None:
    dass = library.get("dass-21")
    answers = lowest(dass)
    answers[item - 1] = 1
    assert score(dass, answers).critical == ()
    answers[item - 1] = 2
    assert [hit.action for hit in score(dass, answers).critical] == [CriticalAction.ASK_RISK]


def test_a_critical_answer_to_a_question_that_was_not_put_is_heard() -> None:
    hits = score(library.get("c-ssrs-screener"), [0, 0, None, None, 1, 0]).critical
    assert [hit.rule for hit in hits] == ["plan"]
