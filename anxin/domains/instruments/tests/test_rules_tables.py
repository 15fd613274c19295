"""The prepared tables and the ordinary scoring are the same function."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.domains.instruments import api, library
from anxin.domains.instruments.contracts import BadAnswers, Instrument, InstrumentError
from anxin.domains.instruments.rules import scoring
from anxin.domains.instruments.rules.tables import ScoringTable

ALL = library.all()
TABLES = {instrument.id: ScoringTable(instrument) for instrument in ALL}


def outcome(score: Any, *arguments: Any) -> object:
    """Scores and alarm, or which refusal in which words."""
    try:
        sheet = score(*arguments)
    except InstrumentError as error:
        return type(error), str(error)
    critical = sheet.is_critical if hasattr(sheet, "is_critical") else bool(sheet.critical)
    return dict(sheet.scores), critical


def sheets(instrument: Instrument) -> st.SearchStrategy[list[object]]:
    """Mostly fitting answers; some missing, foreign, or not numbers at all."""
    fitting = [st.sampled_from(item.codes or (0,)) for item in instrument.items]
    odd = st.one_of(st.none(), st.integers(-3, 12), st.booleans(), st.floats(), st.text(max_size=2))
    mixed = [st.one_of(one, one, one, odd) for one in fitting]
    return st.one_of(
        st.tuples(*fitting).map(list), st.tuples(*mixed).map(list), st.lists(odd, max_size=len(fitting) + 2)
    )


@pytest.mark.parametrize("instrument", ALL, ids=lambda one: one.id)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_both_ways_agree(instrument: Instrument, data: st.DataObject) -> None:
    answers = data.draw(sheets(instrument))
    assert outcome(TABLES[instrument.id].score, answers) == outcome(scoring.score, instrument, answers)


def test_the_instruments_of_the_schools_are_quick() -> None:
    for name in ("phq-9", "phq-a", "gad-7", "scl-90"):
        assert api.scoring_table(library.get(name, None)).is_quick, name


def test_a_true_is_not_a_one() -> None:
    with pytest.raises(BadAnswers):
        TABLES["phq-9"].score([True, 0, 0, 0, 0, 0, 0, 0, 0])


def test_one_answer_alarms_by_itself() -> None:
    table = TABLES["phq-9"]
    assert [bool(table.alarms("9", code)) for code in range(4)] == [False, True, True, True]
    assert not table.alarms("1", 3)
