"""Workflow 4.3 against a reference written from its table; the rules of levels, follow-ups and plans."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from anxin.domains.cases.contracts import CaseState, FollowUpState, PlanPart
from anxin.domains.cases.rules import followups, levels, plans
from anxin.domains.cases.rules.guards import Attempt, CaseFacts, blocks, may_end_contact
from anxin.domains.cases.rules.transitions import TRANSITIONS
from anxin.domains.risk.contracts import ContactChannel, Level
from tests.requirements_marker import requirement

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# The table of 4.3, read line by line: state, where its line leads, what must be true before that.
REFERENCE: dict[str, dict[str, str]] = {
    "opened": {"risk_assessed": "", "deceased_review": "two people"},
    "risk_assessed": {"safety_planned": "plan", "deceased_review": "two people"},
    "safety_planned": {
        "intervening": "plan if high",
        "referred": "plan if high",
        "deceased_review": "two people",
    },
    "intervening": {
        "referred": "plan if high",
        "followup": "plan if high",
        "transferred": "two people",
        "lost": "two people, tried",
        "deceased_review": "two people",
    },
    "referred": {
        "intervening": "plan if high",
        "followup": "plan if high",
        "transferred": "two people",
        "lost": "two people, tried",
        "deceased_review": "two people",
    },
    "followup": {
        "intervening": "plan if high",
        "referred": "plan if high",
        "closed": "two people, well, goals",
        "transferred": "two people",
        "lost": "two people, tried",
        "deceased_review": "two people",
    },
}
CHANNELS = ("phone", "sms", "visit", "school", "family")


@dataclass
class World:
    """What happened to a case, in the plainest words."""

    state: str = "opened"
    level: int = 3
    has_plan: bool = False
    is_well: bool = False
    open_goals: int = 0
    tries: list[tuple[str, int]] = field(default_factory=list)


def reference_allows(world: World, target: str, *, second_person: bool, goals_seen: bool) -> bool:
    condition = REFERENCE.get(world.state, {}).get(target)
    if condition is None:
        return False
    ways, days = {way for way, _ in world.tries}, {day for _, day in world.tries}
    looked = world.level <= 2 or "visit" in ways or "school" in ways
    return all(
        (
            "two people" not in condition or second_person,
            condition != "plan" or world.has_plan,
            condition != "plan if high" or world.level <= 2 or world.has_plan,
            "well" not in condition or world.is_well,
            "goals" not in condition or (goals_seen and world.open_goals == 0),
            "tried" not in condition or (len(ways) >= 2 and len(days) >= 3 and looked),
        )
    )


def rules_allow(world: World, target: str, *, second_person: bool, goals_seen: bool) -> bool:
    facts = CaseFacts(
        level=world.level,
        has_agreed_plan=world.has_plan,
        closing_rule_is_met=world.is_well,
        open_goals=world.open_goals,
        goals_are_reviewed=goals_seen,
        approver_is_free=second_person,
        attempts=[Attempt(ContactChannel(way), date(2026, 1, 1 + day)) for way, day in world.tries],
    )
    source, end = CaseState(world.state), CaseState(target)
    return TRANSITIONS.allows(source, end) and not blocks(end, facts)


class CaseCourse(RuleBasedStateMachine):
    """Any order of things; at each step the rules and the reference agree on every state the case could enter."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @rule(level=st.integers(0, 4))
    def assess(self, level: int) -> None:
        self.world.level = level

    @rule(has_plan=st.booleans(), is_well=st.booleans(), open_goals=st.integers(0, 2))
    def live(self, has_plan: bool, is_well: bool, open_goals: int) -> None:
        self.world.has_plan, self.world.is_well, self.world.open_goals = has_plan, is_well, open_goals

    @rule(tries=st.lists(st.tuples(st.sampled_from(CHANNELS), st.integers(0, 4)), max_size=6))
    def try_to_reach(self, tries: list[tuple[str, int]]) -> None:
        self.world.tries = tries

    @precondition(lambda self: self.world.state in REFERENCE)
    @rule(wanted=st.sampled_from(CaseState), second=st.booleans(), goals=st.booleans())
    def move(self, wanted: CaseState, second: bool, goals: bool) -> None:
        if rules_allow(self.world, wanted.value, second_person=second, goals_seen=goals):
            self.world.state = wanted.value

    @invariant()
    def both_agree(self) -> None:
        for target in CaseState:
            for second in (True, False):
                for goals in (True, False):
                    given_facts = {"second_person": second, "goals_seen": goals}
                    assert rules_allow(self.world, target.value, **given_facts) == reference_allows(
                        self.world, target.value, **given_facts
                    ), (self.world, target, given_facts)


CaseCourse.TestCase.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
TestCaseCourse = requirement("R-060")(CaseCourse.TestCase)


@requirement("R-060")
@pytest.mark.parametrize(
    ("level", "has_plan", "words", "may"),
    [
        (4, False, "", False),
        (3, False, " ", False),
        (3, True, "", True),
        (4, False, "挂断了", True),
        (2, False, "", True),
    ],
)
def test_a_contact_at_high_risk_does_not_end_without_a_plan_or_the_words_why(
    level: int, has_plan: bool, words: str, may: bool
) -> None:
    assert may_end_contact(level=level, has_agreed_plan=has_plan, without_plan=words) is may


# --- monotone risk ---------------------------------------------------------------------------------


@given(st.integers(0, 4), st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=8))
def test_whatever_comes_from_old_pages_never_lowers_a_level(
    start: int, edits: list[tuple[int, bool]]
) -> None:
    level, version = start, 5
    for wanted, is_fresh in edits:
        found = levels.verdict(
            current=level, assessed=wanted, seen_version=version if is_fresh else version - 1, version=version
        )
        if wanted < level and not is_fresh:
            assert found is levels.Verdict.STALE
        if wanted < level and is_fresh:
            assert found is (levels.Verdict.WAITS if level >= 3 else levels.Verdict.TAKES_EFFECT)
        if found is levels.Verdict.TAKES_EFFECT:
            assert wanted >= level or is_fresh
            level, version = wanted, version + 1


def test_an_edit_that_does_not_say_what_it_was_read_at_lowers_nothing() -> None:
    assert levels.verdict(current=2, assessed=1, seen_version=None, version=0) is levels.Verdict.STALE
    assert levels.verdict(current=2, assessed=3, seen_version=None, version=0) is levels.Verdict.TAKES_EFFECT


def test_an_l4_keeps_its_pace_until_it_is_l2() -> None:
    pace: int | None = None
    paces = []
    for level in (3, 4, 3, 3, 2, 3):
        pace = levels.pace_after(pace, level)
        paces.append(levels.pace_of(pace, level))
    assert paces == [3, 4, 4, 4, 2, 3]


# --- follow-ups ------------------------------------------------------------------------------------

SPANS = (DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 180 * DAY)


@requirement("R-060")
def test_the_ladder_has_seven_rungs_with_a_fifth_of_leeway_and_means_working_days() -> None:
    saturday_anchor = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    made = followups.ladder_from(saturday_anchor, SPANS, 0.2, lambda day: day.weekday() < 5)
    assert len(made) == 7
    for window, span in zip(made, SPANS, strict=True):
        assert (window.opens_at, window.due_at) == (
            saturday_anchor + span * 0.8,
            saturday_anchor + span * 1.2,
        )
        assert window.opens_at <= window.planned_at <= window.due_at
        assert span < 7 * DAY or window.planned_at.weekday() < 5
    assert made[0].planned_at == saturday_anchor + DAY, "a person in danger is called on a Sunday too"
    assert made[2].planned_at == saturday_anchor + 6 * DAY, "the Friday before, not the Saturday"


def test_without_any_working_day_in_the_window_the_day_itself_stands() -> None:
    made = followups.ladder_from(NOW, SPANS, 0.2, lambda day: False)
    assert [one.planned_at for one in made] == [NOW + span for span in SPANS]


@dataclass
class Row:
    number: int
    opens_at: datetime
    due_at: datetime


ROWS = [Row(number, NOW + span * 0.8, NOW + span * 1.2) for number, span in enumerate(SPANS, start=1)]


@pytest.mark.parametrize(
    ("hours", "becomes"),
    [
        (10, {}),
        (24, {1: FollowUpState.DONE}),
        (60, {1: FollowUpState.MISSED, 2: FollowUpState.DONE}),
        (110, {1: FollowUpState.MISSED, 2: FollowUpState.DONE}),
        (24 * 40, {**dict.fromkeys((1, 2, 3, 4), FollowUpState.MISSED), 5: FollowUpState.DONE}),
    ],
)
def test_a_contact_stands_for_what_was_missed_and_says_so(
    hours: int, becomes: dict[int, FollowUpState]
) -> None:
    assert followups.covered_by(ROWS, NOW + hours * HOUR) == becomes


def test_a_follow_up_moves_ahead_only_and_at_high_risk_only_inside_its_window() -> None:
    window = followups.ladder_from(NOW, SPANS, 0.2, lambda day: True)[2]

    def may(days: float, level: Level, following: float | None = 14) -> bool:
        return followups.may_move(
            window,
            to=NOW + days * DAY,
            now=NOW + 5 * DAY,
            level=level,
            next_planned_at=NOW + following * DAY if following else None,
        )

    assert may(8, Level.L3)
    assert not may(8.5, Level.L3)
    assert may(9.5, Level.L2)
    assert not may(5, Level.L2)
    assert not may(14, Level.L1)
    assert not may(60, Level.L1, None)


# --- plan ------------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(PlanPart), st.text(max_size=40)))
def test_a_plan_comes_back_as_it_was_written(content: dict[PlanPart, str]) -> None:
    words = plans.cleaned(content)
    assert plans.load(plans.dump(words)) == words
    assert set(words) == set(PlanPart)


def test_a_plan_helps_when_it_names_the_signs_and_somebody_to_turn_to() -> None:
    assert plans.is_usable({PlanPart.SIGNS: "睡不着", PlanPart.WHO_TO_ASK: "姐姐"})
    assert plans.is_usable({PlanPart.SIGNS: "睡不着", PlanPart.PROFESSIONALS: "12356"})
    assert not plans.is_usable({PlanPart.SIGNS: "睡不着", PlanPart.OWN_WAYS: "散步"})
    assert not plans.is_usable({PlanPart.WHO_TO_ASK: "姐姐"})
