"""What ``make demo`` does, from an empty machine to a printed address."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from anxin.platform import health, paths
from anxin.platform.catalogues import compile_catalogues
from anxin.platform.children import last_lines
from anxin.platform.database import APP, WORKER, Database, open_database
from anxin.platform.errors import PlatformError
from anxin.platform.locks import HeldElsewhere, Lock
from anxin.platform.orphans import end_recorded
from anxin.platform.ports import require_free
from anxin.platform.postgres import OWNER
from anxin.platform.secrets import mark_as_demo
from anxin.platform.steps import output_of, run_step
from anxin.platform.supervisor import Program, Service, Supervisor

_READY_SECONDS = 90.0
_TELL_SECONDS = 5.0
_DEATHS_BEFORE_GIVING_UP = 3
ANXIN = [sys.executable, "-m", "anxin.cli"]


def demo_lock(state_dir: Path) -> Path:
    """The file whose lock says that a demo of this checkout is running, and where."""
    return state_dir / "run" / "demo.lock"


def web_command(host: str, port: int) -> list[str]:
    """The command of the web process."""
    options = {
        "--host": host,
        "--port": str(port),
        "--log-level": "warning",
        "--timeout-graceful-shutdown": "3",
    }
    return [
        *(
            sys.executable,
            "-m",
            "uvicorn",
            "config.asgi:application",
            "--no-access-log",
            "--no-server-header",
            "--http",
            "anxin.intake.protocol:IntakeProtocol",
        ),
        *(part for option in options.items() for part in option),
    ]


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Treat SIGTERM and a closed terminal like Ctrl-C, and let the clean-up run undisturbed by a second
    one.
    """
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # else nohup asked to outlive the terminal
        numbers.append(signal.SIGHUP)

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


@dataclass(frozen=True, slots=True)
class Demo:
    """One run of the demo."""

    host: str
    port: int
    scale: float
    announce: Callable[[str], None]

    @property
    def address(self) -> str:
        """Where a person on this machine finds it."""
        return f"http://{health.reachable(self.host)}:{self.port}"

    def run(self) -> None:
        """Start everything, say where it is, and look after it until Ctrl-C."""
        state, started = paths.state_dir(), time.monotonic()
        mark_as_demo(state)
        with ended_by_signals():
            try:
                with ExitStack() as stack:
                    lock = self._lock(state)
                    stack.callback(lock.release)
                    end_recorded(lock.left_behind.get("children", []))
                    require_free(self.host, self.port)
                    compile_catalogues(paths.checkout())
                    self.announce("Starting the database ...")
                    database = stack.enter_context(open_database(state, self.announce, attach=False))
                    self._prepare(database, state)
                    self.announce("Starting web and worker ...")
                    supervisor = stack.enter_context(self._supervise(database, state, lock))
                    self._wait_until_ready(supervisor, state)
                    self._welcome(database, state, time.monotonic() - started)
                    supervisor.run()
            except KeyboardInterrupt:
                self.announce("\nEverything has been stopped. The data stays; make demo brings it back.")

    def _lock(self, state: Path) -> Lock:
        lock = Lock(demo_lock(state))
        try:
            lock.take(host=self.host, port=self.port)
        except HeldElsewhere as error:
            port, pid = error.note.get("port", "?"), error.note.get("pid", "?")
            raise PlatformError(
                f"A demo of this checkout is already running on port {port}. "
                f"Open that one, or stop it first: kill {pid}"
            ) from None
        return lock

    def _prepare(self, database: Database, state: Path) -> None:
        self._step(
            "Bringing the tables up to date",
            [sys.executable, "-m", "django", "migrate", "--no-input", "--skip-checks"],
            database.environment(OWNER, process="migrate", demo=True),
            state / "log" / "migrate.log",
            tell=lambda line: line.startswith("Applying"),
        )
        self._step(
            "Looking for the city",
            [*ANXIN, "city", "generate", "--unless-exists", "--scale", str(self.scale)],
            database.environment(APP, process="city", demo=True),
            state / "log" / "city.log",
            tell=bool,
        )

    def _step(
        self, title: str, command: list[str], env: dict[str, str], log: Path, *, tell: Callable[[str], bool]
    ) -> None:
        run_step(title, command, env=env, cwd=paths.checkout(), log=log, announce=self.announce, tell=tell)

    def _supervise(self, database: Database, state: Path, lock: Lock) -> Supervisor:
        web_env = database.environment(APP, process="web", demo=True)
        if health.reachable(self.host) != self.host:
            web_env.setdefault("ANXIN_HOSTS", "*")  # a phone on the same network calls us by some other name
        log = state / "log"
        root = paths.checkout()
        worker_env = database.environment(WORKER, process="worker", demo=True)
        services: list[Service] = [
            Program("web", web_command(self.host, self.port), env=web_env, cwd=root, log=log / "web.log"),
            Program("worker", [*ANXIN, "worker"], env=worker_env, cwd=root, log=log / "worker.log"),
        ]
        if database.cluster is not None:
            services.insert(0, database.cluster)
        return Supervisor(
            services,
            announce=self.announce,
            on_start=lambda records: self._note(lock, records),
        )

    def _note(self, lock: Lock, records: list[dict[str, object]]) -> None:
        # PostgreSQL is not for killing: the next start ends it in good order.
        lock.write_note(
            host=self.host, port=self.port, children=[each for each in records if each["name"] != "postgres"]
        )

    def _wait_until_ready(self, supervisor: Supervisor, state: Path) -> None:
        started = told_at = time.monotonic()
        missing = "web"

        def ready() -> bool:
            nonlocal told_at, missing
            for name in ("web", "worker"):
                if supervisor.failures_of(name) >= _DEATHS_BEFORE_GIVING_UP:
                    log = state / "log" / f"{name}.log"
                    self.announce(last_lines(log))
                    raise PlatformError(
                        f"The {name} process does not stay up; the lines above are from {paths.shown(log)}."
                    )
            missing = self._silent(time.monotonic() - started)
            if missing and time.monotonic() - told_at > _TELL_SECONDS:
                self.announce(f"  waiting for {missing} ...")
                told_at = time.monotonic()
            return not missing

        if not supervisor.run(ready, timeout_seconds=_READY_SECONDS):
            log = state / "log" / f"{missing}.log"
            self.announce(last_lines(log))
            raise PlatformError(
                f"The {missing} process did not answer within {_READY_SECONDS:.0f} s; the lines above "
                f"are from "
                f"{paths.shown(log)}."
            )

    def _silent(self, seconds: float) -> str:
        """Which of web and worker has not been heard in these ``seconds``; empty when both have."""
        found = health.ask(self.host, self.port, timeout_seconds=2.0) or {}
        if found.get("web") != "ok":
            return "web"
        age = found.get("worker_heartbeat_age_seconds")
        heard = (
            found.get("worker") == "ok" and age is not None and age <= seconds
        )  # else by an earlier worker
        return "" if heard else "worker"

    def _welcome(self, database: Database, state: Path, seconds: float) -> None:
        links = output_of(
            [*ANXIN, "city", "links", "--base-url", self.address],
            env=database.environment(APP, process="city", demo=True),
            cwd=paths.checkout(),
        )
        self.announce(f"\nAnxin is ready after {seconds:.0f} s:  {self.address}/")
        if links:
            self.announce(f"\nSign in with one click:\n{links}")
        self.announce(f"\nCtrl-C stops everything. Logs are in {paths.shown(state / 'log')}.")
