"""Who agrees, by age."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.campaigns.contracts import Answerer, ConsentState
from anxin.domains.campaigns.rules.consent import (
    ADULT_FROM,
    GUARDIAN_BELOW,
    age_on,
    asking_for,
    born_after,
    next_state,
)
from tests.requirements_marker import requirement

TODAY = date(2026, 11, 24)
S = ConsentState


@requirement("R-037")
@pytest.mark.parametrize(
    ("born_on", "by", "is_told"),
    [
        (date(2012, 11, 25), Answerer.GUARDIAN, True),  # 14 tomorrow
        (date(2012, 11, 24), Answerer.SELF, True),  # 14 today
        (date(2008, 11, 25), Answerer.SELF, True),  # 18 tomorrow
        (date(2008, 11, 24), Answerer.SELF, False),  # 18 today
        (None, Answerer.GUARDIAN, True),
    ],
)
def test_a_guardian_agrees_below_14_is_told_below_18_and_is_left_out_after(
    born_on: date | None, by: Answerer, is_told: bool
) -> None:
    asking = asking_for(born_on, TODAY)
    assert (asking.consent_by, asking.guardian_is_told) == (by, is_told)


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_the_line_for_queries_is_the_line_of_the_rule(born_on: date, today: date) -> None:
    for age in (GUARDIAN_BELOW, ADULT_FROM):
        assert (born_on > born_after(today, age)) == (age_on(born_on, today) < age)


def test_taking_back_is_withdrawing_and_everybody_may_change_their_mind() -> None:
    assert next_state(S.AWAITED, S.REFUSED) is S.REFUSED
    assert next_state(S.GIVEN, S.REFUSED) is S.WITHDRAWN
    assert next_state(S.WITHDRAWN, S.REFUSED) is S.WITHDRAWN
    assert next_state(S.REFUSED, S.GIVEN) is S.GIVEN
    assert next_state(S.WITHDRAWN, S.GIVEN) is S.GIVEN
