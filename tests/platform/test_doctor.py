"""The doctor: one line a check, and what to do about it."""

import json
import os
from collections import namedtuple
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from anxin.platform import doctor
from anxin.platform.doctor import Finding, Level

TODAY = date(2026, 11, 24)


def level_of_calendar(last: date) -> Level:
    """How a holiday library that ends on ``last`` is judged today."""
    return doctor.check_calendar(lambda: last, lambda: TODAY).level


def test_every_finding_is_one_line() -> None:
    line = str(Finding(Level.WARN, "disk", "1.0 GB free"))

    assert line.split() == ["WARN", "disk", "1.0", "GB", "free"]
    assert "\n" not in line


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2027, 12, 31), Level.OK),
        (date(2027, 5, 23), Level.OK),
        (date(2027, 5, 22), Level.WARN),
        (date(2026, 12, 31), Level.WARN),
        (date(2025, 12, 31), Level.WARN),
    ],
)
def test_the_calendar_warns_half_a_year_ahead(last: date, expected: Level) -> None:
    assert level_of_calendar(last) is expected


def test_a_calendar_that_is_not_installed_is_a_failure() -> None:
    def missing() -> date:
        raise ImportError("No module named 'chinese_calendar'")

    assert doctor.check_calendar(missing, lambda: TODAY).level is Level.FAIL


def test_real_time_is_fine() -> None:
    assert doctor.check_clock(None) == Finding(Level.OK, "clock", "real time")


def test_a_simulated_clock_is_pointed_out(tmp_path: Path) -> None:
    clock = tmp_path / "clock.json"
    clock.write_text(json.dumps({"real": 1.0, "simulated": "2026-11-24T03:00:00+08:00", "rate": 60}))

    found = doctor.check_clock(str(clock))

    assert found.level is Level.WARN
    assert "rate 60" in found.line


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"real": 1}',
        '{"real": 1, "simulated": "2026-11-24T03:00:00"}',
        '{"real": "x", "simulated": 3}',
    ],
)
def test_a_clock_file_that_cannot_be_used_is_a_failure(tmp_path: Path, content: str) -> None:
    clock = tmp_path / "clock.json"
    clock.write_text(content)

    assert doctor.check_clock(str(clock)).level is Level.FAIL
    assert doctor.check_clock(str(tmp_path / "missing")).level is Level.FAIL


@pytest.mark.parametrize(("free", "expected"), [(10**10, Level.OK), (10**9, Level.WARN), (10**8, Level.FAIL)])
def test_a_disk_that_fills_up_is_told_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, expected: Level
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage(10**12, 0, free))

    assert doctor.check_disk(tmp_path).level is expected


def answers(found: dict[str, Any] | None) -> Callable[..., dict[str, Any] | None]:
    """A web process that says ``found``."""
    return lambda host, port: found


def test_the_worker_is_fine_while_it_is_heard() -> None:
    healthy = {"web": "ok", "worker": "ok", "worker_heartbeat_age_seconds": 2.4}

    assert doctor.check_running({"port": 1}, answers(healthy)).level is Level.OK


@pytest.mark.parametrize(
    "found",
    [
        None,
        {"web": "ok", "worker": "silent", "worker_heartbeat_age_seconds": 2},
        {"web": "ok", "worker": "ok", "worker_heartbeat_age_seconds": 31},
        {"web": "ok", "worker": "ok", "worker_heartbeat_age_seconds": None},
    ],
)
def test_a_worker_that_is_not_heard_is_a_failure(found: dict[str, Any] | None) -> None:
    assert doctor.check_running({"port": 1, "pid": 2}, answers(found)).level is Level.FAIL


def test_nothing_running_is_no_failure() -> None:
    assert doctor.check_running(None, answers(None)).level is Level.WARN


def test_packages_that_differ_from_the_lock_are_named(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    lock = tmp_path / "requirements" / "base.txt"
    lock.write_text("click==0.0.1 \\\n    --hash=sha256:00\nno-such-thing==1 ; sys_platform == 'plan9' \\\n")

    found = doctor.check_environment(tmp_path)

    assert found.level is Level.FAIL
    assert "click" in found.line
    assert "no-such-thing" not in found.line


def test_damaged_secrets_are_a_failure(state: Path) -> None:
    (state / "secrets.json").write_text("{")

    assert doctor.check_secrets(state).level is Level.FAIL


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps databases outside the checkout")
def test_databases_of_removed_checkouts_are_named(tmp_path: Path) -> None:
    for key, state in (("gone", tmp_path / "no such folder"), ("here", tmp_path)):
        (tmp_path / key).mkdir()
        (tmp_path / key / "state-folder").write_text(str(state))

    (found,) = doctor.check_leftovers(tmp_path)

    assert found.level is Level.WARN
    assert found.line.endswith(f"rm -r {tmp_path / 'gone'}")
