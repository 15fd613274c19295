"""What a resident's page may know."""

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import NoPublicOutcome, PublicLevel, PublicOutcome
from anxin.domains.instruments.rules.presentation import public_outcome
from anxin.domains.instruments.rules.scoring import score
from anxin.domains.instruments.tests.forms import summing_to


@pytest.mark.parametrize(
    ("total", "level"),
    [
        (0, PublicLevel.NONE),
        (4, PublicLevel.NONE),
        (5, PublicLevel.MILD),
        (9, PublicLevel.MILD),
        (10, PublicLevel.MODERATE),
        (14, PublicLevel.MODERATE),
        (15, PublicLevel.HIGH),
        (20, PublicLevel.HIGH),
    ],
)
def test_the_level_follows_the_band(total: int, level: PublicLevel) -> None:
    phq_9 = library.get("phq-9")
    assert public_outcome(score(phq_9, summing_to(phq_9, total))) == PublicOutcome(level, help_first=False)


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ([0] * 8 + [1], PublicLevel.MODERATE),
        ([0] * 8 + [2], PublicLevel.HIGH),
        ([2] * 8 + [1], PublicLevel.HIGH),
        ([None] * 8 + [1], PublicLevel.MODERATE),
    ],
)
def test_a_critical_answer_puts_help_first_and_lifts_the_level(
    answers: list[int | None], level: PublicLevel
) -> None:
    assert public_outcome(score(library.get("phq-9"), answers)) == PublicOutcome(level, help_first=True)


def test_without_a_total_nothing_is_claimed() -> None:
    outcome = public_outcome(score(library.get("phq-9"), [None] + [0] * 8))
    assert outcome == PublicOutcome(PublicLevel.UNKNOWN, help_first=False)


def test_an_instrument_without_levels_of_severity_has_no_public_outcome() -> None:
    with pytest.raises(NoPublicOutcome, match="gds-15"):
        public_outcome(score(library.get("gds-15"), [0] * 15))
