"""Doubts about a sheet: each begins where the data file says, and "not at all" nine times is no doubt."""

from datetime import date

from anxin.domains.assessments.contracts import Doubt
from anxin.domains.assessments.credibility import doubts_about
from anxin.domains.assessments.library import taking
from anxin.domains.assessments.rules.validity import Answer, Earlier, doubts
from anxin.domains.assessments.way import way_through
from anxin.domains.instruments import api as instruments
from anxin.domains.instruments.contracts import Verdict
from tests.requirements_marker import requirement

LIMITS = taking().limits
TODAY = date(2026, 11, 24)


def sheet(codes: list[int], *, seconds: float | None = None, reverse: tuple[int, ...] = ()) -> list[Answer]:
    """Answers of a form whose lowest code is 0."""
    return [
        Answer(code, 0, is_reversed=place in reverse, seconds=seconds)
        for place, code in enumerate(codes, start=1)
    ]


def found(
    answers: list[Answer], *, verdict: Verdict = Verdict.VALID, earlier: Earlier | None = None
) -> set[Doubt]:
    """The doubts about a sheet."""
    return set(doubts(answers, limits=LIMITS, verdict=verdict, earlier=earlier))


@requirement("R-071")
def test_faster_than_reading_on_most_questions_is_a_doubt() -> None:
    mixed = [0, 1, 2, 3, 0, 1, 2, 3, 0]
    assert found(sheet(mixed, seconds=0.9)) == {Doubt.TOO_FAST}
    assert found(sheet(mixed, seconds=1.0)) == set()
    half = sheet(mixed[:4], seconds=0.5) + sheet(mixed[:4], seconds=3)
    assert found(half) == set()
    assert found([*half, Answer(1, 0, is_reversed=False, seconds=0.2)]) == {Doubt.TOO_FAST}


def test_where_no_time_is_known_nothing_is_said_about_speed() -> None:
    assert found(sheet([0, 1, 2, 3, 0, 1, 2, 3, 0])) == set()
    few = sheet([0, 1, 2, 3], seconds=0.1) + sheet([1, 2, 3, 0, 1])
    assert found(few) == set()


def test_one_answer_all_the_way_down_is_a_doubt_unless_it_is_a_good_fortnight() -> None:
    assert found(sheet([3] * 9)) == {Doubt.SAME_ANSWER}
    assert found(sheet([0] * 9)) == set()
    assert found(sheet([0] * 9, reverse=(4, 8))) == {Doubt.SAME_ANSWER}
    assert found(sheet([3] * 7)) == set()
    assert found(sheet([3] * 8 + [2])) == set()


def test_a_control_scale_is_heard() -> None:
    assert found(sheet([1, 2]), verdict=Verdict.DOUBTFUL) == {Doubt.CONTROL_SCALE}
    assert found(sheet([1, 2]), verdict=Verdict.VOID) == {Doubt.CONTROL_SCALE}


def test_again_before_its_time_is_a_doubt_unless_somebody_decided_so() -> None:
    def asked_on(day: date, *, is_ordered: bool = False) -> Earlier:
        return Earlier(days=[day], on=TODAY, interval_days=14, is_ordered=is_ordered)

    assert found(sheet([1, 2]), earlier=asked_on(date(2026, 11, 11))) == {Doubt.REPEATED}
    assert found(sheet([1, 2]), earlier=asked_on(date(2026, 11, 10))) == set()
    assert found(sheet([1, 2]), earlier=asked_on(date(2026, 11, 11), is_ordered=True)) == set()


def test_the_real_forms_know_their_turned_questions_and_their_lowest_code() -> None:
    turned = way_through(instruments.published_version("rses"))
    codes = [turned.options(1)[0].code] * len(turned.names)
    assert doubts_about(turned, codes, seconds={}, verdict="valid") == (Doubt.SAME_ANSWER,)
    plain = way_through(instruments.published_version("phq-9"))
    assert doubts_about(plain, [0] * 9, seconds={}, verdict="valid") == ()
    assert doubts_about(plain, [None] * 9, seconds={}, verdict="valid") == ()
