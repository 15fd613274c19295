"""Figures worked out by hand for every shipped instrument: range ends, band edges, reversed keys."""

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import Sex
from anxin.domains.instruments.rules.scoring import band_in, score
from anxin.domains.instruments.tests.figures import (
    ALL_LOWEST_CODES,
    EDGES,
    ELSEWHERE,
    NO_BANDS,
    RANGES,
    REVERSED,
)
from anxin.domains.instruments.tests.forms import (
    IDS,
    TICKED,
    WRITTEN,
    highest,
    lowest,
    reachable,
    reaching,
    summing_to,
)
from tests.requirements_marker import requirement

SCALE_EDGES = [(name, scale) for name, scales in EDGES.items() for scale in scales]


def test_every_shipped_instrument_has_golden_figures() -> None:
    assert set(RANGES) == set(IDS)
    assert set(EDGES) | NO_BANDS | ELSEWHERE == set(IDS)
    assert set(WRITTEN) == {"psqi", "psqi-quality-last", "ssrs"}


def test_every_default_band_has_its_edges_here() -> None:
    for name in set(IDS) - ELSEWHERE - {"assist", "scl-90"}:
        banded = {scale for norms in library.get(name).norm_sets if norms.default for scale in norms.scales}
        assert banded == set(EDGES.get(name, {})), name


@pytest.mark.parametrize("instrument_id", TICKED)
def test_least_and_greatest_answers_reach_the_published_ends(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    # a scale of turned items only would end the other way round; there is none
    least, greatest = score(instrument, lowest(instrument)), score(instrument, highest(instrument))
    ends = {scale: (least.scores[scale], greatest.scores[scale]) for scale in RANGES[instrument_id]}
    assert ends == RANGES[instrument_id]


@requirement("R-067")
@pytest.mark.parametrize(("instrument_id", "scale"), SCALE_EDGES)
def test_each_band_edge_gets_its_label(instrument_id: str, scale: str) -> None:
    instrument = library.get(instrument_id)
    labels = {}
    for value in EDGES[instrument_id][scale]:
        sheet = score(instrument, reaching(instrument, instrument.scale(scale), value))
        band = sheet.band_of(scale)
        assert sheet.scores[scale] == pytest.approx(value)
        assert band is not None
        assert band.reference
        labels[value] = band.label
    assert labels == EDGES[instrument_id][scale]


@pytest.mark.parametrize("instrument_id", TICKED)
def test_every_band_of_every_norm_set_is_reached_by_some_form(instrument_id: str) -> None:
    """Of the other populations too: a band that only exists between two possible scores is a slip."""
    instrument = library.get(instrument_id)
    for norms in instrument.norm_sets:
        for scale in (instrument.scale(name) for name in norms.scales):
            reached = {band_in(norms, scale.id, value).label for value in reachable(instrument, scale)}
            assert reached == {band.label for band in norms.bands}, (norms.id, scale.id)


@pytest.mark.parametrize("instrument_id", IDS)
def test_reversed_items_are_the_published_ones(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    reversed_items = [item.number for item in instrument.items if item.reverse]
    assert reversed_items == REVERSED.get(instrument_id, [])


@pytest.mark.parametrize(
    ("instrument_id", "number"), [(name, number) for name in REVERSED for number in REVERSED[name]]
)
def test_each_reversed_item_counts_the_other_way_round(instrument_id: str, number: int) -> None:
    instrument = library.get(instrument_id)
    item = instrument.item(number)
    scale = next(scale for scale in instrument.scales if number in scale.items)
    answers = lowest(instrument)
    scores = []
    for code in sorted(item.codes):
        answers[number - 1] = code
        scores.append(score(instrument, answers).scores[scale.id])
    assert scores == sorted(scores, key=lambda value: -(value or 0))
    assert scores[0] != scores[-1]


@pytest.mark.parametrize(("instrument_id", "total"), ALL_LOWEST_CODES.items())
def test_the_lowest_code_everywhere_counts_full_on_reversed_items(instrument_id: str, total: int) -> None:
    instrument = library.get(instrument_id)
    answers = [min(item.codes) for item in instrument.items]
    if instrument_id == "sdq":
        # five reversed items, of which none is prosocial: they are all in the total of difficulties
        assert score(instrument, answers).scores["prosocial"] == 0
    assert score(instrument, answers).total == total


@pytest.mark.parametrize("instrument_id", sorted(set(TICKED) - {"fast"}))
def test_one_missing_answer_leaves_null_on_the_scales_that_need_it(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    for number in (1, len(instrument.items)):
        answers: list[int | None] = [*highest(instrument)]
        answers[number - 1] = None
        sheet = score(instrument, answers)
        strict = [scale for scale in instrument.scales if number in scale.items and not scale.least_answered]
        assert {sheet.scores[scale.id] for scale in strict} <= {None}
        assert {sheet.band_of(scale.id) for scale in strict} <= {None}
        assert sheet.validity.missing == (number,)
        assert not sheet.validity.complete
        prorated = [scale for scale in instrument.scales if number in scale.items and scale.least_answered]
        for scale in prorated:
            enough = len(scale.items) - 1 >= (scale.least_answered or 0)
            assert (sheet.scores[scale.id] is not None) == enough


def test_audit_c_takes_another_cut_off_for_men_and_women() -> None:
    audit_c = library.get("audit-c")
    labels = {
        (sex, total): score(audit_c, summing_to(audit_c, total), sex=sex).bands[0].label
        for sex in Sex
        for total in (2, 3, 4)
    }
    assert labels == {
        (Sex.FEMALE, 2): "negative",
        (Sex.FEMALE, 3): "positive",
        (Sex.FEMALE, 4): "positive",
        (Sex.MALE, 2): "negative",
        (Sex.MALE, 3): "negative",
        (Sex.MALE, 4): "positive",
    }


def test_audit_c_without_a_sex_has_a_score_and_says_why_it_has_no_band() -> None:
    sheet = score(library.get("audit-c"), [1, 1, 1])
    assert (sheet.total, sheet.bands) == (3, ())
    assert sheet.validity.notes == ("sex_needed:total",)


def test_phq_4_keeps_anxiety_and_depression_apart() -> None:
    sheet = score(library.get("phq-4"), [3, 1, 0, 2])
    assert dict(sheet.scores) == {"total": 6, "anxiety": 4, "depression": 2}
    assert {band.scale: band.label for band in sheet.bands} == {
        "total": "moderate",
        "anxiety": "positive",
        "depression": "negative",
    }
    assert dict(sheet.flags) == {"anxiety_positive": True, "depression_positive": False}


def test_a_missing_answer_spoils_only_the_subscales_that_need_it() -> None:
    sheet = score(library.get("phq-4"), [3, None, 0, 2])
    assert dict(sheet.scores) == {"total": None, "anxiety": None, "depression": 2}
    assert [band.scale for band in sheet.bands] == ["depression"]


def test_age_outside_the_limits_is_said_and_does_not_change_the_score() -> None:
    phq_9 = library.get("phq-9")
    ages = {age: score(phq_9, [1] * 9, age=age).validity.age_in_range for age in (17, 18, 90)}
    assert ages == {17: False, 18: True, 90: True}
    assert score(phq_9, [1] * 9).validity.age_in_range is None
    phq_a = library.get("phq-a")
    assert [score(phq_a, [0] * 9, age=age).validity.age_in_range for age in (10, 11, 17, 18)] == [
        False,
        True,
        True,
        False,
    ]
