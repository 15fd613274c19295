"""A whole run: scratch databases, a process for each part of the alarms, one file of lines, the figures.

The parts share nobody but the invented people above the stations, each in a copy of their own, so that a machine with
two cores lives the year in half the time. No Django here: the processes of the parts have it.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from anxin.platform import paths
from anxin.platform.database import APP, Database, open_database
from anxin.platform.errors import PlatformError
from anxin.platform.postgres import OWNER
from anxin.platform.startup import ended_by_signals
from anxin.simulation.figures import figures
from anxin.simulation.order import Order
from anxin.simulation.streams import in_order, read, save

Say = Callable[[str], None]
MOST_PARTS = 2
FEW = 100


def live_county_year(order: Order, *, events: Path | None, say: Say) -> dict[str, Any]:
    """Live it and write every event into ``events``; the figures. The scratch databases are gone afterwards."""
    parts = min(MOST_PARTS, os.cpu_count() or 1) if order.warnings > FEW else 1
    with ended_by_signals(), ExitStack() as stack:
        database = stack.enter_context(open_database(paths.state_dir(), say))
        if database.external:
            raise PlatformError("The simulation lives in the embedded database; unset DATABASE_URL.")
        names = stack.enter_context(_scratch(database, parts))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anxin-simulation-")))
        files = [folder / f"{name}.jsonl" for name in names]
        say(f"Living a year: {order.warnings} warnings, {order.stations} stations, {parts} processes ...")
        children = [
            _start(database, name, replace(order, part=part, parts=parts), file)
            for part, (name, file) in enumerate(zip(names, files, strict=True))
        ]
        try:
            codes = [child.wait() for child in children]
        finally:
            for child in children:
                child.kill()
        if any(codes):
            raise PlatformError("The simulated year broke off; the lines above say where.")
        lines = in_order(line for file in files for line in read(file))
    if events is not None:
        save(lines, events)
    return figures(lines)


def _start(database: Database, name: str, order: Order, into: Path) -> subprocess.Popen[bytes]:
    env = database.environment(APP, process="simulation", demo=True)
    env["DATABASE_URL"] = _elsewhere(env["DATABASE_URL"], name)
    env.pop("ANXIN_CLOCK_FILE", None)
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "anxin.simulation.part",
        json.dumps(asdict(order)),
        str(into),
    ]
    return subprocess.Popen(command, env=env, cwd=paths.checkout())


@contextmanager
def _scratch(database: Database, parts: int) -> Iterator[list[str]]:
    """Databases with tables and nobody in them: the first is migrated, the others are copies of it."""
    names = [f"simulation_{os.getpid()}_{part}" for part in range(parts)]
    owner = database.urls[OWNER]
    with psycopg.connect(_elsewhere(owner, "postgres"), autocommit=True) as connection:
        _drop_left_behind(connection)
        try:
            for place, name in enumerate(names):
                copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(names[0])) if place else sql.SQL("")
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied)
                # Nobody is called by these rows, and the run ends with them: a power cut may take them.
                connection.execute(
                    sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name))
                )
                if place == 0:
                    _migrate(database, name)
            yield names
        finally:
            for name in names:
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )


def _drop_left_behind(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """Scratch databases of runs that were killed with -9."""
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'simulation\\_%'"
    ).fetchall()
    for (name,) in rows:
        if not Path(f"/proc/{name.split('_')[1]}").exists():
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _migrate(database: Database, name: str) -> None:
    env = database.environment(OWNER, process="migrate", demo=True)
    env["DATABASE_URL"] = env["ANXIN_OWNER_DATABASE_URL"] = _elsewhere(env["DATABASE_URL"], name)
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "django",
        "migrate",
        "--no-input",
        "--skip-checks",
        "-v",
        "0",
    ]
    if subprocess.run(command, env=env, cwd=paths.checkout(), check=False).returncode:
        raise PlatformError("The tables of the simulation could not be made.")


def _elsewhere(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))
