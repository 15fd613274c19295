"""Processes that die are started again with growing patience; ending ends all of them."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from anxin.platform import children, paths
from anxin.platform.errors import PlatformError
from anxin.platform.supervisor import Backoff, Program, Supervisor
from tests.platform.conftest import DEADLINE_SECONDS, eventually

FOREVER = "import sys, signal; print('up', flush=True); signal.pause()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOREVER}"


class Scripted:
    """A service that dies and refuses to start when the test says so."""

    def __init__(self, name: str, journal: list[str]) -> None:
        self.name, self.pid = name, os.getpid()
        self.code: int | None = None
        self.refusal: str | None = None
        self._journal = journal

    def start(self) -> None:
        if self.refusal:
            raise PlatformError(self.refusal)
        self.code = None
        self._journal.append(f"start {self.name}")

    def poll(self) -> int | None:
        return self.code

    def stop(self) -> None:
        self._journal.append(f"stop {self.name}")


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def python(name: str, code: str, folder: Path, grace_seconds: float = 5.0) -> Program:
    """A Python one-liner as a service."""
    return Program(
        name,
        [sys.executable, "-c", code],
        env=dict(os.environ),
        cwd=folder,
        log=folder / f"{name}.log",
        grace_seconds=grace_seconds,
    )


def is_up(program: Program) -> Callable[[], bool]:
    """Whether the program has said so."""
    return lambda: program.log.exists() and "up" in program.log.read_text()


def patiently(seconds: float) -> None:
    """A short pause between two looks, whatever the supervisor would take."""
    threading.Event().wait(0.01)


def test_services_start_in_order_and_stop_in_reverse_order() -> None:
    journal: list[str] = []
    services = [Scripted(name, journal) for name in ("postgres", "web", "worker")]

    with Supervisor(services, announce=journal.append):
        pass

    assert journal == [
        *("start postgres", "start web", "start worker"),
        *("stop worker", "stop web", "stop postgres"),
    ]


def test_when_one_service_cannot_start_those_before_it_are_stopped() -> None:
    journal: list[str] = []
    services = [Scripted(name, journal) for name in ("postgres", "web")]
    services[1].refusal = "Cannot start web"

    with pytest.raises(PlatformError), Supervisor(services, announce=journal.append):
        pass

    assert journal == ["start postgres", "stop web", "stop postgres"]


def test_the_pause_before_a_restart_grows_to_a_limit() -> None:
    backoff = Backoff(first_seconds=0.5, factor=2, longest_seconds=3)

    assert [backoff.delay(failures) for failures in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert backoff.delay(10_000) == 3.0


def test_a_dead_service_is_started_again_only_when_its_pause_is_over() -> None:
    journal: list[str] = []
    clock, web = Clock(), Scripted("web", journal)
    supervisor = Supervisor([web], announce=journal.append, now=clock, backoff=Backoff(first_seconds=1))
    with supervisor:
        web.code = -signal.SIGKILL
        supervisor.step()
        assert journal[-1] == "web ended (SIGKILL); starting it again in 1 s."
        clock.seconds += 0.9
        supervisor.step()
        assert journal.count("start web") == 1
        clock.seconds += 0.2
        supervisor.step()

        assert journal[-2:] == ["start web", "web is running again."]
        assert supervisor.failures_of("web") == 1


def test_each_death_in_a_row_is_waited_for_longer_and_a_long_life_forgives_them() -> None:
    journal: list[str] = []
    clock, web = Clock(), Scripted("web", journal)
    backoff = Backoff(first_seconds=1, forgiven_after_seconds=60)
    supervisor = Supervisor([web], announce=journal.append, now=clock, backoff=backoff)

    def die() -> str:
        web.code = 3
        supervisor.step()
        said = journal[-1]
        clock.seconds += 40
        supervisor.step()
        return said

    with supervisor:
        assert [die(), die()] == [
            "web ended (exit code 3); starting it again in 1 s.",
            "web ended (exit code 3); starting it again in 2 s.",
        ]
        clock.seconds += 61
        assert die() == "web ended (exit code 3); starting it again in 1 s."


def test_a_service_that_cannot_be_started_again_is_tried_again_and_the_reason_is_told() -> None:
    journal: list[str] = []
    clock, postgres = Clock(), Scripted("postgres", journal)
    supervisor = Supervisor([postgres], announce=journal.append, now=clock)
    with supervisor:
        postgres.code, postgres.refusal = 1, "The disk is full"
        supervisor.step()
        clock.seconds += 1
        supervisor.step()
        assert journal[-1] == "The disk is full; starting it again in 1 s."
        postgres.refusal = None
        clock.seconds += 1
        supervisor.step()

        assert journal[-1] == "postgres is running again."


def test_waiting_ends_when_the_time_is_up() -> None:
    clock = Clock()

    def pause(seconds: float) -> None:
        clock.seconds += seconds

    with Supervisor([], announce=print, now=clock, pause=pause) as supervisor:
        assert supervisor.run(lambda: False, timeout_seconds=2) is False
        assert supervisor.run(lambda: True, timeout_seconds=2) is True


def test_a_killed_process_is_replaced(tmp_path: Path) -> None:
    web = python("web", FOREVER, tmp_path)
    backoff = Backoff(first_seconds=0.01)
    records: list[list[dict[str, object]]] = []
    supervisor = Supervisor(
        [web], announce=lambda line: None, pause=patiently, backoff=backoff, on_start=records.append
    )
    with supervisor:
        first = web.pid
        os.kill(first, signal.SIGKILL)

        assert supervisor.run(lambda: web.pid != first, timeout_seconds=DEADLINE_SECONDS)
        assert web.poll() is None
        assert [record[0]["pid"] for record in records] == [first, web.pid]
        assert children.fingerprint(web.pid) == records[-1][0]["fingerprint"]


def test_a_process_that_will_not_end_is_ended(tmp_path: Path) -> None:
    web = python("web", STUBBORN, tmp_path, grace_seconds=0.05)
    web.start()
    eventually(is_up(web), "the process did not start")
    pid = web.pid

    web.stop()

    assert children.fingerprint(pid) is None


def test_a_process_ends_with_those_it_started(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, signal\n"
        f"child = subprocess.Popen([sys.executable, '-c', {FOREVER!r}])\n"
        "print(child.pid, flush=True); signal.pause()"
    )
    web = python("web", code, tmp_path)
    web.start()
    eventually(is_up(web), "the grandchild did not start")
    grandchild = int(web.log.read_text().split()[0])

    web.stop()

    eventually(lambda: children.fingerprint(grandchild) is None, "the grandchild lives on")


def test_a_command_that_does_not_exist_is_one_line(tmp_path: Path) -> None:
    web = Program("web", ["/no/such/program"], env={}, cwd=tmp_path, log=tmp_path / "web.log")

    with pytest.raises(PlatformError, match="Cannot start web: No such file"):
        web.start()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals the children of a dead parent")
def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import os, sys
            from pathlib import Path
            from anxin.platform.supervisor import Program, Supervisor
            here = Path({str(tmp_path)!r})
            command = [sys.executable, "-c", {STUBBORN!r}]
            web = Program("web", command, env=dict(os.environ), cwd=here, log=here / "log")
            with Supervisor([web], announce=print) as supervisor:
                print(web.pid, flush=True)
                supervisor.run()
            """
        )
    )
    parent = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(paths.checkout())},
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    eventually(lambda: (tmp_path / "log").exists() and "up" in (tmp_path / "log").read_text(), "no child")

    parent.kill()
    parent.communicate()

    eventually(lambda: children.fingerprint(child) is None, "the child outlived its parent")


def test_a_log_that_has_grown_large_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "_LOG_LIMIT_BYTES", 10)
    log = tmp_path / "web.log"
    log.write_text("more than ten bytes")

    with children.open_log(log) as file:
        file.write(b"new")

    assert log.read_text() == "new"
    assert (tmp_path / "web.log.1").read_text() == "more than ten bytes"
