"""The sleep index: clock times, hours, seven components, and two orders in print."""

import pytest

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import BadAnswers
from anxin.domains.instruments.rules.scoring import score

R = range
PSQI_BEST = ["22:00", 5, "06:00", 8] + [0] * 10 + [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("bed", "rise", "hours", "percent", "points"),
    [
        ("22:00", "06:00", 8, 100, 0),
        ("23:30", "06:30", 6.5, 100 * 390 / 420, 0),
        ("00:30", "07:00", 5, 100 * 300 / 390, 1),
        ("23:00", "07:00", 6.8, 85, 0),
        ("23:00", "07:00", 6.75, 100 * 405 / 480, 1),
        ("23:00", "07:00", 6, 75, 1),
        ("23:00", "07:00", 5.9, 100 * 354 / 480, 2),
        ("23:00", "07:00", 5.2, 65, 2),
        ("23:00", "07:00", 5.1, 100 * 306 / 480, 3),
        (23, 7, 8, 100, 0),
        (23.5, 6.5, 7, 100, 0),
        (24, 8, 8, 100, 0),
        ("24:00", "08:00", 8, 100, 0),
        ("23：30", "7：00", 6, 80, 1),
    ],
)
def test_psqi_time_in_bed_runs_over_midnight(
    bed: object, rise: object, hours: float, percent: float, points: int
) -> None:
    form = [bed, 5, rise, hours, *PSQI_BEST[4:]]
    sheet = score(library.get("psqi"), form)
    assert sheet.scores["efficiency_percent"] == pytest.approx(percent)
    assert sheet.scores["efficiency"] == points


@pytest.mark.parametrize(
    ("hours", "points"), [(9, 0), (7.5, 0), (7.1, 0), (7, 1), (6, 1), (5.9, 2), (5, 2), (4.9, 3), (0, 3)]
)
def test_psqi_hours_asleep_as_printed(hours: float, points: int) -> None:
    assert (
        score(library.get("psqi"), ["21:00", 5, "08:00", hours, *PSQI_BEST[4:]]).scores["duration"] == points
    )


@pytest.mark.parametrize(
    ("minutes", "code", "points"),
    [
        (0, 0, 0),
        (15, 0, 0),
        (16, 0, 1),
        (30, 1, 1),
        (31, 1, 2),
        (60, 2, 2),
        (61, 2, 3),
        (60, 3, 3),
        (61, 3, 3),
    ],
)
def test_psqi_latency_adds_the_minutes_band_and_5a(minutes: int, code: int, points: int) -> None:
    form = ["22:00", minutes, "06:00", 8, code, *PSQI_BEST[5:]]
    assert score(library.get("psqi"), form).scores["latency"] == points


@pytest.mark.parametrize(("total", "points"), [(0, 0), (1, 1), (9, 1), (10, 2), (18, 2), (19, 3), (27, 3)])
def test_psqi_disturbances_are_graded(total: int, points: int) -> None:
    filled, form = total, list(PSQI_BEST)
    for place in R(5, 14):
        form[place] = min(3, filled)
        filled -= min(3, filled)
    assert score(library.get("psqi"), form).scores["disturbance"] == points


@pytest.mark.parametrize(("awake", "keen", "points"), [(0, 0, 0), (1, 1, 1), (2, 1, 2), (2, 2, 2), (3, 2, 3)])
def test_psqi_daytime_dysfunction_is_graded(awake: int, keen: int, points: int) -> None:
    form = [*PSQI_BEST[:16], awake, keen]
    assert score(library.get("psqi"), form).scores["dysfunction"] == points


def test_psqi_orders_differ_only_in_where_quality_stands() -> None:
    form = [*PSQI_BEST[:14], 3, 1, 0, 0]
    first, last = score(library.get("psqi"), form), score(library.get("psqi-quality-last"), form)
    assert (first.scores["quality"], first.scores["medication"], first.scores["dysfunction"]) == (3, 1, 0)
    assert (last.scores["quality"], last.scores["medication"], last.scores["dysfunction"]) == (0, 3, 1)


def test_psqi_ends_and_bands() -> None:
    psqi = library.get("psqi")
    worst = ["22:00", 90, "08:00", 4] + [3] * 14
    assert (score(psqi, PSQI_BEST).total, score(psqi, worst).total) == (0, 21)
    assert score(library.get("psqi-quality-last"), worst).total == 21
    labels = []
    for quality, medicine in ((3, 2), (3, 3)):
        band = score(psqi, [*PSQI_BEST[:14], quality, medicine, 0, 0]).band_of("total")
        assert band
        labels.append((band.label, band.mark.value))
    assert labels == [("normal", "M"), ("poor_sleep", "M")]


def test_psqi_refuses_more_sleep_than_bed_and_what_is_no_time() -> None:
    psqi = library.get("psqi")
    with pytest.raises(BadAnswers, match="item 4: more hours asleep than in bed"):
        score(psqi, ["23:00", 5, "06:00", 8, *PSQI_BEST[4:]])
    for wrong in ("25:00", "24:01", -1, 24.5, True, "late", 700):
        with pytest.raises(BadAnswers, match=r'item 1: .* is not a time of day such as "23:30"'):
            score(psqi, [wrong, 5, "06:00", 6, *PSQI_BEST[4:]])
    with pytest.raises(BadAnswers, match="item 4: 25 is not between 0 and 24"):
        score(psqi, ["23:00", 5, "06:00", 25, *PSQI_BEST[4:]])
    with pytest.raises(BadAnswers, match=r"item 2: 5\.5 is not a whole number"):
        score(psqi, ["23:00", 5.5, "06:00", 6, *PSQI_BEST[4:]])


def test_psqi_without_a_time_has_no_total_and_5j_may_stay_blank() -> None:
    psqi = library.get("psqi")
    form = list(PSQI_BEST)
    form[13] = None
    assert (score(psqi, form).total, score(psqi, form).validity.complete) == (0, True)
    form[0] = None
    sheet = score(psqi, form)
    assert (sheet.total, sheet.scores["efficiency"], sheet.scores["duration"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("form", "components"),
    [
        ([24, 5, 8, 8, *[0] * 14], (0, 0, 0, 0, 0, 0, 0, 0)),
        ([23, 90, 8, 4, *[3] * 14], (21, 3, 3, 3, 3, 3, 3, 3)),
        ([22, 20, 7, 6, 2, *[1] * 9, 1, 1, 2, 1], (10, 1, 2, 1, 2, 1, 1, 2)),
        ([23, 5, 6, 7, 3, 1, 0, 2, 0, 1, 1, 3, 0, 0, 3, 1, 1, 1], (9, 1, 2, 1, 0, 1, 3, 1)),
    ],
    ids=["best", "worst", "median", "random"],
)
def test_psqi_agrees_with_the_published_answers(form: list[object], components: tuple[int, ...]) -> None:
    """awell-health/awell-score, psqi.test.ts and its test data; minutes stand for its grades of question 2."""
    names = (
        "total",
        "quality",
        "latency",
        "duration",
        "efficiency",
        "disturbance",
        "medication",
        "dysfunction",
    )
    scores = score(library.get("psqi-quality-last"), form).scores
    assert tuple(scores[name] for name in names) == components
