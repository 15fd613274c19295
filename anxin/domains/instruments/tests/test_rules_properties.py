"""What must hold for any answers at all."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import Instrument, ScaleKind, Sex
from anxin.domains.instruments.rules.branching import unasked
from anxin.domains.instruments.rules.definition import score_range
from anxin.domains.instruments.rules.scoring import band_in, score
from anxin.domains.instruments.tests.forms import TICKED, code_for, reachable

FEW = settings(max_examples=30, deadline=None, database=None)
ANY_SEX = st.sampled_from([None, *Sex])


@st.composite
def filled_forms(draw: st.DrawFn, missing: bool = True) -> tuple[Instrument, list[int | None]]:
    instrument = library.get(draw(st.sampled_from(TICKED)))
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
        if scale.items and scale.least_answered is None and scale.kind is not ScaleKind.MEAN_OF_COUNTED:
            assert (value is None) == bool(set(scale.items) & set(sheet.validity.missing))


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
    answers[item.number - 1] = code_for(item, max(item.values))
    after = score(instrument, answers)
    for scale in instrument.scales:
        earlier, later = before.scores[scale.id], after.scores[scale.id]
        if scale.kind is not ScaleKind.MEAN_OF_COUNTED:
            assert earlier is not None
            assert later is not None
            assert earlier <= later


def test_turning_a_code_twice_gives_it_back() -> None:
    for instrument in library.all():
        for item in (item for item in instrument.items if item.reverse):
            assert [item.value_of(item.value_of(code)) for code in item.codes] == list(item.codes)
            assert sorted(item.values) == sorted(item.codes)


def test_every_possible_score_lies_in_exactly_one_band_of_every_norm_set() -> None:
    for instrument in (library.get(name) for name in TICKED):
        for norms in instrument.norm_sets:
            for scale in (instrument.scale(scale_id) for scale_id in norms.scales):
                for value in reachable(instrument, scale):
                    assert sum(band.holds(value) for band in norms.bands) == 1, (norms.id, value)
                _, high = score_range(instrument, scale)
                assert band_in(norms, scale.id, high).label == norms.bands[-1].label


def test_bands_stand_in_rising_order() -> None:
    for instrument in library.all():
        for norms in instrument.norm_sets:
            assert all(lower.low < upper.low for lower, upper in pairwise(norms.bands))


@FEW
@given(st.data())
def test_psqi_stays_in_its_range_at_any_hours(data: st.DataObject) -> None:
    psqi = library.get("psqi")
    bed, rise = (data.draw(st.integers(0, 1439)) for _ in range(2))
    minutes = (rise - bed) % 1440 or 1440
    asleep = data.draw(st.integers(0, minutes))
    ticked = data.draw(st.lists(st.integers(0, 3), min_size=14, max_size=14))
    clock = [f"{one // 60:02}:{one % 60:02}" for one in (bed, rise)]
    form = [clock[0], data.draw(st.integers(0, 720)), clock[1], asleep / 60, *ticked]
    sheet = score(psqi, form)
    for scale in psqi.scales:
        value = sheet.scores[scale.id]
        low, high = score_range(psqi, scale)
        assert value is not None
        assert low <= value <= high


@FEW
@given(filled_forms(), ANY_SEX)
def test_a_question_left_out_is_never_missing(
    form: tuple[Instrument, list[int | None]], sex: Sex | None
) -> None:
    instrument, answers = form
    given_so_far = {str(item.number): code for item, code in zip(instrument.items, answers, strict=True)}
    missing = {str(number) for number in score(instrument, answers, sex=sex).validity.missing}
    assert not missing & unasked(instrument, given_so_far, sex=sex)
