"""Fixtures for tests of the ground: real clusters and processes, in folders of their own, without Django."""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anxin.platform.postgres import Cluster
from anxin.platform.secrets import secret_file

DEADLINE_SECONDS = 30.0
PLATFORM_VARIABLES = (
    "ANXIN_STATE_DIR",
    "ANXIN_SECRET_FILE",
    "ANXIN_FIELD_KEYS",
    "ANXIN_FIELD_KEY_CURRENT",
    "ANXIN_INDEX_HASH",
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


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that was made and stopped, to copy from: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("made-once")
    with pytest.MonkeyPatch.context() as patch:
        for name in PLATFORM_VARIABLES:
            patch.delenv(name, raising=False)
        made = Cluster(folder, durable=False)
        with made:
            pass
        yield made
        made.destroy()


@pytest.fixture
def settled(made_once: Cluster, state: Path) -> Path:
    """A state folder whose cluster is there already."""
    shutil.copy(secret_file(made_once.state_dir), secret_file(state))
    layout = Cluster(state).layout
    for name in ("data", "installation"):
        subprocess.run(["cp", "-a", made_once.layout.home / name, layout.home / name], check=True)
    return state


@pytest.fixture
def cluster(settled: Path) -> Iterator[Cluster]:
    """A cluster of its own, not started; removed afterwards."""
    made = Cluster(settled, durable=False)
    yield made
    made.destroy()


@pytest.fixture
def new_cluster(state: Path) -> Iterator[Cluster]:
    """A cluster that nobody has made yet; removed afterwards."""
    made = Cluster(state, durable=False)
    yield made
    made.destroy()
