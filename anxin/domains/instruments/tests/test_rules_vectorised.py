"""The vectorised scoring gives the sheets of the ordinary scoring, whatever was answered."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.domains.instruments import library
from anxin.domains.instruments.contracts import (
    BadAnswers,
    EntryKind,
    Instrument,
    Item,
    KeyUnverified,
    Question,
    ScoreSheet,
    Sex,
)
from anxin.domains.instruments.rules.columns import column_of, questions_of
from anxin.domains.instruments.rules.scoring import score
from anxin.domains.instruments.rules.vectorised import FrameScorer, score_many
from anxin.domains.instruments.tests.forms import ALL_IDS, IDS
from tests.requirements_marker import requirement

BAD = 99_999
"""An answer to no question of any form."""
FEW = settings(max_examples=8, deadline=None, database=None)
_scorers: dict[str, FrameScorer] = {}


def scorer(name: str) -> FrameScorer:
    if name not in _scorers:
        _scorers[name] = FrameScorer(library.get(name))
    return _scorers[name]


def codes_of(question: Question) -> list[int]:
    refusal = getattr(question, "refusal", None)
    return [option.code for option in question.options] + ([] if refusal is None else [refusal])


def answers_to(question: Question) -> st.SearchStrategy[object]:
    if isinstance(question, Item) and question.entry is not None:
        low, high = question.entry.low, question.entry.high
        if question.entry.kind is EntryKind.CLOCK:
            return st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
        if question.entry.kind is EntryKind.HOURS:
            return st.integers(low * 4, high * 4).map(lambda quarter: str(quarter / 4))
        return st.integers(low, high).map(str)
    return st.sampled_from(codes_of(question))


@st.composite
def frames(
    draw: st.DrawFn, instrument: Instrument
) -> tuple[list[str], list[list[object]], list[int | None], list[str | None]]:
    """A few forms of one layout, some answers missing, with the age and the sex of each person."""
    names = [str(item.number) for item in instrument.items]
    if instrument.gate is not None and draw(st.booleans()):
        names = ["gate", *names]
    elif instrument.extra_items and draw(st.booleans()):
        names += [extra.code for extra in instrument.extra_items]
    questions = questions_of(instrument)
    gappy = draw(st.sampled_from([0, 1, 3]))
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        holes = [draw(st.integers(0, 9)) < gappy for _ in names]
        rows.append(
            [
                None if hole else draw(answers_to(questions[name]))
                for name, hole in zip(names, holes, strict=True)
            ]
        )
    if draw(st.booleans()):
        rows[draw(st.integers(0, len(rows) - 1))][draw(st.integers(0, len(names) - 1))] = BAD
    ages = [draw(st.none() | st.integers(0, 99)) for _ in rows]
    sexes = [draw(st.sampled_from([None, *(sex.value for sex in Sex)])) for _ in rows]
    return names, rows, ages, sexes


def frame_of(
    instrument: Instrument,
    names: list[str],
    rows: list[list[object]],
    ages: list[int | None],
    sexes: list[str | None],
) -> pl.DataFrame:
    columns = {
        column_of(instrument, name): pl.Series(
            [row[place] for row in rows],
            strict=False,
            dtype=pl.String if any(isinstance(row[place], str) for row in rows) else pl.Int32,
        )
        for place, name in enumerate(names)
    }
    return pl.DataFrame(
        {**columns, "age": pl.Series(ages, dtype=pl.Int32), "sex": pl.Series(sexes, dtype=pl.String)}
    )


def one_by_one(
    instrument: Instrument, rows: list[list[object]], ages: list[int | None], sexes: list[str | None]
) -> list[ScoreSheet | None]:
    sheets: list[ScoreSheet | None] = []
    for row, age, sex in zip(rows, ages, sexes, strict=True):
        try:
            sheets.append(score(instrument, row, age=age, sex=None if sex is None else Sex(sex)))
        except BadAnswers:
            sheets.append(None)
    return sheets


@requirement("R-068")
@pytest.mark.parametrize("name", IDS)
@FEW
@given(data=st.data())
def test_both_paths_give_the_same_sheets(name: str, data: st.DataObject) -> None:
    instrument = library.get(name)
    names, rows, ages, sexes = data.draw(frames(instrument))
    frame = frame_of(instrument, names, rows, ages, sexes)
    wanted = one_by_one(instrument, rows, ages, sexes)
    fits = scorer(name).score(frame)["fits"].to_list()
    assert fits == [sheet is not None for sheet in wanted]
    kept = list(scorer(name).sheets(frame.filter(pl.Series(fits))))
    assert kept == [sheet for sheet in wanted if sheet is not None]
    for one, other in zip(kept, (sheet for sheet in wanted if sheet is not None), strict=True):
        assert one.as_dict() == other.as_dict()
        assert {key: type(found) for key, found in one.scores.items()} == {
            key: type(found) for key, found in other.scores.items()
        }


@requirement("R-068")
def test_a_frame_with_a_bad_code_is_refused_with_its_row_and_item() -> None:
    frame = pl.DataFrame({f"q{number}": [0, 1, 4 if number == 3 else 0] for number in range(1, 10)})
    with pytest.raises(BadAnswers, match=r"^row 3: item 3: 4 is not one of 0, 1, 2, 3$"):
        list(scorer("phq-9").sheets(frame))


@pytest.mark.parametrize("bad", [1.0, True, "1"])
def test_only_whole_numbers_are_codes(bad: object) -> None:
    frame = pl.DataFrame({"q1": [bad], "q2": [0]})
    assert scorer("gad-2").score(frame)["fits"].to_list() == [False]


def test_a_key_nobody_verified_is_not_scored_in_bulk_either() -> None:
    unverified = [name for name in ALL_IDS if name not in IDS]
    assert unverified
    for name in unverified:
        with pytest.raises(KeyUnverified):
            FrameScorer(library.get(name))


def test_rows_keep_their_order_and_an_empty_frame_is_scored() -> None:
    frame = pl.DataFrame({f"q{number}": [3, None, 0, 1] for number in range(1, 8)})
    assert scorer("gad-7").score(frame)["score:total"].to_list() == [21, None, 0, 7]
    assert scorer("gad-7").score(frame.clear()).height == 0


@requirement("R-068")
def test_many_forms_are_scored_as_one_by_one_with_every_way_to_write_an_answer() -> None:
    psqi = library.get("psqi")
    forms: list[list[object]] = [
        ["23:30", 20, 6.5, "6.5", *[1] * 14],
        [23.5, "20", "06:30", 7, *[1] * 13, None],
    ]
    ages, sexes = [30, None], [Sex.FEMALE, None]
    wanted = [score(psqi, form, age=age, sex=sex) for form, age, sex in zip(forms, ages, sexes, strict=True)]
    assert score_many(psqi, forms, ages=ages, sexes=sexes) == wanted
    gad = library.get("gad-2")
    assert score_many(gad, [[1, None], [3, 3]]) == [score(gad, [1, None]), score(gad, [3, 3])]
    assert score_many(gad, []) == []


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        ([[1, 2], [1]], "different lengths"),
        ([[1, 2, 3]], "gad-2 has no form with 3 answers"),
        ([[1, 2], [1, True]], "row 2: item 2: True is not a whole number"),
        ([[1, 2], [1, 10**12]], f"row 2: item 2: {10**12} is not one of"),
    ],
)
def test_many_forms_are_refused_as_one_by_one(forms: list[list[object]], said: str) -> None:
    with pytest.raises(BadAnswers, match=said):
        score_many(library.get("gad-2"), forms)
