"""The way through the real forms: what is put, what is left out, and what counts after a change of mind."""

import pytest

from anxin.domains.assessments.way import Way, way_through
from anxin.domains.instruments import api as instruments
from tests.requirements_marker import requirement


def way(name: str, sex: str = "") -> Way:
    """The way through a published form."""
    return way_through(instruments.published_version(name), sex=sex)


def names(form: Way, *answers: int | None) -> list[str]:
    """The questions that are put after these answers."""
    given = (*answers, *[None] * (len(form.names) - len(answers)))
    return [form.names[place - 1] for place in form.asked(given)]


@requirement("R-071")
@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ((0, 0), ["1", "2", "6", "6b"]),
        ((0, 0, None, None, None, 0), ["1", "2", "6"]),
        ((1, 1), ["1", "2", "3", "4", "5", "6", "6b"]),
        ((1, 1, 1, 0, 0, 1), ["1", "2", "3", "4", "5", "6", "6b"]),
    ],
)
def test_the_screener_goes_on_to_six_unless_two_is_yes(
    answers: tuple[int | None, ...], asked: list[str]
) -> None:
    assert names(way("c-ssrs-screener"), *answers) == asked


def test_asq_asks_about_now_after_any_yes_or_refusal() -> None:
    form = way("asq")
    assert names(form, 0, 0, 0, 0) == ["1", "2", "3", "4"]
    assert names(form, 0, 0, 0, 1)[-1] == "5"
    assert names(form, 0, 9, 0, 0)[-1] == "5"
    assert names(form, 0, None, 0, 0)[-1] == "5"


def test_the_opening_question_closes_the_rest() -> None:
    form = way("pc-ptsd-5")
    assert names(form) == ["gate", "1", "2", "3", "4", "5"]
    assert names(form, 0) == ["gate"]
    assert form.as_asked((0, 1, 1, 1, None, None)) == (0, None, None, None, None, None)
    sheet = instruments.score(form.instrument, form.as_asked((0, 1, 1, 1, None, None)))
    assert sheet.total == 0


def test_what_is_left_out_counts_by_the_rule_of_the_form() -> None:
    form = way("audit")
    assert names(form, 0) == ["1", "9", "10"]
    assert names(form, 1, 0, 0) == ["1", "2", "3", "9", "10"]
    answers = (0, 3, 3, *[None] * 5, 2, 0)
    assert instruments.score(form.instrument, form.as_asked(answers)).total == 2
    assert form.missing(answers) == ()


def test_going_back_closes_a_branch_that_hung_on_an_answer_ruled_out_itself() -> None:
    form = way("audit")
    # 2 and 3 opened 4 to 8; then 1 was changed to never, which rules out 2 and 3 and all that hung on them
    answers = (0, 2, 2, 1, 1, 1, 1, 1, 0, 0)
    assert names(form, *answers) == ["1", "9", "10"]
    assert form.as_asked(answers) == (0, *[None] * 7, 0, 0)


def test_next_and_last_place_follow_the_answers() -> None:
    form = way("k10")
    blank: tuple[int | None, ...] = (None,) * 10
    assert form.after(2, (1, 1, *blank[2:])) == 4
    assert form.before(4, (1, 1, *blank[2:])) == 2
    assert form.after(2, (1, 3, *blank[2:])) == 3
    assert form.after(10, blank) is None


def test_only_questions_a_rule_looks_at_are_added_to_the_scored_ones() -> None:
    assert len(way("phq-9").names) == 9
    assert way("phq-a").names[9:] == ("10", "11", "12", "13")


def test_some_questions_are_for_one_sex_only() -> None:
    assert "4" not in names(way("phq-15", "m"))
    assert "4" in names(way("phq-15", "f"))
    assert "4" in names(way("phq-15"))


def test_a_critical_answer_is_heard_also_when_it_was_ruled_out_later() -> None:
    form = way("c-ssrs-screener")
    answers = (0, 0, 0, 1, 0, 0, None)
    assert [hit.rule for hit in form.critical(answers)] == ["intent"]


def test_the_page_is_told_on_what_a_question_depends() -> None:
    (branch,) = way("k10").branches(3)
    assert branch.conditions[0].place == 2
    assert branch.conditions[0].codes == (2, 3, 4, 5)
    (opening,) = way("pc-ptsd-5").branches(2)
    assert (opening.conditions[0].place, opening.conditions[0].codes) == (1, (1,))
