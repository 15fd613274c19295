"""The real thing: its own PostgreSQL, a web process, a worker, a file that holds the time; each can be killed with -9.

Nothing is simulated but the clock. Waiting is polling with a deadline, never a fixed sleep.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from anxin.kernel import clock
from anxin.platform.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def eventually(what: str, check: Callable[[], Any], *, patience: float = PATIENCE) -> Any:
    """The first true answer of ``check``; an error that says what never happened."""
    deadline = time.monotonic() + patience
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"never within {patience:.0f} s: {what}")
        time.sleep(0.05)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """One running installation on its own database."""

    def __init__(self, cluster: Cluster, database: str, folder: Path, **environment: str) -> None:
        self.cluster, self.database, self.folder = cluster, database, folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.clock_file = folder / "clock.json"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": cluster.url("anxin_app", database),
            "ANXIN_INTAKE_DATABASE_URL": cluster.url("anxin_intake", database),
            "ANXIN_CLOCK_FILE": str(self.clock_file),
            "ANXIN_AUDIT_ROOTS": str(folder / "audit"),
            "PYTHONWARNINGS": "ignore",
            **environment,
        }

    def set_time(self, moment: datetime, *, rate: float = 1.0) -> None:
        """Move the clock of every process."""
        clock.write_simulation(self.clock_file, simulated=moment, rate=rate)

    def start(self, *names: str) -> None:
        """Start the named processes (``web``, ``worker``) and wait until they answer."""
        for name in names:
            with open(self.folder / f"{name}.log", "ab") as log:
                self.processes[name] = subprocess.Popen(
                    self._command(name),
                    cwd=ROOT,
                    env={**self.environment, **self._role(name), "ANXIN_PROCESS": name},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
        if "web" in names:
            eventually("the web process answers", self.is_up)
        if "worker" in names:
            eventually("the worker beats", lambda: self.health().get("worker") == "ok")

    def _role(self, name: str) -> dict[str, str]:
        """The worker has a login of its own, which alone may seal the trail."""
        return {"DATABASE_URL": self.cluster.url("anxin_worker", self.database)} if name == "worker" else {}

    def _command(self, name: str) -> list[str]:
        if name == "worker":
            return [sys.executable, "-m", "anxin.cli", "worker"]
        options = [
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--no-access-log",
            "--http",
            "anxin.intake.protocol:IntakeProtocol",
            "--log-level",
            "warning",
        ]
        return [sys.executable, "-m", "uvicorn", "config.asgi:application", *options]

    def health(self) -> dict[str, Any]:
        """What ``/healthz`` says; empty when nobody answers."""
        try:
            found: dict[str, Any] = httpx.get(f"{self.base}/healthz", timeout=5).json()
            return found
        except (httpx.HTTPError, ValueError):
            return {}

    def is_up(self) -> bool:
        """Whether pages can be served."""
        return self.health().get("database") == "ok"

    def kill(self, name: str) -> None:
        """kill -9 of one process, or of the database."""
        if name == "database":
            os.kill(self.cluster.pid, signal.SIGKILL)
            eventually("the database is gone", lambda: self.cluster.poll() is not None)
        else:
            process = self.processes.pop(name)
            process.kill()
            process.wait(10)

    def revive(self, name: str) -> None:
        """Bring back what was killed."""
        if name == "database":
            self.cluster.start()
            eventually("the web process reaches the database again", self.is_up)
        else:
            self.start(name)

    def stop(self) -> None:
        """End everything that still runs."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
        self.processes.clear()


class Visitor:
    """A browser without a screen: follows forms as they are served."""

    def __init__(self, stack: Stack, session: str = "") -> None:
        cookies = {"sessionid": session} if session else {}
        self.http = httpx.Client(
            base_url=stack.base, follow_redirects=True, timeout=30, cookies=cookies, trust_env=False
        )

    def get(self, path: str) -> httpx.Response:
        """A page."""
        return self.http.get(path)

    def post(self, path: str, page: httpx.Response, **fields: str) -> httpx.Response:
        """Send the form of ``page``."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, f"no form on {page.url}"
        headers = {"Referer": str(page.url)}
        return self.http.post(path, data={"csrfmiddlewaretoken": token[1], **fields}, headers=headers)
