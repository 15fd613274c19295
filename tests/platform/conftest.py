"""Fixtures for tests of the ground: real clusters and processes, in folders of their own, without Django."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anxin.platform.postgres import Cluster

DEADLINE_SECONDS = 30.0
PLATFORM_VARIABLES = (
    "ANXIN_STATE_DIR",
    "ANXIN_SECRET_FILE",
    "ANXIN_PG_BIN",
    "ANXIN_PG_USER",
    "ANXIN_PG_HOME",
    "ANXIN_CLOCK_FILE",
    "ANXIN_PROCESS",
    "ANXIN_DATABASE_ROLE",
    "ANXIN_OWNER_DATABASE_URL",
    "DATABASE_URL",
)


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Wait until ``holds``, and fail with ``what`` when it never does."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        threading.Event().wait(0.02)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that the person or the test run has set may reach these tests."""
    for name in PLATFORM_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder nobody has used."""
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def cluster(state: Path) -> Iterator[Cluster]:
    """A cluster of its own, not started; removed afterwards."""
    made = Cluster(state, durable=False)
    yield made
    made.destroy()
