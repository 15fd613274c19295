"""Clinical rules as a table: what a sitting proposes, and in how many words."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from anxin.domains.risk.contracts import Facts, Level
from anxin.domains.risk.rules.engine import BadRuleSet, evaluate, read_rule_set

DATA = Path(__file__).parents[1] / "data" / "rule_set.yaml"
RULES = read_rule_set(yaml.safe_load(DATA.read_text(encoding="utf-8")))


def phq9(total: float | None, critical: tuple[str, ...] = (), previous: float | None = None) -> Facts:
    return Facts(instrument="phq-9", scores={"total": total}, critical=critical, previous_total=previous)


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (phq9(0), Level.L0),
        (phq9(9), Level.L0),
        (phq9(10), Level.L1),
        (phq9(14), Level.L1),
        (phq9(15), Level.L2),
        (phq9(19), Level.L2),
        (phq9(20), Level.L2),
        (phq9(27), Level.L2),
        (phq9(1, ("self_harm",)), Level.L3),
        (phq9(None, ("self_harm",)), Level.L3),
        (phq9(27, ("self_harm",)), Level.L3),
        (phq9(None), Level.L0),
        (phq9(9, previous=0), Level.L0),
        (phq9(9, previous=-1), Level.L2),
        (phq9(12, previous=2), Level.L2),
        (Facts(instrument="gad-7", scores={"total": 9}, critical=()), Level.L0),
        (Facts(instrument="gad-7", scores={"total": 10}, critical=()), Level.L1),
        (Facts(instrument="gad-7", scores={"total": 14}, critical=()), Level.L1),
        (Facts(instrument="gad-7", scores={"total": 15}, critical=()), Level.L2),
        (Facts(instrument="scl-90", scores={"total": 90}, critical=("end_life",)), Level.L3),
    ],
)
def test_each_boundary_proposes_its_level(facts: Facts, level: Level) -> None:
    assert evaluate(RULES, facts).level is level


def test_a_decision_names_its_rule_set_and_says_why_without_repeating_itself() -> None:
    decision = evaluate(RULES, phq9(21, ("self_harm",)))
    assert decision.rule_set == RULES.version
    messages = [reason.message for reason in decision.reasons]
    assert len(messages) == len(set(messages)) >= 2
    assert decision.reasons[0].code == "self_harm_item"


def test_no_reason_holds_a_number() -> None:
    assert not any(character.isdigit() for rule in RULES.rules for character in rule.message)


@given(st.integers(0, 27), st.booleans(), st.none() | st.integers(0, 27))
def test_a_critical_answer_never_proposes_less_than_high(
    total: int, critical: bool, before: int | None
) -> None:
    decision = evaluate(RULES, phq9(total, ("self_harm",) if critical else (), before))
    assert (decision.level >= Level.L3) == critical


@given(st.integers(0, 26))
def test_a_higher_total_never_lowers_the_level(total: int) -> None:
    assert evaluate(RULES, phq9(total + 1)).level >= evaluate(RULES, phq9(total)).level


@pytest.mark.parametrize(
    "rule",
    [
        {"code": "x", "level": 2, "message": "m", "when": {}},
        {"code": "x", "level": 2, "message": "m", "when": {"totall": 3}},
        {"code": "x", "level": 2, "message": "", "when": {"total_at_least": 3}},
    ],
)
def test_an_unreadable_rule_is_refused(rule: dict) -> None:
    with pytest.raises(BadRuleSet):
        read_rule_set({"version": "t", "rules": [rule]})
