"""Charts say everything by shape and word, carry no style or script, and escape what they are given."""

from datetime import date
from xml.etree import ElementTree

from anxin.ui.charts import Group, Score, spread, trend
from anxin.ui.templatetags.anxin_charts import as_file, draw
from tests.requirements_marker import requirement

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
EVIL = '"><script>alert(1)</script>'


def a_trend(**changes: object) -> str:
    scores = [Score(JUNE, 12), Score(JULY, 6, is_doubtful=True)]
    values = {"name": "t", "title": EVIL, "lowest": 0, "highest": 27, "band": (8.4, 15.6), **changes}
    return draw(trend(scores, **values))  # type: ignore[arg-type]


def a_spread(*counts: int | None, n: int | None) -> str:
    return draw(
        spread([Group(EVIL, n, counts, EVIL)], bands=[EVIL, "b", "c"], open_words="-", name="s", title=EVIL)
    )


@requirement("R-071")
def test_a_chart_is_whole_xml_without_style_or_script() -> None:
    for svg in (a_trend(), a_spread(10, 20, 30, n=60), a_spread(None, None, None, n=None)):
        ElementTree.fromstring(svg)
        assert "style=" not in svg
        assert "<script" not in svg
        assert 'role="img"' in svg
        assert "aria-labelledby" in svg


def test_higher_scores_lie_higher_and_the_band_where_it_belongs() -> None:
    drawn = trend(
        [Score(JUNE, 20), Score(JULY, 5)], name="t", title="t", lowest=0, highest=27, band=(16.4, 23.6)
    )
    assert drawn.marks[0].y < drawn.marks[1].y
    assert drawn.band is not None
    top, height = drawn.band
    assert top < drawn.marks[0].y < top + height
    assert not top < drawn.marks[1].y < top + height


def test_one_score_and_one_day_are_drawn_too() -> None:
    for scores in ([Score(JUNE, 3)], [Score(JUNE, 3), Score(JUNE, 4)]):
        ElementTree.fromstring(draw(trend(scores, name="t", title="t", lowest=0, highest=0)))


def test_doubtful_points_are_hollow_and_bands_have_patterns() -> None:
    assert 'fill="#ffffff"' in a_trend()
    drawn = spread(
        [Group("a", 60, (10, 20, 30), "")], bands=["a", "b", "c"], open_words="-", name="s", title="s"
    )
    assert len({part.fill for part in drawn.bars[0].parts}) == 3


@requirement("R-067")
def test_what_is_not_shown_has_no_place_in_the_bar() -> None:
    drawn = spread(
        [Group("a", 60, (30, None, None), "")], bands=["a", "b", "c"], open_words="-", name="s", title="s"
    )
    assert [part.fill for part in drawn.bars[0].parts] == ["none", "open"]


def test_a_chart_can_be_kept_as_a_file() -> None:
    drawn = trend([Score(JUNE, 3), Score(JULY, 4)], name="t", title="t", lowest=0, highest=9)
    response = as_file(drawn, name="phq-9")
    assert response["Content-Type"].startswith("image/svg+xml")
    assert 'filename="phq-9.svg"' in response["Content-Disposition"]
