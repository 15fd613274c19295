"""How often one participant may send."""

import pytest

from anxin.domains.campaigns.rules.allowance import SENDINGS_PER_WINDOW, WINDOW_SECONDS, Allowance
from tests.requirements_marker import requirement


@requirement("R-084")
def test_a_whole_school_behind_one_address_passes() -> None:
    allowance = Allowance()
    assert all(allowance.admits(person, 1.0) for _ in range(2) for person in range(3000))


def test_one_token_is_held_back_and_admitted_again_later() -> None:
    allowance = Allowance()
    said = [allowance.admits(7, 1.0) for _ in range(SENDINGS_PER_WINDOW + 3)]
    assert said == [True] * SENDINGS_PER_WINDOW + [False] * 3
    assert allowance.admits(8, 1.0)
    assert allowance.admits(7, 1.0 + WINDOW_SECONDS)


def test_a_limit_that_does_not_fit_a_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="one byte"):
        Allowance(300)
