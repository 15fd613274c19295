"""Figures worked out by hand for every shipped instrument: range ends, band edges, reversed keys."""

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import Sex
from anxin.domains.instruments.rules.scoring import score
from anxin.domains.instruments.tests.forms import IDS, SCORES_BY_TOTAL, highest, lowest, summing_to

RANGES = {
    "audit-c": (0, 12),
    "ces-d": (0, 60),
    "epds": (0, 30),
    "gad-2": (0, 6),
    "gad-7": (0, 21),
    "gds-15": (0, 15),
    "isi": (0, 28),
    "k10": (10, 50),
    "k6": (0, 24),
    "pc-ptsd-5": (0, 5),
    "pcl-5": (0, 80),
    "pcl-c": (17, 85),
    "phq-15": (0, 30),
    "phq-2": (0, 6),
    "phq-4": (0, 12),
    "phq-8": (0, 24),
    "phq-9": (0, 27),
    "phq-a": (0, 27),
    "pss-10": (0, 40),
    "rses": (10, 40),
    "sas": (20, 80),
    "scl-90": (90, 450),
    "sds": (20, 80),
    "srq-20": (0, 20),
    "who-5": (0, 25),
}

# total → label of the default bands, at both sides of every edge
_SEVERITY = {0: "minimal", 4: "minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate"}
_PHQ = _SEVERITY | {15: "moderately_severe", 19: "moderately_severe", 20: "severe"}
BAND_EDGES = {
    "ces-d": {0: "negative", 15: "negative", 16: "positive", 60: "positive"},
    "epds": {0: "negative", 9: "negative", 10: "possible", 12: "possible", 13: "likely", 30: "likely"},
    "gad-2": {0: "negative", 2: "negative", 3: "positive", 6: "positive"},
    "gad-7": _SEVERITY | {15: "severe", 21: "severe"},
    "gds-15": {0: "negative", 4: "negative", 5: "possible", 9: "possible", 10: "probable", 15: "probable"},
    "isi": {
        0: "none",
        7: "none",
        8: "subthreshold",
        14: "subthreshold",
        15: "moderate",
        21: "moderate",
        22: "severe",
        28: "severe",
    },
    "k10": {
        10: "low",
        15: "low",
        16: "moderate",
        21: "moderate",
        22: "high",
        29: "high",
        30: "very_high",
        50: "very_high",
    },
    "k6": {0: "below_cutoff", 12: "below_cutoff", 13: "serious", 24: "serious"},
    "pc-ptsd-5": {0: "negative", 2: "negative", 3: "positive", 5: "positive"},
    "pcl-5": {
        0: "negative",
        30: "negative",
        31: "borderline",
        32: "borderline",
        33: "positive",
        80: "positive",
    },
    "pcl-c": {
        17: "below_38",
        37: "below_38",
        38: "from_38",
        43: "from_38",
        44: "from_44",
        49: "from_44",
        50: "from_50",
        85: "from_50",
    },
    "phq-15": _SEVERITY | {15: "severe", 30: "severe"},
    "phq-2": {0: "negative", 2: "negative", 3: "positive", 6: "positive"},
    "phq-4": {
        0: "minimal",
        2: "minimal",
        3: "mild",
        5: "mild",
        6: "moderate",
        8: "moderate",
        9: "severe",
        12: "severe",
    },
    "phq-8": _PHQ | {24: "severe"},
    "phq-9": _PHQ | {27: "severe"},
    "phq-a": _PHQ | {27: "severe"},
    "pss-10": {0: "low", 13: "low", 14: "moderate", 26: "moderate", 27: "high", 40: "high"},
    # raw 42 → 52, 43 → 53 · 50 → 62, 51 → 63 · 58 → 72, 59 → 73
    "sds": {
        20: "normal",
        42: "normal",
        43: "mild",
        50: "mild",
        51: "moderate",
        58: "moderate",
        59: "severe",
        80: "severe",
    },
    # raw 39 → 48, 40 → 50 · 47 → 58, 48 → 60 · 55 → 68, 56 → 70
    "sas": {
        20: "normal",
        39: "normal",
        40: "mild",
        47: "mild",
        48: "moderate",
        55: "moderate",
        56: "severe",
        80: "severe",
    },
    "scl-90": {90: "negative", 160: "negative", 161: "positive", 450: "positive"},
    "srq-20": {0: "negative", 6: "negative", 7: "positive", 20: "positive"},
    # 10 to 40 printed, 24 → 14 and 25 → 15 on the 0 to 30 scoring
    "rses": {10: "low", 24: "low", 25: "not_low", 40: "not_low"},
    "who-5": {0: "low", 12: "low", 13: "adequate", 25: "adequate"},
}

# every item answered with the lowest printed code: what the reversed items add
ALL_LOWEST_CODES = {
    "ces-d": 4 * 3,
    "gds-15": 5,
    "pss-10": 4 * 4,
    "rses": 5 * 1 + 5 * 4,
    "sas": 15 * 1 + 5 * 4,
    "sds": 10 * 1 + 10 * 4,
}

REVERSED = {
    "ces-d": [4, 8, 12, 16],
    "gds-15": [1, 5, 7, 11, 13],
    "pss-10": [4, 5, 7, 8],
    "rses": [3, 5, 8, 9, 10],
    "sas": [5, 9, 13, 17, 19],
    "sds": [2, 5, 6, 11, 12, 14, 16, 17, 18, 20],
}


def test_every_shipped_instrument_has_golden_figures() -> None:
    assert set(RANGES) == set(IDS)
    assert set(BAND_EDGES) == set(IDS) - {"audit-c"}


@pytest.mark.parametrize("instrument_id", IDS)
def test_least_and_greatest_answers_reach_the_published_ends(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    low, high = RANGES[instrument_id]
    assert score(instrument, lowest(instrument)).total == low
    assert score(instrument, highest(instrument)).total == high


@pytest.mark.parametrize("instrument_id", BAND_EDGES)
def test_each_band_edge_gets_its_label(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    scale = SCORES_BY_TOTAL.get(instrument_id, "total")
    labels = {}
    for total in BAND_EDGES[instrument_id]:
        sheet = score(instrument, summing_to(instrument, total))
        band = sheet.band_of(scale)
        assert sheet.total == total
        assert band is not None
        assert band.reference
        labels[total] = band.label
    assert labels == BAND_EDGES[instrument_id]


@pytest.mark.parametrize("instrument_id", IDS)
def test_reversed_items_are_the_published_ones(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    reversed_items = [item.number for item in instrument.items if item.reverse]
    assert reversed_items == REVERSED.get(instrument_id, [])


@pytest.mark.parametrize(("instrument_id", "total"), ALL_LOWEST_CODES.items())
def test_the_lowest_code_everywhere_counts_full_on_reversed_items(instrument_id: str, total: int) -> None:
    instrument = library.get(instrument_id)
    assert score(instrument, [min(item.codes) for item in instrument.items]).total == total


@pytest.mark.parametrize("instrument_id", IDS)
def test_one_missing_answer_leaves_no_total_and_no_band_on_it(instrument_id: str) -> None:
    instrument = library.get(instrument_id)
    answers: list[int | None] = [*highest(instrument)]
    answers[-1] = None
    sheet = score(instrument, answers)
    assert sheet.total is None
    assert sheet.band_of("total") is None
    assert sheet.validity.missing == (len(instrument.items),)
    assert not sheet.validity.complete


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
