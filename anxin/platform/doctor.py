"""Looking the installation over: one line a check, with what to do about it."""

import base64
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from typing import Any

from anxin.platform import fonts, health, paths
from anxin.platform.children import unprivileged
from anxin.platform.database import Database, open_database
from anxin.platform.engine import find_engine
from anxin.platform.errors import PlatformError
from anxin.platform.layout import left_behind
from anxin.platform.locks import note_of_holder
from anxin.platform.postgres import OWNER, Cluster
from anxin.platform.production import demand_safe_files
from anxin.platform.secrets import Secrets, load_or_create, secret_file
from anxin.platform.startup import demo_lock

OLDEST_PYTHON = (3, 11)
CALENDAR_NOTICE = timedelta(days=180)
HEARTBEAT_LIMIT_SECONDS = 30
JOBS_LIMIT_SECONDS = 600
_GB = 1_000_000_000


class Level(Enum):
    """How a check came out."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    level: Level
    subject: str
    line: str

    def __str__(self) -> str:
        return f"{self.level.value:<4}  {self.subject:<12} {self.line}"


def examine(
    *, calendar_end: Callable[[], date], today: Callable[[], date], port: int | None = None
) -> Iterator[Finding]:
    """Every check, in the order in which a start would need it.

    ``today`` is the city's date; ``port`` is that of a web process which no demo started.
    """
    yield check_python()
    yield check_environment(paths.checkout())
    state = paths.state_dir()
    yield check_disk(state)
    yield check_secrets(state)
    yield check_clock(os.environ.get("ANXIN_CLOCK_FILE"))
    yield check_calendar(calendar_end, today)
    yield check_fonts()
    yield from _check_database(state)
    yield from check_leftovers(paths.root_home())
    yield check_running({"port": port} if port else note_of_holder(demo_lock(state)), health.ask)


def check_python() -> Finding:
    """Whether the interpreter is new enough."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Finding(Level.FAIL, "python", f"{found} is too old; install 3.11 or newer and run make demo")
    return Finding(Level.OK, "python", found)


def check_environment(root: Path) -> Finding:
    """Whether what is installed is what the lock file pins."""
    pinned = {}
    for line in (root / "requirements" / "base.txt").read_text(encoding="utf-8").splitlines():
        name, equals, rest = line.partition("==")
        if equals and not line[0].isspace() and ";" not in rest:  # a pin with a condition may not apply here
            pinned[name.partition("[")[0]] = rest.split()[0]
    differing = [name for name, wanted in pinned.items() if _installed(name) != wanted]
    if differing:
        shown = ", ".join(differing[:3])
        return Finding(Level.FAIL, "environment", f"not as pinned: {shown}; run make demo to repair it")
    return Finding(Level.OK, "environment", f"{len(pinned)} packages as pinned")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except ImportError:
        return None


def check_disk(folder: Path) -> Finding:
    """Whether there is room to work in."""
    free = shutil.disk_usage(folder).free
    line = f"{free / _GB:.1f} GB free where {paths.shown(folder)} lies"
    if free < 0.3 * _GB:
        return Finding(Level.FAIL, "disk", f"{line}; free some space before the database stops")
    return Finding(Level.WARN if free < 2 * _GB else Level.OK, "disk", line)


def check_secrets(state: Path) -> Finding:
    """Whether the keys are there and nobody else can read them."""
    try:
        load_or_create(state)
    except PlatformError as error:
        return Finding(Level.FAIL, "secrets", str(error))
    path = secret_file(state)
    fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    line = f"{paths.shown(path)} ({fingerprint}); keep a copy in a safe place: anxin backup keys FILE"
    if os.environ.get("DATABASE_URL"):
        try:
            demand_safe_files(state, {})
        except PlatformError as error:
            return Finding(Level.FAIL, "secrets", str(error))
    return Finding(Level.OK, "secrets", line)


def check_clock(name: str | None) -> Finding:
    """Whether time is real, and a simulated clock readable."""
    if not name:
        return Finding(Level.OK, "clock", "real time")
    try:
        content = json.loads(Path(name).read_text(encoding="utf-8"))
        moment = datetime.fromisoformat(content["simulated"])
        float(content["real"])
        if moment.tzinfo is None:
            raise ValueError("'simulated' carries no offset")
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Finding(
            Level.FAIL, "clock", f"ANXIN_CLOCK_FILE {name}: {error}; mend it, or unset the variable"
        )
    rate = content.get("rate", 1.0)
    return Finding(
        Level.WARN, "clock", f"simulated from {moment.isoformat()} at rate {rate:g}; never for real use"
    )


def check_calendar(calendar_end: Callable[[], date], today: Callable[[], date]) -> Finding:
    """Whether the holiday library knows the coming half year."""
    try:
        last, now = calendar_end(), today()
    except ImportError as error:
        return Finding(Level.FAIL, "calendar", f"{error}; run make demo to repair the environment")
    advice = "enter the announced holidays as overrides, or update chinesecalendar (make lock)"
    if last < now:
        return Finding(
            Level.WARN, "calendar", f"holidays known only until {last}, weekdays are used; {advice}"
        )
    if last - now < CALENDAR_NOTICE:
        return Finding(Level.WARN, "calendar", f"holidays known only until {last}; {advice}")
    return Finding(Level.OK, "calendar", f"holidays known until {last}")


def check_fonts() -> Finding:
    """Whether a PDF can hold Chinese."""
    try:
        family = fonts.han_family()
    except ImportError as error:
        return Finding(Level.FAIL, "fonts", f"{error}; run make demo to repair the environment")
    if not family:
        line = f"none for Chinese: pages offer printing instead of a PDF; {fonts.ADVICE}"
        return Finding(Level.WARN, "fonts", line)
    return Finding(Level.OK, "fonts", f"{family} sets the Chinese of a PDF")


def _check_database(state: Path) -> Iterator[Finding]:
    with ExitStack() as stack:
        try:
            if not os.environ.get("DATABASE_URL") and not Cluster(state).exists:
                engine = find_engine(unprivileged())
                line = f"PostgreSQL {engine.version} is ready, no data yet; make demo makes it"
                yield Finding(Level.WARN, "database", line)
                return
            database = stack.enter_context(open_database(state, lambda line: None))
        except PlatformError as error:
            yield Finding(Level.FAIL, "database", str(error))
            return
        yield _describe(database)
        migrations = check_migrations(database)
        yield migrations
        if migrations.level is Level.OK:
            yield check_walls(database, load_or_create(state))
            yield check_jobs(jobs_of(database))
            yield check_trail(trail_of(database))


def check_leftovers(root_home: Path) -> Iterator[Finding]:
    """Root's databases outlive their checkouts; says so when there are any."""
    found = left_behind(root_home) if unprivileged() else []
    if found:
        yield Finding(
            Level.WARN, "leftovers", f"databases of removed checkouts: rm -r {' '.join(map(str, found))}"
        )


def _describe(database: Database) -> Finding:
    import psycopg

    with psycopg.connect(database.urls[OWNER], connect_timeout=10) as connection:
        number = connection.info.server_version
    kind = "server behind DATABASE_URL" if database.external else "embedded"
    return Finding(Level.OK, "database", f"PostgreSQL {number // 10_000}.{number % 10_000}, {kind}")


def check_migrations(database: Database) -> Finding:
    """Whether the tables are those of this code."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--check", "--no-color"],
        env=database.environment(OWNER, process="doctor", demo=True),
        cwd=paths.checkout(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return Finding(Level.OK, "migrations", "all applied")
    if "Traceback" in done.stderr:
        reason = done.stderr.strip().splitlines()[-1]
        return Finding(Level.FAIL, "migrations", f"cannot be read: {reason}")
    return Finding(Level.FAIL, "migrations", "some are not applied; run .venv/bin/anxin migrate")


def check_walls(database: Database, known: Secrets) -> Finding:
    """Whether the database believes the scopes that this installation signs."""
    import psycopg

    version = known["scope_key_current"]
    with psycopg.connect(database.urls[OWNER], connect_timeout=10) as connection:
        row = connection.execute(
            "SELECT walls.scope_mac(ARRAY[%s, '', '', '', '0']),"
            " pg_backend_pid()::text || ' ' || extract(epoch FROM now())::text",
            [version],
        ).fetchone()
    theirs, stamp = row or (None, "")
    ours = hmac.digest(
        base64.b64decode(known["scope_keys"][version]), f"{version}||||0|{stamp}".encode(), "sha256"
    )
    if theirs == ours.hex():
        return Finding(Level.OK, "walls", f"scopes are signed with key {version}")
    return Finding(
        Level.FAIL, "walls", f"the database does not know scope key {version}; run .venv/bin/anxin migrate"
    )


@dataclass(frozen=True, slots=True)
class Jobs:
    """The queue of imports, reports and ordinary messages in numbers. Ages in real seconds; ``None``: there is none."""

    failed: int
    waiting: int
    oldest_seconds: float | None
    beat_seconds: float | None


_JOBS = """
SELECT count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE status = 'todo' AND due <= now()),
  extract(epoch FROM now() - min(due) FILTER (WHERE status = 'todo' AND due <= now())),
  (SELECT extract(epoch FROM now() - real_beat_at) FROM kernel_heartbeat WHERE name = 'jobs')
FROM (
  SELECT j.status, coalesce(j.scheduled_at, min(e.at)) AS due
  FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
  GROUP BY j.id
) AS jobs
"""


def jobs_of(database: Database) -> Jobs:
    """What the tables say."""
    import psycopg

    with psycopg.connect(database.urls[OWNER], connect_timeout=10) as connection:
        failed, waiting, oldest, beat = connection.execute(_JOBS).fetchone() or (0, 0, None, None)
    return Jobs(failed, waiting, *(None if age is None else float(age) for age in (oldest, beat)))


def check_jobs(jobs: Jobs) -> Finding:
    """Whether what may take its time is done at all. No alarm depends on it."""
    if jobs.oldest_seconds is not None and jobs.oldest_seconds > JOBS_LIMIT_SECONDS:
        is_silent = jobs.beat_seconds is None or jobs.beat_seconds > HEARTBEAT_LIMIT_SECONDS
        why = (
            "nobody carries them out; see jobs.log and worker.log"
            if is_silent
            else "they are slow; see jobs.log"
        )
        return Finding(
            Level.FAIL, "jobs", f"{jobs.waiting} wait, the oldest {jobs.oldest_seconds / 60:.0f} min; {why}"
        )
    if jobs.failed:
        return Finding(Level.WARN, "jobs", f"{jobs.failed} were given up; see jobs.log for the reason")
    return Finding(Level.OK, "jobs", f"{jobs.waiting} wait, none was given up")


@dataclass(frozen=True, slots=True)
class Trail:
    """The trail in numbers. ``beat_seconds`` is real time since everything was sealed; ``faults`` of the last check."""

    waiting: int
    beat_seconds: float | None
    checked_on: date | None
    faults: int


_TRAIL = """
SELECT (SELECT count(*) FROM audit_auditwaiting),
  (SELECT extract(epoch FROM now() - real_beat_at) FROM kernel_heartbeat WHERE name = 'audit-sealer'),
  (SELECT max(checked_at)::date FROM audit_auditcheck),
  coalesce((SELECT jsonb_array_length(faults) FROM audit_auditcheck ORDER BY checked_at DESC, id DESC LIMIT 1), 0)
"""


def trail_of(database: Database) -> Trail:
    """What the tables say."""
    import psycopg

    with psycopg.connect(database.urls[OWNER], connect_timeout=10) as connection:
        waiting, beat, checked_on, faults = connection.execute(_TRAIL).fetchone() or (0, None, None, 0)
    return Trail(waiting, None if beat is None else float(beat), checked_on, faults)


def check_trail(trail: Trail) -> Finding:
    """Whether who did and saw what is sealed in time, and was found whole when it was last verified."""
    if trail.faults:
        line = (
            f"the check of {trail.checked_on} found {trail.faults} faults; run .venv/bin/anxin audit verify"
        )
        return Finding(Level.FAIL, "trail", line)
    if trail.waiting and (trail.beat_seconds is None or trail.beat_seconds > HEARTBEAT_LIMIT_SECONDS):
        return Finding(Level.FAIL, "trail", f"{trail.waiting} rows wait for their seal; see worker.log")
    if trail.checked_on is None:
        return Finding(Level.WARN, "trail", "never verified; run .venv/bin/anxin audit verify")
    return Finding(Level.OK, "trail", f"sealed, and whole on {trail.checked_on}")


def check_running(note: dict[str, Any] | None, ask: Callable[..., dict[str, Any] | None]) -> Finding:
    """Whether a running demo answers, and its worker is alive."""
    if note is None:
        return Finding(Level.WARN, "worker", "nothing is running here; make demo starts it")
    found = ask(str(note.get("host", "127.0.0.1")), int(note.get("port", 8000)))
    if found is None:
        return Finding(
            Level.FAIL, "worker", f"nobody answers on port {note.get('port')}; see the log of the web process"
        )
    age = found.get("worker_heartbeat_age_seconds")
    if found.get("worker") != "ok" or age is None or float(age) > HEARTBEAT_LIMIT_SECONDS:
        heard = "never heard" if age is None else f"last heard {float(age):.0f} s ago"
        return Finding(Level.FAIL, "worker", f"{heard}; see worker.log, and restart it")
    return Finding(Level.OK, "worker", f"last heard {float(age):.0f} s ago")
