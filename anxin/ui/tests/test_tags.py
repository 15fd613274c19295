"""The tags draw what the words say, and the words never come from colour alone."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from anxin.kernel import clock

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)


@pytest.fixture(autouse=True)
def _noon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "clock.json"
    clock.write_simulation(file, simulated=NOON, rate=0.0)
    monkeypatch.setenv("ANXIN_CLOCK_FILE", str(file))


def drawn(source: str, **context: object) -> str:
    with translation.override("en"):
        return Template("{% load anxin_ui %}" + source).render(Context(context))


@pytest.mark.parametrize("level", ["L0", "L1", "L2", "L3", "L4"])
def test_a_risk_capsule_carries_level_word_and_icon(level: str) -> None:
    html = drawn("{% risk level %}", level=level)
    assert f'data-level="{level}"' in html
    assert f"{level} " in html
    assert "<use" in html


def test_an_unknown_risk_level_is_refused() -> None:
    with pytest.raises(KeyError):
        drawn("{% risk 'L5' %}")


@pytest.mark.parametrize(
    ("minutes_left", "state"),
    [(60, "normal"), (31, "normal"), (29, "soon"), (0, "overdue"), (-5, "overdue")],
)
def test_a_countdown_changes_weight_when_less_than_a_third_is_left(minutes_left: int, state: str) -> None:
    due = NOON + timedelta(minutes=minutes_left)
    html = drawn("{% countdown due start=start %}", due=due, start=due - timedelta(minutes=100))
    assert f'data-state="{state}"' in html


def test_a_countdown_without_script_shows_the_due_time() -> None:
    html = drawn("{% countdown due %}", due=NOON + timedelta(hours=2, minutes=5))
    assert "14:05" in html


def test_a_met_countdown_is_no_longer_counting() -> None:
    html = drawn("{% countdown due met=True %}", due=NOON - timedelta(hours=1))
    assert " met>" in html
    assert "overdue" not in html


def test_the_ladder_has_three_bars_and_says_how_many_missed() -> None:
    html = drawn("{% ladder 3 'city' %}")
    assert html.count("<rect") == 3
    assert html.count("ax-ladder__bar--missed") == 2
    assert "2 rungs passed unanswered" in html


def test_a_warning_raised_above_the_station_has_missed_nobody() -> None:
    html = drawn("{% ladder 2 'county' 0 %}")
    assert "missed" not in html
    assert "unanswered" not in html


def test_the_three_vocabularies_share_no_markup() -> None:
    risk, card, pennant = drawn("{% risk 'L4' %}"), drawn("{% workcard 'red' %}"), drawn("{% pennant 1 %}")
    assert "ax-risk" not in card + pennant
    assert "data-level" not in card + pennant
    assert "ax-workcard" not in risk + pennant
    assert "ax-pennant" not in risk + card


def test_a_bar_starts_at_zero_and_never_leaves_its_cell() -> None:
    assert 'width="50.0%"' in drawn("{% bar 5 10 %}")
    assert 'width="100.0%"' in drawn("{% bar 15 10 %}")
    assert 'width="0%"' in drawn("{% bar 5 0 %}")


class SampleForm(forms.Form):
    name = forms.CharField(help_text="as in your papers")
    way = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()


def test_a_field_ties_hint_and_error_to_its_control() -> None:
    html = drawn("{% field form.name %}", form=SampleForm({"name": ""}))
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert '<label class="ax-label" for="id_name">' in html


def test_radios_become_rows_in_a_fieldset_and_keep_the_choice() -> None:
    html = drawn("{% field form.way %}", form=SampleForm({"way": "b"}))
    assert "<fieldset" in html
    assert html.count('class="ax-choice"') == 2
    assert 'value="b" id="id_way_1" checked' in html


def test_the_error_summary_links_to_every_field_in_error() -> None:
    html = drawn("{% error_summary form %}", form=SampleForm({}))
    assert 'href="#id_name"' in html
    assert 'href="#id_way"' in html
    assert 'href="#id_agreed"' in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert "ax-errors" not in drawn("{% error_summary form %}", form=SampleForm())


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in drawn("{% icon 'phone' %}")


def test_what_a_person_typed_is_escaped() -> None:
    form = SampleForm({"name": "<script>"})
    assert "<script>" not in drawn("{% field form.name %}", form=form)
