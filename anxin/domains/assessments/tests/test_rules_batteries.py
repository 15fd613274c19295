"""Batteries: what is planned for whom, what is missing is said, and where somebody stands."""

from typing import Any

import pytest

from anxin.domains.assessments.contracts import PartState
from anxin.domains.assessments.library import batteries
from anxin.domains.assessments.rules.batteries import (
    BadBatteries,
    PlannedPart,
    Taken,
    counted,
    next_part,
    plan,
    read_batteries,
    standing,
)
from tests.requirements_marker import requirement

TWO_STEPS = (PlannedPart("phq-2"), PlannedPart("phq-9", "screen_positive"), PlannedPart("gad-2"))


def named(battery_id: str) -> Any:
    """A shipped battery."""
    return next(one for one in batteries() if one.id == battery_id)


@requirement("R-056", "R-084")
def test_the_shipped_batteries_name_forms_of_the_library() -> None:
    assert {one.id for one in batteries()} == {"pregnant", "elder", "student", "worker", "after-event"}
    assert named("elder").parts[0].one_of == ("gds-15",)
    assert "epds" in named("pregnant").parts[0].one_of
    assert named("elder").is_for(60)
    assert not named("elder").is_for(59)


def test_the_first_form_that_is_offered_is_asked_and_the_others_are_named_as_missing() -> None:
    planned = plan(named("pregnant"), offered={"phq-9", "gad-2", "gad-7"})
    assert [part.instrument for part in planned.parts] == ["phq-9", "gad-2", "gad-7"]
    assert planned.absent == ("epds", "pbq")
    licensed = plan(named("pregnant"), offered={"epds", "phq-9", "gad-2", "gad-7"})
    assert licensed.parts[0].instrument == "epds"


def test_a_second_step_is_not_asked_without_the_first() -> None:
    planned = plan(named("worker"), offered={"phq-9", "gad-2", "gad-7"})
    assert [part.instrument for part in planned.parts] == ["gad-2", "gad-7"]
    assert plan(named("worker"), offered=set()).parts == ()


def states(taken: list[Taken], left_out: tuple[int, ...] = ()) -> list[PartState]:
    """Where each part of the two-step battery stands."""
    return [part.state for part in standing(TWO_STEPS, taken=taken, left_out=left_out)]


def done(part: int, **findings: bool | None) -> Taken:
    """A part that was handed in."""
    return Taken(part, f"uid-{part}", is_submitted=True, findings=findings)


@requirement("R-084")
def test_the_second_step_follows_the_finding_of_the_first() -> None:
    s = PartState
    assert states([]) == [s.AHEAD, s.WAITING, s.AHEAD]
    assert states([done(1, screen_positive=True)]) == [s.DONE, s.AHEAD, s.AHEAD]
    assert states([done(1, screen_positive=False)]) == [s.DONE, s.NOT_NEEDED, s.AHEAD]
    assert states([done(1, screen_positive=None)]) == [s.DONE, s.AHEAD, s.AHEAD]
    begun = Taken(1, "uid-1", is_submitted=False, findings={})
    assert states([begun]) == [s.OPEN, s.WAITING, s.AHEAD]


def test_left_out_parts_take_their_second_step_with_them() -> None:
    s = PartState
    assert states([], left_out=(1,)) == [s.LEFT_OUT, s.NOT_NEEDED, s.AHEAD]
    parts = standing(TWO_STEPS, taken=[], left_out=(1, 3))
    assert next_part(parts) is None
    assert counted(parts) == (2, 2)


def test_the_way_ends_when_everything_was_asked() -> None:
    parts = standing(TWO_STEPS, taken=[done(1, screen_positive=False), done(3)], left_out=())
    assert next_part(parts) is None
    assert counted(parts) == (2, 2)
    ahead = next_part(standing(TWO_STEPS, taken=[done(1, screen_positive=True)], left_out=()))
    assert ahead is not None
    assert (ahead.number, ahead.instrument) == (2, "phq-9")


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ([{"one_of": ["phq-99"]}], "no such form: phq-99"),
        ([{"one_of": ["phq-9"]}, {"one_of": ["phq-9"]}], "stands twice"),
        ([{"one_of": ["phq-9"], "only_if": "x"}], "cannot depend"),
        ([], "cannot depend"),
    ],
)
def test_a_faulty_battery_is_refused(parts: list[dict[str, Any]], fault: str) -> None:
    entry = {"id": "x", "title": {}, "promise": {}, "parts": parts}
    with pytest.raises(BadBatteries, match=fault):
        read_batteries({"batteries": [entry]}, is_known=lambda name: name == "phq-9")
