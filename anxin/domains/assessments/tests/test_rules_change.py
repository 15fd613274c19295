"""A change is only called one when the form itself does not waver that far, by a published figure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.assessments.contracts import Change, Reliability, Source
from anxin.domains.assessments.measuring import reliability_of
from anxin.domains.assessments.rules.change import (
    BadReliability,
    band_around,
    change_between,
    read_reliabilities,
    reliable_change,
)
from tests.requirements_marker import requirement

SOURCE = {"value": 4, "population": "adults", "reference": "Somebody (2000)", "read": "abstract"}
SCORES = st.integers(0, 27)


def of(needed: float, *, reached: bool = False) -> Reliability:
    return Reliability(
        "x", "total", needed, (Source(needed, "adults", "Somebody (2000)", "", "text"),), reached
    )


def test_the_points_follow_from_spread_and_reliability() -> None:
    # By hand: 7.5 × √0.2 = 3.354 and √(2 × 3.354²) = 4.743.
    assert round(reliable_change(sd=7.5, reliability=0.80) / 1.96, 3) == 4.743


@requirement("R-071")
def test_the_figures_in_force_have_a_named_source() -> None:
    for instrument in ("phq-9", "gad-7", "pcl-5"):
        found = reliability_of(instrument)
        assert found is not None
        assert all(source.reference and source.population and source.read for source in found.sources)
    phq = reliability_of("phq-9")
    assert phq is not None
    assert round(phq.needed, 2) == 3.63


def test_without_a_source_there_is_no_figure_and_no_word() -> None:
    assert reliability_of("k10") is None
    assert reliability_of("phq-9", "nothing") is None
    assert change_between(20, 2, None) is Change.UNKNOWN


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (10, 13, Change.WITHIN),
        (10, 14, Change.HIGHER),
        (10, 6, Change.LOWER),
        (10, 7, Change.WITHIN),
        (None, 7, Change.UNKNOWN),
        (10, None, Change.UNKNOWN),
    ],
)
def test_a_change_is_more_than_the_form_wavers(
    before: float | None, after: float | None, change: Change
) -> None:
    assert change_between(before, after, of(3.63)) is change


def test_a_change_of_exactly_the_figure_counts_only_where_the_authors_say_so() -> None:
    assert change_between(0, 15, of(15, reached=True)) is Change.HIGHER
    assert change_between(0, 15, of(15)) is Change.WITHIN


@given(SCORES, SCORES, st.floats(0.5, 12))
def test_the_band_holds_exactly_what_is_no_change(before: int, after: int, needed: float) -> None:
    low, high = band_around(before, of(needed), lowest=0, highest=27)
    assert (low <= after <= high) is (change_between(before, after, of(needed)) is Change.WITHIN)


@pytest.mark.parametrize(
    "row",
    [
        {"index": {**SOURCE, "reference": ""}},
        {"sd": SOURCE},
        {"sd": SOURCE, "reliability": {**SOURCE, "value": 1.2}},
        {"index": SOURCE, "sd": SOURCE, "reliability": {**SOURCE, "value": 0.8}},
        {},
    ],
)
def test_a_figure_without_its_source_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(BadReliability):
        read_reliabilities([{"instrument": "x", "scale": "total", **row}])


def test_one_scale_has_one_figure() -> None:
    with pytest.raises(BadReliability):
        read_reliabilities([{"instrument": "x", "scale": "total", "index": SOURCE}] * 2)
