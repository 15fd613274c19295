"""Keeping the service's processes alive, and ending them together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from anxin.platform import children
from anxin.platform.errors import PlatformError

_POLL_SECONDS = 0.2


class Service(Protocol):
    """Something that runs until it is stopped, or dies."""

    name: str

    def start(self) -> None:
        """Start it. Raises :class:`PlatformError`."""

    def poll(self) -> int | None:
        """The exit code when it ended by itself, else ``None``."""

    def stop(self) -> None:
        """End it and wait until it has ended. Harmless when it is not running."""

    @property
    def pid(self) -> int:
        """The number of its process while it runs."""


class Program:
    """A command as a service, writing into a log of its own."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: Path,
        grace_seconds: float = 5.0,
    ) -> None:
        self.name = name
        self.log = log
        self._command, self._env, self._cwd, self._grace = list(command), dict(env), cwd, grace_seconds
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The number of the running process."""
        if self._process is None:
            raise RuntimeError(f"{self.name} is not running")
        return self._process.pid

    def start(self) -> None:
        """Start the command."""
        try:
            with children.open_log(self.log) as log:
                self._process = children.spawn(self._command, env=self._env, cwd=self._cwd, output=log)
        except OSError as error:
            raise PlatformError(f"Cannot start {self.name}: {error.strerror or error}.") from None

    def poll(self) -> int | None:
        """The exit code of a command that ended by itself."""
        return None if self._process is None else self._process.poll()

    def stop(self) -> None:
        """Ask the command to end, and after its grace end it with everything it started."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(self._grace)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before a dead service is started again."""

    first_seconds: float = 0.5
    factor: float = 2.0
    longest_seconds: float = 30.0
    forgiven_after_seconds: float = 60.0

    def delay(self, failures: int) -> float:
        """The pause after ``failures`` earlier deaths in a row."""
        return min(self.longest_seconds, self.first_seconds * self.factor ** min(failures, 20))


@dataclass(slots=True)
class _Watched:
    service: Service
    started_at: float = 0.0
    due_at: float | None = None
    failures: int = 0


class Supervisor:
    """Starts services in order, restarts those that die, stops them in reverse order."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        announce: Callable[[str], None],
        backoff: Backoff | None = None,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
        on_start: Callable[[list[dict[str, object]]], None] = lambda records: None,
    ) -> None:
        self._watched = [_Watched(service) for service in services]
        self._announce, self._now, self._pause, self._on_start = announce, now, pause, on_start
        self._backoff = backoff or Backoff()

    def __enter__(self) -> "Supervisor":
        try:
            for watched in self._watched:
                watched.service.start()
                watched.started_at = self._now()
                self._report()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def failures_of(self, name: str) -> int:
        """How often in a row the service has died lately."""
        return max((watched.failures for watched in self._watched if watched.service.name == name), default=0)

    def step(self) -> None:
        """Look after every service once."""
        for watched in self._watched:
            if watched.due_at is not None:
                if self._now() >= watched.due_at:
                    self._start_again(watched)
            elif (code := watched.service.poll()) is not None:
                self._expect_again(watched, f"{watched.service.name} ended ({_cause(code)})")

    def run(self, until: Callable[[], bool] = lambda: False, *, timeout_seconds: float | None = None) -> bool:
        """Look after the services until ``until`` holds (true) or the time is up (false)."""
        deadline = None if timeout_seconds is None else self._now() + timeout_seconds
        while not until():
            if deadline is not None and self._now() >= deadline:
                return False
            self.step()
            self._pause(_POLL_SECONDS)
        return True

    def stop(self) -> None:
        """End every service, the last started first."""
        for watched in reversed(self._watched):
            watched.service.stop()

    def _start_again(self, watched: _Watched) -> None:
        watched.due_at = None
        try:
            watched.service.start()
        except PlatformError as error:
            self._expect_again(watched, str(error))
            return
        watched.started_at = self._now()
        self._report()
        self._announce(f"{watched.service.name} is running again.")

    def _expect_again(self, watched: _Watched, what: str) -> None:
        if watched.started_at and self._now() - watched.started_at >= self._backoff.forgiven_after_seconds:
            watched.failures = 0
        delay = self._backoff.delay(watched.failures)
        watched.failures += 1
        watched.due_at = self._now() + delay
        self._announce(f"{what}; starting it again in {delay:g} s.")

    def _report(self) -> None:
        records: list[dict[str, object]] = []
        for watched in self._watched:
            if watched.started_at and watched.due_at is None:
                pid = watched.service.pid
                records.append(
                    {"name": watched.service.name, "pid": pid, "fingerprint": children.fingerprint(pid)}
                )
        self._on_start(records)


def _cause(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
