"""What is asked next, and when: data of the instrument, decided by one pure function."""

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.rules.scoring import follow_ups, score
from anxin.domains.instruments.tests.forms import ALL_IDS, lowest, reaching
from tests.requirements_marker import requirement


def _next(instrument_id: str, answers: list[int], age: int | None = None) -> list[str]:
    instrument = library.get(instrument_id)
    return [one.instrument for one in follow_ups(instrument, score(instrument, answers), age=age)]


@requirement("R-067")
@pytest.mark.parametrize(
    ("instrument_id", "scale", "below", "at", "follow_up"),
    [
        ("phq-2", "total", 2, 3, "phq-9"),
        ("gad-2", "total", 2, 3, "gad-7"),
        ("k6", "total", 12, 13, "phq-9"),
        ("who-5", "index", 52, 48, "phq-9"),
        ("phq-4", "anxiety", 2, 3, "gad-7"),
        ("phq-4", "depression", 2, 3, "phq-9"),
        ("pc-ptsd-5", "total", 2, 3, "pcl-5"),
        ("cage", "total", 1, 2, "audit"),
        ("ces-dc", "total", 14, 15, "phq-a"),
    ],
)
def test_a_positive_first_step_asks_the_second(
    instrument_id: str, scale: str, below: int, at: int, follow_up: str
) -> None:
    instrument = library.get(instrument_id)
    assert _next(instrument_id, reaching(instrument, instrument.scale(scale), below)) == []
    assert _next(instrument_id, reaching(instrument, instrument.scale(scale), at)) == [follow_up]


@pytest.mark.parametrize(
    ("age", "expected"), [(24, ["asq"]), (25, ["c-ssrs-screener"]), (None, ["asq", "c-ssrs-screener"])]
)
def test_a_critical_answer_is_followed_by_the_screen_for_the_age(
    age: int | None, expected: list[str]
) -> None:
    assert _next("phq-9", [0] * 8 + [1], age) == expected
    assert _next("phq-9", [3] * 8 + [0], age) == []


def test_several_reasons_ask_the_same_screen_once() -> None:
    assert _next("phq-a", [0] * 8 + [1] + [0, 0, 1, 1]) == ["asq"]


@pytest.mark.parametrize("instrument_id", ALL_IDS)
def test_every_follow_up_is_in_the_library(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    targets = {rule.instrument for rule in instrument.follow_ups}
    targets |= {flag.follow_up for flag in instrument.flags if flag.follow_up}
    assert targets <= set(ALL_IDS)
    assert all(library.get(target).offered for target in targets)


def test_nothing_follows_the_healthiest_answers() -> None:
    for name in ("phq-9", "phq-2", "gad-2", "k6", "epds", "scl-90", "srq-20", "core-10", "cesd-r"):
        assert _next(name, lowest(library.get(name))) == []


def test_the_retest_interval_is_two_weeks_unless_the_file_says_otherwise() -> None:
    assert library.get("phq-9").retest_days == 14
    assert library.get("c-ssrs-screener").retest_days == 1
