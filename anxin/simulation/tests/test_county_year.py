"""A small year on the real code: nobody is left alone; with escalation switched off somebody is, and it shows."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from anxin.simulation.figures import figures
from anxin.simulation.order import Order
from anxin.simulation.part import live
from anxin.simulation.streams import read
from anxin.simulation.tests.checker import check
from tests.requirements_marker import requirement

ROOT = Path(__file__).parents[3]
SIX = ("warnings", "unowned", "l4_late", "lost", "doubled", "open_at_end")


@pytest.fixture
def lived(fresh_db: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Live an order in a database of its own; its lines."""
    settings.ANXIN_SMS_GATEWAY = settings.ANXIN_SMS_GATEWAY  # put back afterwards
    monkeypatch.setenv("ANXIN_CLOCK_FILE", "")

    def live_(order: Order) -> list[dict[str, Any]]:
        live(order, tmp_path / "events.jsonl")
        return read(tmp_path / "events.jsonl")

    return live_


@requirement("R-059")
def test_a_small_year_leaves_no_warning_alone(lived: Any) -> None:
    lines = lived(Order(warnings=16, stations=8, seed=7))

    found = figures(lines)
    assert check(lines) == {name: found[name] for name in SIX}
    assert {name: found[name] for name in SIX} == dict.fromkeys(SIX, 0) | {"warnings": 16}
    staff = {line["actor"] for line in lines if line["kind"] == "posted"}
    closed = [
        line["actor"]
        for line in lines
        if line["kind"] in ("closed", "merged") and "twin" not in line["params"]
    ]
    assert len(closed) == 16
    assert set(closed) <= staff  # every end was decided by a person
    over = lines[-1]["params"]
    assert over["failed"] > 0
    assert over["taken"] > 0


@requirement("R-059")
def test_without_escalation_somebody_is_left_alone(lived: Any) -> None:
    lines = lived(Order(warnings=8, stations=4, seed=7, without_escalation=True))

    found = figures(lines)
    assert found["unowned"] > 0
    assert check(lines) == {name: found[name] for name in SIX}


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_whole_county_year(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    command = [
        sys.executable,
        "-m",
        "anxin.cli",
        "simulate",
        "county-year",
        "--json",
        "--events",
        str(events),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    found = json.loads(done.stdout)
    assert {name: found[name] for name in SIX} == dict.fromkeys(SIX, 0) | {"warnings": 1000}
    assert check(read(events)) == {name: found[name] for name in SIX}
