"""What must hold for any answers at all."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import Instrument, ScaleKind, Sex
from anxin.domains.instruments.rules.definition import score_range
from anxin.domains.instruments.rules.scoring import band_in, score
from anxin.domains.instruments.tests.forms import IDS

FEW = settings(max_examples=30, deadline=None, database=None)
ANY_SEX = st.sampled_from([None, *Sex])


@st.composite
def filled_forms(draw: st.DrawFn, missing: bool = True) -> tuple[Instrument, list[int | None]]:
    instrument = library.get(draw(st.sampled_from(IDS)))
    gap = st.none() if missing else st.nothing()
    return instrument, [draw(st.sampled_from(item.codes) | gap) for item in instrument.items]


@FEW
@given(filled_forms(), ANY_SEX)
def test_every_score_stays_in_its_range_and_is_null_only_for_a_reason(
    form: tuple[Instrument, list[int | None]], sex: Sex | None
) -> None:
    instrument, answers = form
    sheet = score(instrument, answers, sex=sex)
    for scale in instrument.scales:
        value = sheet.scores[scale.id]
        low, high = score_range(instrument, scale)
        assert value is None or low <= value <= high
    assert (sheet.total is None) == bool(sheet.validity.missing)


@FEW
@given(filled_forms(missing=False), ANY_SEX)
def test_the_same_answers_give_the_same_sheet(
    form: tuple[Instrument, list[int | None]], sex: Sex | None
) -> None:
    instrument, answers = form
    first = score(instrument, answers, sex=sex)
    assert first == score(instrument, answers, sex=sex)
    assert first.as_dict()["key_hash"] == instrument.key_hash


@FEW
@given(filled_forms(missing=False), st.data())
def test_a_worse_answer_never_lowers_a_sum(
    form: tuple[Instrument, list[int | None]], data: st.DataObject
) -> None:
    instrument, answers = form
    item = data.draw(st.sampled_from(instrument.items))
    before = score(instrument, answers)
    worst = item.value_of(max(item.codes))
    answers[item.number - 1] = worst
    after = score(instrument, answers)
    for scale in instrument.scales:
        earlier, later = before.scores[scale.id], after.scores[scale.id]
        if scale.kind is not ScaleKind.MEAN_OF_COUNTED:
            assert earlier is not None
            assert later is not None
            assert earlier <= later


def test_turning_a_code_twice_gives_it_back() -> None:
    for instrument in library.all():
        for item in instrument.items:
            assert [item.value_of(item.value_of(code)) for code in item.codes] == list(item.codes)
            assert sorted(item.value_of(code) for code in item.codes) == sorted(item.codes)


def test_every_possible_sum_lies_in_exactly_one_band_of_every_norm_set() -> None:
    for instrument in library.all():
        for norms in instrument.norm_sets:
            for scale in (instrument.scale(scale_id) for scale_id in norms.scales):
                low, high = score_range(instrument, scale)
                steps = 1 if scale.kind in (ScaleKind.SUM, ScaleKind.COUNT, ScaleKind.LINEAR) else 60
                values = [low + part / steps for part in range(int((high - low) * steps) + 1)]
                for value in values:
                    assert sum(band.holds(value) for band in norms.bands) == 1, (norms.id, value)
                assert band_in(norms, scale.id, high).label == norms.bands[-1].label


def test_bands_stand_in_rising_order() -> None:
    for instrument in library.all():
        for norms in instrument.norm_sets:
            assert all(lower.low < upper.low for lower, upper in pairwise(norms.bands))
