"""The competence gates of the law, act by act."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.workforce.contracts import Act, CredentialKind
from anxin.domains.workforce.library import load_gates
from anxin.domains.workforce.rules.gates import GatesUnreadable, allows, qualified, read_gates

HIGH, COUNSEL, SUPPORT, WARNING = Act.CONFIRM_HIGH_RISK, Act.COUNSELLING, Act.SUPPORT, Act.ANSWER_WARNING


@pytest.mark.parametrize(
    ("act", "kinds", "in_medical_unit", "expected"),
    [
        (Act.DIAGNOSE, {"psychiatrist"}, True, True),
        (Act.DIAGNOSE, {"psychiatrist"}, False, False),
        (Act.DIAGNOSE, {"therapist"}, True, False),
        (Act.DIAGNOSE, {"counsellor", "crisis_training"}, True, False),
        (Act.PRESCRIBE, {"psychiatrist"}, True, False),
        (Act.PSYCHOTHERAPY, {"therapist"}, True, True),
        (Act.PSYCHOTHERAPY, {"psychiatrist"}, True, True),
        (Act.PSYCHOTHERAPY, {"therapist"}, False, False),
        (Act.PSYCHOTHERAPY, {"counsellor"}, True, False),
        (COUNSEL, {"counsellor"}, False, True),
        (COUNSEL, {"therapist"}, False, True),
        (COUNSEL, {"tutor"}, False, False),
        (COUNSEL, {"volunteer"}, False, False),
        (SUPPORT, {"tutor"}, False, True),
        (SUPPORT, {"volunteer"}, False, True),
        (SUPPORT, {"crisis_training"}, False, False),
        (WARNING, {"tutor"}, False, True),
        (WARNING, {"volunteer"}, False, False),
        (HIGH, {"counsellor", "crisis_training"}, False, True),
        (HIGH, {"counsellor"}, False, False),
        (HIGH, {"crisis_training"}, False, False),
        (HIGH, {"tutor", "crisis_training"}, False, False),
        (HIGH, {"therapist"}, False, True),
        (HIGH, {"psychiatrist"}, False, True),
    ],
)
def test_the_law_decides_who_may(act: Act, kinds: set[str], in_medical_unit: bool, expected: bool) -> None:
    assert allows(load_gates(), act, frozenset(kinds), in_medical_unit) is expected


def test_a_volunteer_does_three_things_and_no_other() -> None:
    held = frozenset({"volunteer"})
    acts = {act for act in Act if any(allows(load_gates(), act, held, unit) for unit in (True, False))}

    assert acts == {Act.EDUCATION, Act.SUPPORT, Act.GUIDANCE}


def test_an_instrument_needs_training_in_that_instrument() -> None:
    trained = frozenset({qualified("instrument_training", "c-ssrs"), "psychiatrist"})
    gates = load_gates()

    assert allows(gates, Act.ASSESS_WITH_INSTRUMENT, trained, False, "c-ssrs")
    assert not allows(gates, Act.ASSESS_WITH_INSTRUMENT, trained, False, "asq")
    assert not allows(gates, Act.ASSESS_WITH_INSTRUMENT, trained, False)


def test_every_act_has_a_gate_and_an_act_without_one_is_refused() -> None:
    assert set(load_gates()) == set(Act)
    assert not allows({}, SUPPORT, frozenset(kind.value for kind in CredentialKind), True)


@given(
    act=st.sampled_from(list(Act)),
    kinds=st.sets(st.sampled_from([kind.value for kind in CredentialKind])),
    more=st.sampled_from([kind.value for kind in CredentialKind]),
    in_medical_unit=st.booleans(),
)
def test_another_credential_never_takes_a_right_away_and_none_gives_none(
    act: Act, kinds: set[str], more: str, in_medical_unit: bool
) -> None:
    gates = load_gates()

    assert not allows(gates, act, frozenset(), in_medical_unit)
    if allows(gates, act, frozenset(kinds), in_medical_unit):
        assert allows(gates, act, frozenset(kinds | {more}), in_medical_unit)


@pytest.mark.parametrize(
    "entry", [{"any_of": [["counsellor"]]}, {"act": "fly"}, {"act": "support", "any_of": [["wizard"]]}]
)
def test_a_gate_that_makes_no_sense_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(GatesUnreadable):
        read_gates({"gates": [entry]})
