"""The rules of a warning beside a reference that was written from the workflow, not from the rules.

The reference is one picture of the path and four sentences: what comes after what, what an ending demands, that a high
level does not fall, and when an alarm asks for somebody anew. Whole lives are drawn; at every step both are asked.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.domains.risk.contracts import ContactChannel, Ending, Level, WarningState
from anxin.domains.risk.rules import lifecycle
from anxin.kernel.errors import Refused
from anxin.kernel.transitions import MoveNotAllowed
from tests.requirements_marker import requirement

PATH = ["new", "acknowledged", "contacted", "assessed"]
ENDS = ["case_opened", "watch", "false_positive", "not_reachable"]
AT_THE_DOOR = {"visit", "family", "school"}
WAITS_FOR = dict(
    zip([*PATH, *ENDS], ["acknowledge", "contact", "assess", "decide", *["sign"] * 4], strict=True)
)
WAITS_FOR["watch"] = "review"


def reference_allows(before: str, after: str) -> bool:
    """One step along the path, an assessment of somebody who was not reached, an end, or back."""
    if before == "closed":
        return False
    if after == "closed":  # merged away, or ended
        return True
    if after == "new":  # an alarm that asks anew
        return before != "new"
    if before in ENDS:  # the second person says no: back to where a decision was due
        is_without_assessment = before in ("false_positive", "not_reachable")
        return after == "assessed" or (is_without_assessment and after in ("acknowledged", "contacted"))
    if after in ENDS:
        needs_assessment = after in ("case_opened", "watch")
        return before == "assessed" or (not needs_assessment and before in ("acknowledged", "contacted"))
    here, there = PATH.index(before), PATH.index(after)
    return there == here + 1 or (before, after) == ("acknowledged", "assessed")


def reference_ends(
    ending: str, *, state: str, level: int, assessed: bool, tried: list[str], reason: str
) -> bool:
    """Whether an ending may be proposed."""
    if not reason.strip():
        return False
    if ending == "watch_over":
        if state != "watch":
            return False
    elif not reference_allows(state, ending):
        return False
    if ending == "not_reachable":
        enough = len(tried) >= 3 and len(set(tried)) >= 2
        if not enough or (level >= 3 and not AT_THE_DOOR & set(tried)):
            return False
    return level < 3 or assessed


@requirement("R-059")
def test_every_step_of_the_picture_and_no_other() -> None:
    states = [state.value for state in WarningState]
    allowed = {
        (a, b)
        for a in states
        for b in states
        if lifecycle.TRANSITIONS.allows(WarningState(a), WarningState(b))
    }

    assert allowed == {(a, b) for a in states for b in states if reference_allows(a, b)}


def test_what_each_state_waits_for() -> None:
    assert {state.value: stage.value for state, stage in lifecycle.STAGE_OF.items()} == WAITS_FOR


def _may_end(ending: str, **facts: object) -> bool:
    try:
        lifecycle.check_ending(
            Ending(ending),
            lifecycle.EndingFacts(
                level=Level(facts["level"]),
                state=WarningState(facts["state"]),
                has_competent_assessment=bool(facts["assessed"]),
                attempt_channels=[ContactChannel(one) for one in facts["tried"]],
                reason=str(facts["reason"]),
            ),
        )
    except (Refused, MoveNotAllowed):
        return False
    return True


@requirement("R-060")
@settings(max_examples=120)
@given(
    ending=st.sampled_from([one.value for one in Ending]),
    state=st.sampled_from([one.value for one in WarningState]),
    level=st.integers(1, 4),
    assessed=st.booleans(),
    tried=st.lists(st.sampled_from([one.value for one in ContactChannel]), max_size=5),
    reason=st.sampled_from(["", " ", "说清楚"]),
)
def test_an_ending_demands_what_the_workflow_demands(**facts) -> None:
    assert _may_end(**facts) == reference_ends(**facts)


LIVES = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from([one.value for one in WarningState])),
        st.tuples(st.just("assess"), st.integers(0, 4)),
        st.tuples(st.just("alarm"), st.integers(1, 4), st.booleans()),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(life=LIVES, level=st.integers(1, 4))
def test_whole_lives_go_as_the_reference_says(life: list[tuple], level: int) -> None:
    state, highest = "new", level
    for act, value, *more in life:
        if state == "closed":
            break
        if act == "move" and reference_allows(state, value):
            assert lifecycle.TRANSITIONS.allows(WarningState(state), WarningState(value))
            state = value
        elif act == "assess" and (state == "assessed" or reference_allows(state, "assessed")):
            state, before = "assessed", level
            level = lifecycle.effective_level(current=Level(level), assessed=Level(value))
            assert level == (max(before, value) if before in (3, 4) else value)
        elif act == "alarm":
            rises, is_news = value > level, more[0]
            anew = lifecycle.reopens(WarningState(state), rises=rises, is_news=is_news)
            assert anew == (rises or (is_news and state not in ("new", "acknowledged", "contacted")))
            state, level = ("new" if anew else state), max(level, value)
        highest = max(highest, level)
        assert level >= 3 or highest < 3, "a high level fell"
        assert lifecycle.needs_signature(Level(level)) == (level in (3, 4))
