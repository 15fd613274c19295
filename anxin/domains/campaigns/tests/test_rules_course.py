"""The table of workflow 4.1, the capacity sum, the figures and what a form proposes, against what the table says."""

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.campaigns import library
from anxin.domains.campaigns.contracts import CampaignState, Segment, TriageLevel, TriageReason, TriageStage
from anxin.domains.campaigns.rules import figures, triage
from anxin.domains.campaigns.rules.capacity import Capacity
from anxin.domains.campaigns.rules.states import IN_ORDER, TRANSITIONS
from anxin.domains.campaigns.rules.triage import FormFacts, propose
from tests.requirements_marker import requirement

S, L, R = CampaignState, TriageLevel, TriageReason
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SIGNS = library.figures().signs


def form(step: int = 1, **changes: object) -> FormFacts:
    """A complete, credible form with nothing in it."""
    facts: dict[str, object] = {
        "step": step,
        "followed_by": (),
        "is_positive": False,
        "is_heavy": False,
        "is_critical": False,
        "is_complete": True,
        "is_doubtful": False,
    }
    return FormFacts(**{**facts, **changes})  # type: ignore[arg-type]


# --- states --------------------------------------------------------------------------------------


def test_the_way_on_is_the_line_of_the_table_and_nothing_beside_it() -> None:
    for place, state in enumerate(IN_ORDER):
        onward = {IN_ORDER[place + 1]} if place + 1 < len(IN_ORDER) else set()
        back = {S.DRAFT} if state is S.ETHICS_CHECK else set()
        cancelled = set() if state in (S.REPORTED, S.ARCHIVED) else {S.CANCELLED}
        assert TRANSITIONS.moves[state] == onward | back | cancelled
    assert TRANSITIONS.final_states() == {S.ARCHIVED, S.CANCELLED}


# --- capacity ------------------------------------------------------------------------------------


@requirement("R-084")
@pytest.mark.parametrize(
    ("people", "permille", "minutes", "positives", "enough"),
    [
        (1000, 80, 2400, 80, True),
        (1000, 80, 2399, 80, False),
        (1, 1, 30, 1, True),
        (1, 1, 29, 1, False),
        (0, 80, 2400, 0, False),
        (1000, 0, 2400, 0, False),
        (1000, 1001, 99_999, 1001, False),
        (1000, 80, 0, 80, False),
    ],
)
def test_each_person_found_needs_half_an_hour_of_what_there_is(
    people: int, permille: int, minutes: int, positives: int, enough: bool
) -> None:
    capacity = Capacity(people, permille, 30, minutes)
    assert capacity.expected_positives == positives
    assert capacity.is_enough is enough


@given(st.integers(1, 100_000), st.integers(1, 1000), st.integers(1, 500_000))
def test_whatever_is_said_to_be_possible_is_enough(people: int, permille: int, minutes: int) -> None:
    capacity = Capacity(people, permille, 30, minutes)
    assert capacity.short_by_minutes == max(0, -(-people * permille // 1000) * 30 - minutes)
    possible = capacity.at_most_participants
    if possible:
        assert Capacity(possible, permille, 30, minutes).is_enough


# --- figures -------------------------------------------------------------------------------------


@requirement("R-067")
def test_times_are_those_of_the_table() -> None:
    known = library.figures()
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert known.confirm == {L.URGENT: hour, L.FOCUS: 3 * day, L.ATTENTION: 3 * day}
    assert known.interview == {L.URGENT: 24 * hour, L.FOCUS: 7 * day, L.ATTENTION: 30 * day}
    assert (known.interview_minutes, known.capacity_working_days) == (30, 10)
    assert (known.consent_window, known.triage, known.report) == (7 * day, 3 * day, 30 * day)
    assert known.smallest_cell[Segment.STUDENT] == 10
    assert known.smallest_cell[Segment.WORKER] == 30
    owed = figures.owed_by_triage(known, TriageStage.INTERVIEW, L.URGENT, NOW)
    assert owed.due_at == NOW + day
    assert all(moment > owed.due_at for moment in owed.climbs_at)


@pytest.mark.parametrize("fault", ["span", "level", "segment", "small", "zero"])
def test_a_broken_file_of_figures_is_not_read(fault: str) -> None:
    raw = copy.deepcopy(_raw())
    if fault == "span":
        raw["triage"] = "three days"
    elif fault == "zero":
        raw["triage"] = "0d"
    elif fault == "level":
        del raw["interview"]["3"]
    elif fault == "segment":
        del raw["smallest_cell"]["elder"]
    else:
        raw["smallest_cell"]["elder"] = 1
    with pytest.raises((figures.BadFigures, KeyError)):
        figures.read_figures(raw)


def _raw() -> dict[str, dict[str, object]]:
    text = (
        Path(library.__file__).with_name("data").joinpath("campaign_rules.yaml").read_text(encoding="utf-8")
    )
    found: dict[str, dict[str, object]] = yaml.safe_load(text)
    return found


# --- triage --------------------------------------------------------------------------------------


@requirement("R-067", "R-084")
@pytest.mark.parametrize(
    ("forms", "level", "reasons"),
    [
        ([form()], L.NORMAL, ()),
        ([form(is_positive=True)], L.FOCUS, (R.STILL_POSITIVE,)),
        (
            [form(is_positive=True, followed_by=(2,)), form(2)],
            L.ATTENTION,
            (R.FIRST_STEP_POSITIVE,),
        ),
        (
            [form(is_positive=True, followed_by=(2,)), form(2, is_positive=True)],
            L.FOCUS,
            (R.STILL_POSITIVE, R.FIRST_STEP_POSITIVE),
        ),
        (
            [form(is_positive=True, followed_by=(2,))],
            L.ATTENTION,
            (R.FIRST_STEP_POSITIVE, R.SECOND_STEP_MISSING),
        ),
        ([form(is_heavy=True)], L.FOCUS, (R.HEAVY_BURDEN,)),
        ([form(), form(2, is_critical=True)], L.URGENT, (R.CRITICAL_ANSWER,)),
    ],
)
def test_two_steps_and_critical_answers_propose_the_level(
    forms: list[FormFacts], level: TriageLevel, reasons: tuple[TriageReason, ...]
) -> None:
    found = propose(forms)
    assert (found.level, found.reasons, found.credible) == (level, reasons, True)


def test_a_critical_answer_counts_without_its_form() -> None:
    assert propose([], alarmed=True).level is L.URGENT


@pytest.mark.parametrize("doubt", [{"is_doubtful": True}, {"is_complete": False}])
def test_doubtful_answers_ask_for_a_second_look(doubt: dict[str, bool]) -> None:
    found = propose([form(**doubt)])
    assert (found.level, found.credible) == (L.ATTENTION, False)


FORMS = st.builds(
    FormFacts,
    step=st.integers(1, 3),
    followed_by=st.sampled_from([(), (2,), (3,)]),
    is_positive=st.booleans(),
    is_heavy=st.booleans(),
    is_critical=st.booleans(),
    is_complete=st.booleans(),
    is_doubtful=st.booleans(),
)


@requirement("R-067")
@given(st.lists(FORMS, max_size=3), st.booleans())
def test_doubt_never_lowers_a_level_and_nothing_silences_a_critical_answer(
    forms: list[FormFacts], alarmed: bool
) -> None:
    found = propose(forms, alarmed=alarmed)
    sure = propose([replace(one, is_doubtful=False, is_complete=True) for one in forms], alarmed=alarmed)
    assert found.level >= sure.level
    assert (found.level is L.URGENT) == (alarmed or any(one.is_critical for one in forms))
    assert bool(found.reasons) == (found.level > L.NORMAL)


@pytest.mark.parametrize(
    ("deciseconds", "hasty"),
    [
        ([], False),
        ([9] * 9, True),
        ([10] * 9, False),
        ([9] * 5 + [30] * 4, True),
        ([9] * 4 + [30] * 4, False),
    ],
)
def test_less_than_a_second_for_more_than_half_is_hasty(deciseconds: list[int], hasty: bool) -> None:
    assert triage.is_hasty(deciseconds, SIGNS) is hasty


@pytest.mark.parametrize(
    ("answers", "reversed_items", "straight"),
    [
        ([0] * 9, False, False),
        ([0] * 9, True, True),
        ([2] * 9, False, True),
        ([2] * 6, False, False),
        ([2] * 8 + [1], False, False),
        ([2] * 8 + [None], False, True),
    ],
)
def test_the_same_answer_throughout_is_doubtful_unless_it_is_the_lowest(
    answers: list[int | None], reversed_items: bool, straight: bool
) -> None:
    assert triage.is_straight(answers, lowest=0, has_reversed=reversed_items, signs=SIGNS) is straight


@pytest.mark.parametrize("before", list(TriageLevel))
@pytest.mark.parametrize("after", list(TriageLevel))
def test_only_lowering_level_three_needs_a_second_reader(before: TriageLevel, after: TriageLevel) -> None:
    assert triage.needs_second_reader(before, after) is (before == "3" and after != "3")
