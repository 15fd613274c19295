"""The ground every test stands on: an embedded PostgreSQL, a migrated template, one clone per run, the app role.

The app role owns nothing and cannot TRUNCATE, so Django's flushing test case is of no use here. ``db`` (pytest-django)
wraps a test in a transaction that is rolled back; ``fresh_db`` gives a test its own clone for committed data, rivals
and real processes.
"""

import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from django.db import connections
from psycopg import sql

from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.platform.postgres import Cluster
from config.settings.base import database

ROOT = Path(__file__).parent
STATE = Path(os.environ.get("ANXIN_STATE_DIR", ROOT / "var"))
_serial = itertools.count(1)


def _migrations() -> dict[str, str]:
    """Every file that decides what the tables look like, with a digest of what it says."""
    files = sorted([*ROOT.glob("anxin/**/migrations/*.py"), ROOT / "requirements/base.txt"])
    return {str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest()[:16] for file in files}


class Databases:
    """Makes and drops clones of the migrated template."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.migrations = _migrations()
        told = json.dumps(self.migrations, sort_keys=True)
        self.template = f"template_{hashlib.sha256(told.encode()).hexdigest()[:16]}"
        self._ensure_template()

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.cluster.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _exists(self, name: str) -> bool:
        with psycopg.connect(self.cluster.url("postgres", "postgres"), autocommit=True) as connection:
            return (
                connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
                is not None
            )

    def _ensure_template(self) -> None:
        if self._exists(self.template):
            return
        draft = f"draft_{os.getpid()}"
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft)))
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER anxin_owner").format(
                sql.Identifier(draft), sql.Identifier(self._nearest())
            )
        )
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"],
            check=True,
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": self.cluster.url("anxin_owner", draft),
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
            },
        )
        self._run(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(draft), sql.Literal(json.dumps(self.migrations))
            )
        )
        self._run(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(draft), sql.Identifier(self.template)
            )
        )

    def _nearest(self) -> str:
        """The earlier template that needs the fewest migrations on top: all of its own are still there, unchanged."""
        with psycopg.connect(self.cluster.url("postgres", "postgres"), autocommit=True) as connection:
            rows = connection.execute(
                "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
                " WHERE datname LIKE 'template\\_%%'"
            ).fetchall()
        begun = {name: json.loads(told) for name, told in rows if told}
        fit = {name: files for name, files in begun.items() if files.items() <= self.migrations.items()}
        return max(fit, key=lambda name: len(fit[name]), default="template1")

    def clone(self) -> str:
        """A new database, migrated and empty; its name."""
        name = f"run_{os.getpid()}_{next(_serial)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER anxin_owner").format(
                sql.Identifier(name), sql.Identifier(self.template)
            )
        )
        return name

    def drop(self, name: str) -> None:
        """Remove a clone, whoever still looks at it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _pointed_at(url: str) -> Iterator[None]:
    """Let Django's default connection, in every thread, mean ``url``."""
    target = connections.settings["default"]
    before = dict(target)
    connections.close_all()
    target.update(database(url))
    try:
        yield
    finally:
        connections.close_all()
        target.update({key: before[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")})


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The embedded cluster of this run."""
    with Cluster.for_tests(STATE) as cluster:
        yield Databases(cluster)


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, django_db_blocker: Any) -> Iterator[None]:
    """Instead of Django's test database: a clone, seen as the app role."""
    name = databases.clone()
    with django_db_blocker.unblock(), _pointed_at(databases.cluster.url("anxin_app", name)):
        yield
    databases.drop(name)


@pytest.fixture
def fresh_db(databases: Databases, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A clone of one's own, with real commits; yields the app role's address. For races and real processes."""
    name = databases.clone()
    url = databases.cluster.url("anxin_app", name)
    with django_db_blocker.unblock(), _pointed_at(url):
        yield url
    databases.drop(name)


@pytest.fixture(scope="module")
def module_db(databases: Databases, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A clone that the tests of one module share, with real commits; yields its name. For what is dear to arrange."""
    name = databases.clone()
    with django_db_blocker.unblock(), _pointed_at(databases.cluster.url("anxin_app", name)):
        yield name
    databases.drop(name)


@pytest.fixture(scope="session", autouse=True)
def _house_eyes() -> None:
    """Tests ask the trail what was written, past its wall."""
    from tests.house_eyes import open_eyes

    open_eyes()


@pytest.fixture
def system() -> Actor:
    """The house itself, for arranging."""
    return Actor.system("test")


hypothesis.settings.register_profile("fast", max_examples=15, deadline=None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each report say what its test proves; leave the long editions to ``make soak``."""
    for item in items:
        ids = [one for mark in item.iter_markers("requirement") for one in mark.args]
        item.user_properties.extend(("requirement", one) for one in ids)
    if "soak" not in (config.option.markexpr or ""):
        left_out = [item for item in items if item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


_results: dict[str, dict[str, str]] = {}
_combinations: dict[str, int] = {}
_long: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep each marked test's outcome (the worst of its three phases), and what a long edition took."""
    if report.when == "call":
        _long.append(f"| `{report.nodeid}` | {report.outcome} | {report.duration:.0f} |")
        for name, one in report.user_properties:
            if name.startswith("matrix"):
                _combinations[name] = _combinations.get(name, 0) + int(one)
    for name, one in report.user_properties:
        if name == "requirement" and (report.failed or report.when == "call" or report.skipped):
            tests = _results.setdefault(str(one), {})
            if tests.get(report.nodeid) != "failed":
                tests[report.nodeid] = report.outcome


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many combinations of the permission matrix this run asked."""
    for name, count in sorted(_combinations.items()):
        terminalreporter.write_line(f"{name}: {count}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down what was proved in this run, for ``anxin trace``. Parallel workers leave it to their controller."""
    if hasattr(session.config, "workerinput"):
        return
    results = {
        one: [{"test": test, "outcome": outcome} for test, outcome in sorted(tests.items())]
        for one, tests in _results.items()
    }
    STATE.mkdir(parents=True, exist_ok=True)
    (STATE / "requirements-results.json").write_text(
        json.dumps(results, indent=1, sort_keys=True), encoding="utf-8"
    )
    if session.config.option.markexpr == "soak" and _long:
        today = clock.today().isoformat()
        report = ROOT / f"benchmarks/reports/{today}-soak.md"
        # What ran earlier the same day stays, unless it ran again.
        kept = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
        again = {line.split("|")[1] for line in _long}
        rows = [line for line in kept if line.startswith("| `") and line.split("|")[1] not in again]
        lines = [f"# Soak of {today}", "", f"`make soak`, {os.cpu_count()} cores.", ""]
        lines += ["| test | outcome | seconds |", "|---|---|---|", *rows, *_long, ""]
        report.write_text("\n".join(lines), encoding="utf-8")
