"""What the figures find in lines that were written by hand: nothing in a good year, each fault once in a bad one.

The second opinion (``checker.py``) reads the same lines and has to say the same.
"""

import copy
from typing import Any

import pytest

from anxin.simulation.figures import figures
from anxin.simulation.streams import in_order
from anxin.simulation.tests.checker import check
from tests.requirements_marker import requirement

SIX = ("warnings", "unowned", "l4_late", "lost", "doubled", "open_at_end")


def at(minute: float) -> str:
    whole = int(minute * 60)
    return f"2026-03-02T{10 + whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}+08:00"


def line(minute: float, kind: str, warning: str = "", **more: Any) -> dict[str, Any]:
    plain = {"level": None, "actor": "", "owner": "", "node": "", "person": "", "params": {}}
    return {"time": at(minute), "kind": kind, "warning": warning, **plain, **more}


def clock(
    minute: float, number: int, *, due: float, climbs: tuple[float, ...], **more: Any
) -> dict[str, Any]:
    turns = [{"rung": "station", "at": at(minute)}]
    turns += [{"rung": rung, "at": at(when)} for rung, when in zip(("county", "city"), climbs, strict=False)]
    params = {
        "clock": number,
        "turn": 0,
        "page": 0,
        "until": at(due),
        "stage": more.pop("stage", "acknowledge"),
        "due_at": at(due),
        "page_every_s": 300.0,
        "turns": turns,
    }
    return line(minute, "clock_started", "w1", level=4, owner="station", params=params, **more)


def called(minute: float, kind: str, turn: int, page: int, owner: str) -> dict[str, Any]:
    params = {"clock": 1, "turn": turn, "page": page, "until": at(minute + 5)}
    return line(minute, f"clock_{kind}", "w1", level=4, owner=owner, params=params)


def a_good_hour() -> list[dict[str, Any]]:
    """L4 told at 10:00, climbs twice, is paged once at the top, is taken over and ended by a person."""
    return [
        line(0, "begun", params={"l4_within_s": 300.0}),
        *(
            line(0, "posted", actor=one, params={"rung": one, "from": at(0)})
            for one in ("station", "county", "city")
        ),
        line(1, "told", person="p", params={"source": "contact", "key": "", "safety": "no"}),
        line(1, "alarm", "w1", level=4, person="p", params={"source": "contact_request", "key": "contact:1"}),
        line(1, "raised", "w1", level=4, params={"level": 4}),
        clock(1, 1, due=6, climbs=(6, 11)),
        called(6, "climbed", 1, 0, "county"),
        called(11, "climbed", 2, 0, "city"),
        called(16, "paged", 2, 1, "city"),
        line(18, "acknowledged", "w1", actor="city"),
        line(18, "clock_ended", "w1", params={"clock": 1, "stage": "acknowledge"}),
        clock(18, 2, due=30, climbs=(), stage="contact"),
        line(20, "closed", "w1", actor="city"),
        line(20, "clock_ended", "w1", params={"clock": 2, "stage": "contact"}),
        line(60, "over"),
    ]


def both(lines: list[dict[str, Any]]) -> dict[str, int]:
    lines = in_order(lines)
    ours = {name: figures(lines)[name] for name in SIX}
    assert check(lines) == ours
    return ours


GOOD = {"warnings": 1, "unowned": 0, "l4_late": 0, "lost": 0, "doubled": 0, "open_at_end": 0}


def test_a_good_hour_has_nothing_to_find() -> None:
    assert both(a_good_hour()) == GOOD
    found = figures(a_good_hour())
    assert found["acknowledged_seconds"]["L4"] == {"count": 1, "p50": 1020.0, "p90": 1020.0, "p99": 1020.0}
    assert found["unanswered_at_top_minutes"] == 7.0


def without(kind: str, **params: Any) -> list[dict[str, Any]]:
    return [
        one for one in a_good_hour() if not (one["kind"] == kind and params.items() <= one["params"].items())
    ]


@requirement("R-059")
@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (without("clock_climbed", turn=1), {"unowned": 1, "l4_late": 1}),
        (without("clock_climbed", turn=2), {"unowned": 1}),
        (without("clock_paged"), {"unowned": 1}),
        ([one for one in a_good_hour() if one["params"].get("clock") != 2], {"unowned": 1}),
        (without("alarm"), {"lost": 1}),
        (
            [*[one for one in a_good_hour() if one["kind"] != "closed"][:-2], line(20, "over")],
            {"open_at_end": 1},
        ),
        ([*a_good_hour(), line(5, "left", actor="county", params={"until": at(5)})], {"unowned": 1}),
        (
            [*a_good_hour(), line(2, "alarm", "w1", level=4, person="p", params={"key": "contact:1"})],
            {"doubled": 1},
        ),
        (
            [*a_good_hour(), line(3, "alarm", "w2", level=4, person="p", params={"key": "contact:2"})],
            {"doubled": 1},
        ),
    ],
    ids=[
        "no-climb",
        "no-second-climb",
        "no-page",
        "no-clock",
        "no-warning",
        "no-end",
        "owner-left",
        "twice",
        "twins",
    ],
)
def test_each_fault_is_found_by_both(fault: list[dict[str, Any]], found: dict[str, int]) -> None:
    assert both(copy.deepcopy(fault)) == GOOD | found


def test_a_call_that_comes_too_late_is_a_stretch_without_owner() -> None:
    late = [
        one
        if one["kind"] != "clock_climbed" or one["params"]["turn"] == 2
        else called(8, "climbed", 1, 0, "county")
        for one in a_good_hour()
    ]

    assert both(late) == GOOD | {"unowned": 1, "l4_late": 1}
