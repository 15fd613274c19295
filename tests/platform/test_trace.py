"""The count of requirements: a claim counts only when its tests passed in the last run."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from anxin import trace
from anxin.trace import Row, compare

WORKS = Row("R-001", "works", "network", "tests/x.py")


def test_a_claim_with_a_passing_test_counts() -> None:
    outcome = compare([WORKS], {"R-001": [{"test": "t", "outcome": "passed"}]})

    assert outcome.counts["works"] == 1
    assert outcome.unproved == {}


@pytest.mark.parametrize(
    ("ran", "reason"),
    [
        ([], "no test of it ran"),
        ([{"test": "t", "outcome": "failed"}], "t failed"),
        ([{"test": "t", "outcome": "skipped"}], "t skipped"),
        ([{"test": "a", "outcome": "passed"}, {"test": "b", "outcome": "failed"}], "b failed"),
    ],
)
def test_a_claim_that_no_passing_test_backs_does_not_count(ran: list[dict[str, str]], reason: str) -> None:
    outcome = compare([WORKS], {"R-001": ran})

    assert outcome.counts["works"] == 0
    assert outcome.unproved == {"R-001": reason}


def test_what_does_not_claim_to_work_needs_no_test() -> None:
    outcome = compare([Row("R-002", "partly", "", ""), Row("R-003", "not yet", "", "")], {})

    assert outcome.counts == {"works": 0, "partly": 1, "not yet": 1}


@pytest.fixture
def ledger(tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a ledger of two requirements."""
    folder = tmp_path / "docs" / "reference"
    folder.mkdir(parents=True)
    (folder / "requirements.csv").write_text("id,state,where,test\nR-001,works,network,t\nR-002,not yet,,\n")
    monkeypatch.setattr(trace.paths, "checkout", lambda: tmp_path)
    monkeypatch.setenv("ANXIN_STATE_DIR", str(state))
    return folder / "requirements.csv"


def test_the_command_prints_the_counts(ledger: Path, state: Path) -> None:
    passed = {"R-001": [{"test": "t", "outcome": "passed"}]}
    (state / trace.RESULT_FILE).write_text(json.dumps(passed))

    result = CliRunner().invoke(trace.trace_command, ["--check"])

    assert result.exit_code == 0
    assert [line.split(maxsplit=1) for line in result.output.splitlines()] == [
        ["1", "works"],
        ["0", "partly"],
        ["1", "not yet"],
        ["2", "requirements"],
    ]


def test_without_a_test_run_nothing_counts_as_working(ledger: Path) -> None:
    result = CliRunner().invoke(trace.trace_command, ["--check"])

    assert result.exit_code == 1
    assert "run make test" in result.output
    assert "R-001  no test of it ran" in result.output


def test_a_ledger_with_an_unknown_state_is_refused(ledger: Path) -> None:
    ledger.write_text("id,state,where,test\nR-001,almost,,\n")

    result = CliRunner().invoke(trace.trace_command)

    assert result.exit_code == 1
    assert "R-001 has the state 'almost'" in result.output
