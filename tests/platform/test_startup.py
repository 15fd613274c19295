"""A whole start with a small stand-in for web and worker: ready, repaired, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from anxin.platform import children, health, paths
from anxin.platform.startup import demo_lock
from tests.platform.conftest import eventually

pytestmark = pytest.mark.enable_socket

WEB = """
import http.server, json, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"web": "ok", "worker": "ok", "worker_heartbeat_age_seconds": 0}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
WORKER = (
    "import sys, signal; sys.argv[1] == 'worker' and signal.pause(); print('  resident  http://example/')"
)
DEMO = """
import sys
from anxin.platform import startup
{changes}
startup.web_command = lambda host, port: [sys.executable, {web!r}, str(port)]
startup.ANXIN = [sys.executable, {worker!r}]
if not {prepare}:
    startup.Demo._prepare = lambda self, database, state: None
from anxin.platform.errors import PlatformError
try:
    startup.Demo("127.0.0.1", {port}, 0.1, lambda line: print(line, flush=True)).run()
except PlatformError as error:
    sys.exit("anxin: " + str(error))
"""


class StandIn:
    """Starts demos of one state folder and remembers them for the end of the test."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.folder, self.state, self.port = folder, state, free_port()
        self._started: list[subprocess.Popen[str]] = []
        (folder / "web.py").write_text(textwrap.dedent(WEB))
        (folder / "worker.py").write_text(WORKER)

    def start(self, *, changes: str = "", prepare: bool = False) -> "subprocess.Popen[str]":
        """Start one; its output comes through the pipe."""
        script = self.folder / "demo.py"
        script.write_text(
            DEMO.format(
                changes=changes,
                prepare=prepare,
                port=self.port,
                web=str(self.folder / "web.py"),
                worker=str(self.folder / "worker.py"),
            )
        )
        env = os.environ | {"PYTHONPATH": str(paths.checkout()), "ANXIN_STATE_DIR": str(self.state)}
        demo = subprocess.Popen(
            [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env
        )
        self._started.append(demo)
        return demo

    def started(self) -> "subprocess.Popen[str]":
        """Start one and read until it is ready."""
        demo = self.start()
        lines = read_until(demo, "Ctrl-C stops everything")
        assert f"http://127.0.0.1:{self.port}/" in lines
        return demo

    def children(self) -> dict[str, int]:
        """The processes that the running demo wrote down."""
        note = json.loads(demo_lock(self.state).read_text())
        return {child["name"]: child["pid"] for child in note["children"]}

    def end(self) -> None:
        """Leave nothing running."""
        for demo in self._started:
            if demo.poll() is None:
                demo.terminate()
            demo.wait()
            if demo.stdout:
                demo.stdout.close()


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read_until(demo: "subprocess.Popen[str]", sign: str) -> str:
    """What the demo says up to ``sign``."""
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if sign in line:
            return said
    raise AssertionError(f"{sign!r} was never said:\n{said}")


def are_gone(pids: dict[str, int]) -> Callable[[], bool]:
    """Whether none of the processes lives."""
    return lambda: all(children.fingerprint(pid) is None for pid in pids.values())


@pytest.fixture
def stand_in(tmp_path: Path, settled: Path) -> Iterator[StandIn]:
    """Demos whose cluster is removed at the end."""
    from anxin.platform.postgres import Cluster

    made = StandIn(tmp_path, settled)
    yield made
    made.end()
    Cluster(settled).destroy()


def test_it_starts_says_where_it_is_and_ctrl_c_stops_every_child(stand_in: StandIn) -> None:
    demo = stand_in.start()
    said = read_until(demo, "Ctrl-C stops everything")
    pids = stand_in.children()

    demo.send_signal(signal.SIGINT)
    rest, _ = demo.communicate()

    assert "Sign in with one click" in said
    assert "http://example/" in said
    assert "Everything has been stopped" in rest
    assert demo.returncode == 0
    assert set(pids) == {"web", "worker"}
    assert are_gone(pids)()


def test_a_killed_web_process_answers_again(stand_in: StandIn) -> None:
    demo = stand_in.started()
    first = stand_in.children()["web"]

    os.kill(first, signal.SIGKILL)

    said = read_until(demo, "web is running again.")
    assert "web ended (SIGKILL); starting it again in 0.5 s." in said
    eventually(lambda: health.ask("127.0.0.1", stand_in.port) is not None, "the web does not answer")
    assert stand_in.children()["web"] != first


def test_after_the_parent_was_killed_the_next_start_works(stand_in: StandIn) -> None:
    demo = stand_in.started()
    pids = stand_in.children()

    demo.kill()
    demo.communicate()
    stand_in.started()

    eventually(are_gone(pids), "a child outlived its parent and the next start")


def test_a_second_demo_of_the_same_checkout_is_told_where_the_first_is(stand_in: StandIn) -> None:
    first = stand_in.started()

    second = stand_in.start()
    said, _ = second.communicate()

    assert second.returncode == 1
    assert said.splitlines() == [
        f"anxin: A demo of this checkout is already running on port {stand_in.port}. "
        f"Open that one, or stop it first: kill {first.pid}"
    ]
    assert first.poll() is None


def test_a_busy_port_is_found_before_anything_else_starts(stand_in: StandIn) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", stand_in.port))
        busy.listen()

        demo = stand_in.start()
        said, _ = demo.communicate()

    assert demo.returncode == 1
    assert said.startswith(f"anxin: Port {stand_in.port} is busy.")
    assert len(said.splitlines()) == 1


def test_a_web_process_that_does_not_stay_up_is_explained(stand_in: StandIn) -> None:
    (stand_in.folder / "web.py").write_text("raise SystemExit('no such setting')")
    changes = "from anxin.platform import supervisor; supervisor.Backoff.delay = lambda self, failures: 0.01"

    demo = stand_in.start(changes=changes)
    said, _ = demo.communicate()

    assert demo.returncode == 1
    assert "no such setting" in said
    assert said.splitlines()[-1].startswith("anxin: The web process does not stay up")


def test_a_step_that_fails_is_one_line_and_nothing_stays_behind(stand_in: StandIn) -> None:
    changes = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'no_such_settings'"

    demo = stand_in.start(prepare=True, changes=changes)
    said, _ = demo.communicate()

    assert demo.returncode == 1
    assert said.splitlines()[-1].startswith("anxin: Bringing the tables up to date failed:")
    assert "no_such_settings" in said.splitlines()[-1]
    assert "migrate.log" in said.splitlines()[-1]
