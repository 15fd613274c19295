"""Which questions are put, what a question that was not put counts, and grades instead of totals."""

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import BadAnswers, CriticalLevel, Sex
from anxin.domains.instruments.rules.branching import next_question, question_names, unasked
from anxin.domains.instruments.rules.scoring import score
from tests.requirements_marker import requirement

N = None


def _walk(instrument_id: str, answers: dict[str, int], sex: Sex | None = None) -> list[str]:
    """The questions put one after the other to somebody who answers so, and nought to everything else."""
    instrument = library.get(instrument_id)
    given: dict[str, int | None] = {}
    while (question := next_question(instrument, given, sex=sex)) is not None:
        given[question] = answers.get(question, 0)
    return list(given)


@requirement("R-067")
@pytest.mark.parametrize(
    ("answers", "put"),
    [
        ({}, ["1", "2", "6"]),
        ({"1": 1}, ["1", "2", "6"]),
        ({"2": 1}, ["1", "2", "3", "4", "5", "6"]),
        ({"6": 1}, ["1", "2", "6", "6b"]),
        ({"2": 1, "6": 1}, ["1", "2", "3", "4", "5", "6", "6b"]),
    ],
)
def test_the_c_ssrs_screener_puts_the_questions_of_the_form(answers: dict[str, int], put: list[str]) -> None:
    assert _walk("c-ssrs-screener", answers) == put


@requirement("R-067")
@pytest.mark.parametrize(
    ("answers", "risk"),
    [
        ([0, 0, N, N, N, 0], "none"),
        ([0, 0, N, N, N, 0, N], "none"),
        ([1, 0, N, N, N, 0, N], "low"),
        ([0, 1, 0, 0, 0, 0, N], "low"),
        ([1, 1, 1, 0, 0, 0, N], "moderate"),
        ([0, 0, N, N, N, 1, 0], "moderate"),
        ([1, 1, 0, 1, 0, 0, N], "high"),
        ([1, 1, 0, 0, 1, 0, N], "high"),
        # no thoughts at all, but an attempt within three months
        ([0, 0, N, N, N, 1, 1], "high"),
        # a question that should not have been put was answered: it counts
        ([0, 0, N, N, 1, 0, N], "high"),
        # the follow-up to 6 is open: at least moderate, perhaps high
        ([0, 0, N, N, N, 1, N], None),
        ([0, N, N, N, N, 0, N], None),
        ([1, 1, 1, 1, N, 0, N], "high"),
    ],
)
def test_the_c_ssrs_screener_grades_risk_and_gives_no_total(
    answers: list[int | None], risk: str | None
) -> None:
    sheet = score(library.get("c-ssrs-screener"), answers)
    assert sheet.classes == {"risk": risk}
    assert (sheet.total, dict(sheet.scores), sheet.bands) == (None, {}, ())
    assert sheet.as_dict()["classes"] == {"risk": risk}


def test_an_open_grade_says_the_least_it_is() -> None:
    sheet = score(library.get("c-ssrs-screener"), [0, 0, N, N, N, 1])
    assert "at_least:risk:moderate" in sheet.validity.notes
    sheet = score(library.get("c-ssrs-screener"), [1, 1, 1, N, N, 0])
    assert (sheet.classes["risk"], sheet.validity.missing) == (None, (4, 5))
    assert "at_least:risk:moderate" in sheet.validity.notes


def test_not_put_is_not_missing() -> None:
    sheet = score(library.get("c-ssrs-screener"), [0, 0, N, N, N, 0])
    assert (sheet.validity.complete, sheet.validity.missing) == (True, ())
    assert sheet.validity.notes == ("not_asked:3", "not_asked:4", "not_asked:5")


@pytest.mark.parametrize(
    ("answers", "put"),
    [
        ({}, ["1", "2", "3", "4"]),
        ({"3": 1}, ["1", "2", "3", "4", "5"]),
        ({"2": 9}, ["1", "2", "3", "4", "5"]),
    ],
)
def test_the_asq_ends_after_four_noes(answers: dict[str, int], put: list[str]) -> None:
    assert _walk("asq", answers) == put


@requirement("R-067")
@pytest.mark.parametrize(
    ("answers", "screen", "acuity"),
    [
        ([0, 0, 0, 0], "negative", "not_acute"),
        ([0, 0, 0, 0, N], "negative", "not_acute"),
        ([1, 0, 0, 0, 0], "positive", "not_acute"),
        ([0, 0, 0, 1, 0], "positive", "not_acute"),
        ([0, 0, 1, 0, 1], "positive", "acute"),
        ([0, 9, 0, 0, 0], "positive", "not_acute"),
        ([0, 0, N, 0, 0], "positive", "not_acute"),
        ([1, 1, 1, 1, 9], "positive", "acute"),
        ([1, 0, 0, 0, N], "positive", None),
        ([1, 0, 0, 0], "positive", None),
    ],
)
def test_the_asq_is_positive_on_any_yes_and_on_a_refusal(
    answers: list[int | None], screen: str, acuity: str | None
) -> None:
    assert score(library.get("asq"), answers).classes == {"screen": screen, "acuity": acuity}


def test_a_refusal_is_an_answer_and_another_code_is_not() -> None:
    sheet = score(library.get("asq"), [9, 0, 0, 0, 0])
    assert "refused:1" in sheet.validity.notes
    assert [hit.rule for hit in sheet.critical] == ["question_1"]
    with pytest.raises(BadAnswers, match="item 1: 2 is not one of 0, 1, 9"):
        score(library.get("asq"), [2, 0, 0, 0, 0])
    with pytest.raises(BadAnswers, match="item 1: 9 is not one of 0, 1"):
        score(library.get("c-ssrs-screener"), [9, 0, 0, 0, 0, 0])


def test_suicide_screens_are_severe_from_intent_on() -> None:
    levels = {
        hit.rule: hit.level for hit in score(library.get("c-ssrs-screener"), [1, 1, 1, 1, 1, 1, 1]).critical
    }
    severe = {rule for rule, level in levels.items() if level is CriticalLevel.SEVERE}
    assert severe == {"intent", "plan", "behaviour_recent"}
    assert len(levels) == 7
    assert score(library.get("asq"), [1, 0, 0, 0, 1]).critical[-1].level is CriticalLevel.SEVERE


@pytest.mark.parametrize(
    ("answers", "put"),
    [
        ({}, ["1", "9", "10"]),
        ({"1": 2}, ["1", "2", "3", "9", "10"]),
        ({"1": 2, "3": 1}, [str(number) for number in range(1, 11)]),
        ({"1": 2, "2": 1}, [str(number) for number in range(1, 11)]),
    ],
)
def test_the_audit_skips_as_printed(answers: dict[str, int], put: list[str]) -> None:
    assert _walk("audit", answers) == put


@pytest.mark.parametrize(
    ("answers", "total", "complete"),
    [
        ([0, N, N, N, N, N, N, N, 0, 0], 0, True),
        ([0, N, N, N, N, N, N, N, 2, 4], 6, True),
        ([1, 0, 0, N, N, N, N, N, 0, 0], 1, True),
        ([1, 0, 1, N, 0, 0, 0, 0, 0, 0], None, False),
        ([1, 0, N, N, N, N, N, N, 0, 0], None, False),
        ([0, N, N, N, N, N, N, N, N, 0], None, False),
        # paper has no branches: an answer that is there counts
        ([1, 0, 0, 1, 0, 0, 0, 0, 0, 2], 4, True),
        ([4, 4, 4, 4, 4, 4, 4, 4, 4, 4], 40, True),
    ],
)
def test_what_the_audit_did_not_ask_counts_nought(
    answers: list[int | None], total: int | None, complete: bool
) -> None:
    sheet = score(library.get("audit"), answers)
    assert (sheet.total, sheet.validity.complete) == (total, complete)


@pytest.mark.parametrize("wrong", [1, 3, 5])
def test_the_last_two_audit_items_step_by_two(wrong: int) -> None:
    with pytest.raises(BadAnswers, match=f"item 9: {wrong} is not one of 0, 2, 4"):
        score(library.get("audit"), [0] * 8 + [wrong, 0])


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ([1, 1, N, 1, 1, N, 1, 1, 1, 1], 10),
        ([2, 1, N, 2, 2, 2, 2, 2, 2, 2], 2 * 8 + 1 + 1),
        ([2, 2, N, 2, 2, 2, 2, 2, 2, 2], None),
        ([1, N, N, 1, 1, N, 1, 1, 1, 1], None),
        ([1, 1, 5, 1, 1, 1, 1, 1, 1, 1], 14),
    ],
)
def test_k10_counts_the_skipped_intensifier_as_never(answers: list[int | None], total: int | None) -> None:
    assert score(library.get("k10"), answers).total == total
    assert "3" not in _walk("k10", {str(number): 1 for number in range(1, 11)})


@pytest.mark.parametrize(
    ("answers", "total", "screen"),
    [
        ([0, N, N, N], 0, "negative"),
        ([0, 4, 4, 4], 12, "negative"),
        ([3, N, N, N], 3, "positive"),
        ([4, 0, 0, 0], 4, "positive"),
        ([1, 0, 1, 0], 2, "negative"),
        ([1, 1, 1, 0], 3, "positive"),
        ([2, 0, 0, 2], 4, "positive"),
        ([2, 0, 0, N], None, None),
        ([N, 0, 0, 0], None, None),
    ],
)
def test_fast_decides_on_its_first_question_where_it_can(
    answers: list[int | None], total: int | None, screen: str | None
) -> None:
    sheet = score(library.get("fast"), answers)
    assert (sheet.total, sheet.classes["screen"]) == (total, screen)


def _assist(changes: dict[int, int]) -> list[int | None]:
    return [changes.get(number, 0 if number <= 10 else N) for number in range(1, 70)]


def test_assist_asks_only_about_what_was_ever_used() -> None:
    assert _walk("assist", {}) == [str(number) for number in range(1, 11)]
    put = _walk("assist", {"2": 3})
    # alcohol: 2b, then 6b and 7b because it was not used in the last three months, then injection
    assert put == [*(str(number) for number in range(1, 11)), "12", "51", "61", "injection"]
    assert {"22", "32", "41"} <= set(_walk("assist", {"2": 3, "12": 4}))


def test_assist_scores_each_substance_with_its_own_weights() -> None:
    assist = library.get("assist")
    nothing = score(assist, _assist({}))
    assert (nothing.scores["alcohol"], nothing.scores["substances_ever"]) == (0, 0)
    assert nothing.validity.complete
    # alcohol weekly 4, urge monthly 4, problems once 4, failed once 5, concern 3, tried 6
    alcohol = {2: 3, 12: 4, 22: 4, 32: 4, 41: 5, 51: 3, 61: 6}
    sheet = score(assist, _assist(alcohol))
    assert sheet.scores["alcohol"] == 26
    band = sheet.band_of("alcohol")
    assert band
    assert band.label == "moderate"
    # tobacco has no fifth question
    tobacco = {1: 3, 11: 6, 21: 6, 31: 7, 50: 6, 60: 6}
    assert score(assist, _assist(tobacco)).scores["tobacco"] == 31
    assert score(assist, _assist({1: 3})).scores["tobacco"] is None
    with pytest.raises(BadAnswers, match="item 12: 1 is not one of 0, 2, 3, 4, 6"):
        score(assist, _assist({2: 3, 12: 1}))


def test_assist_finds_injecting_whatever_the_scores() -> None:
    sheet = score(library.get("assist"), [*_assist({9: 3, 19: 0, 58: 0, 68: 0}), 2])
    assert sheet.flags["injected"] is True
    assert score(library.get("assist"), [*_assist({}), N]).flags["injected"] is False


def test_a_gate_and_a_sex_leave_questions_out_too() -> None:
    assert _walk("pc-ptsd-5", {}) == ["gate"]
    assert _walk("pc-ptsd-5", {"gate": 1}) == ["gate", "1", "2", "3", "4", "5"]
    assert "4" not in _walk("phq-15", {}, Sex.MALE)
    assert "4" in _walk("phq-15", {}, Sex.FEMALE)
    assert "4" in _walk("phq-15", {})


def test_what_is_left_blank_is_not_put_again() -> None:
    phq_9 = library.get("phq-9")
    assert next_question(phq_9, {}) == "1"
    assert next_question(phq_9, {"1": None}) == "2"
    answered: dict[str, int | None] = dict.fromkeys(question_names(phq_9), 0)
    assert next_question(phq_9, answered) is None
    assert unasked(phq_9, {}) == frozenset()


def test_a_condition_that_is_still_open_rules_nothing_out() -> None:
    screener = library.get("c-ssrs-screener")
    assert unasked(screener, {}) == frozenset()
    assert unasked(screener, {"2": None}) == frozenset()
    assert unasked(screener, {"2": 0}) == {"3", "4", "5"}
