"""The only source of time."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from anxin.kernel import clock

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def clock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "clock.json"
    monkeypatch.setenv("ANXIN_CLOCK_FILE", str(file))
    return file


def test_without_a_file_time_is_real_and_aware(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANXIN_CLOCK_FILE", raising=False)
    with time_machine.travel(MORNING, tick=False):
        assert clock.now() == MORNING
        assert clock.now().utcoffset() == timedelta(0)
        assert not clock.is_simulated()


def test_today_is_the_citys_day_and_not_utcs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANXIN_CLOCK_FILE", raising=False)
    with time_machine.travel(datetime(2026, 11, 24, 17, 0, tzinfo=UTC), tick=False):
        assert clock.today().isoformat() == "2026-11-25"


def test_simulated_time_runs_at_its_own_rate(clock_file: Path) -> None:
    with time_machine.travel(MORNING, tick=False) as traveller:
        clock.write_simulation(clock_file, simulated=datetime(2027, 3, 1, 3, 0, tzinfo=clock.LOCAL), rate=60)
        assert clock.is_simulated()
        traveller.shift(timedelta(seconds=30))
        assert clock.now() == datetime(2027, 3, 1, 3, 30, tzinfo=clock.LOCAL)


def test_a_changed_file_is_read_again(clock_file: Path) -> None:
    with time_machine.travel(MORNING, tick=False):
        for hour in (3, 4):
            clock.write_simulation(clock_file, simulated=datetime(2027, 3, 1, hour, tzinfo=clock.LOCAL))
            assert clock.local(clock.now()).hour == hour


def test_a_simulation_without_offset_is_refused(clock_file: Path) -> None:
    with pytest.raises(ValueError, match="aware"):
        clock.write_simulation(clock_file, simulated=datetime(2027, 3, 1))  # noqa: DTZ001
    clock_file.write_text(
        json.dumps({"real": time.time(), "simulated": "2027-03-01T03:00:00"}), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="offset"):
        clock.now()


def test_a_missing_file_means_real_time(clock_file: Path) -> None:
    assert not clock_file.exists()
    assert not clock.is_simulated()
