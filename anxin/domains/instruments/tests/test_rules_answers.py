"""What is refused, and that the refusal names the item."""

from dataclasses import replace

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import BadAnswers, KeyUnverified
from anxin.domains.instruments.rules.scoring import score


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([0] * 8, "phq-9 takes 9 or 10 answers, got 8"),
        ([0] * 11, "phq-9 takes 9 or 10 answers, got 11"),
        ([], "phq-9 takes 9 or 10 answers, got 0"),
        ([0, 0, 4] + [0] * 6, "item 3: 4 is not one of 0, 1, 2, 3"),
        ([-1] + [0] * 8, "item 1: -1 is not one of 0, 1, 2, 3"),
        ([0] * 8 + [True], "item 9: True is not a whole number"),
        ([0, 1.0] + [0] * 7, "item 2: 1.0 is not a whole number"),
        (["2"] + [0] * 8, "item 1: '2' is not a whole number"),
        ([[1]] + [0] * 8, "item 1: [1] is not a whole number"),
        ([0] * 9 + [7], "item difficulty: 7 is not one of 0, 1, 2, 3"),
    ],
)
def test_answers_that_do_not_fit_the_form_are_refused_by_name(answers: list[object], message: str) -> None:
    with pytest.raises(BadAnswers) as refusal:
        score(library.get("phq-9"), answers)
    assert str(refusal.value) == message


def test_all_faults_are_kept_and_the_first_is_told() -> None:
    with pytest.raises(BadAnswers) as refusal:
        score(library.get("phq-9"), [9, 0, True] + [0] * 6)
    assert str(refusal.value) == "item 1: 9 is not one of 0, 1, 2, 3 (and 1 more)"
    assert len(refusal.value.faults) == 2


def test_a_wrong_gate_answer_is_refused() -> None:
    with pytest.raises(BadAnswers, match="the opening question: 2 is not one of 0, 1"):
        score(library.get("pc-ptsd-5"), [2, 0, 0, 0, 0, 0])


def test_a_key_nobody_verified_gives_no_score() -> None:
    phq_9 = library.get("phq-9")
    unverified = replace(phq_9, provenance=replace(phq_9.provenance, key_verified=False))
    with pytest.raises(KeyUnverified, match="phq-9 is not offered: its scoring key is unverified"):
        score(unverified, [0] * 9)


def test_all_missing_gives_nulls_and_no_band() -> None:
    sheet = score(library.get("scl-90"), [None] * 90)
    assert set(sheet.scores.values()) == {None}
    assert (sheet.bands, sheet.critical) == ((), ())
    assert sheet.flags["screen_positive"] is None
