"""How long the invention of a city takes, into a durable database of its own.

    python -m benchmarks.city_generation [--scale 1] [--residents 674000 --sittings 609000]

The aim is a whole city (scale 1) in less than 60 seconds on two small cores.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.ground import ROOT, cpu_of, heading

AIM_SECONDS = 60


@contextmanager
def _empty_database() -> Iterator[Any]:
    """A cluster with fsync on, migrated and without a city, seen as the app role; removed afterwards."""
    from anxin.platform.postgres import Cluster

    folder = Path(tempfile.mkdtemp(prefix="anxin-bench-"))
    cluster = Cluster(folder, name="bench")
    try:
        with cluster:
            os.environ |= {
                "DATABASE_URL": cluster.url("anxin_owner"),
                "ANXIN_STATE_DIR": str(folder),
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
            }
            command = [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--skip-checks", "-v", "0"]
            subprocess.run(command, check=True, cwd=ROOT)
            os.environ["DATABASE_URL"] = cluster.url("anxin_app")
            import django

            django.setup()
            yield cluster
    finally:
        cluster.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _rows() -> int:
    """All rows of all tables; statistics would lag behind."""
    from django.apps import apps
    from django.db import connection

    from anxin.demo.city import ACTOR
    from anxin.kernel.unit_of_work import unit_of_work

    total = 0
    with unit_of_work(ACTOR), connection.cursor() as cursor:
        for model in apps.get_models():
            if model.__module__.startswith("anxin."):
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
                total += cursor.fetchone()[0]
    return total


def main() -> None:
    """Make the city once and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--residents", type=int)
    parser.add_argument("--sittings", type=int)
    wanted = parser.parse_args()
    shown = " ".join(sys.argv[1:])
    heading("City generation", f"`python -m benchmarks.city_generation {shown}`".replace(" `", "`"))
    with _empty_database() as cluster:
        from anxin.demo import city

        server_before, own_before, began = cpu_of(cluster.pid), time.process_time(), time.monotonic()
        made = city.generate(
            scale=wanted.scale, residents=wanted.residents, sittings=wanted.sittings, progress=_say
        )
        seconds = time.monotonic() - began
        own, server = time.process_time() - own_before, cpu_of(cluster.pid) - server_before
        rows = _rows()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n| | |\n|---|---|\n| seconds | {seconds:.1f} (aim: {AIM_SECONDS} at scale 1) |")
    print(f"| CPU seconds, generator + database | {own:.1f} + {server:.1f} |")
    print(f"| rows | {rows:,} |\n| rows a second | {rows / seconds:,.0f} |")
    print(f"| most memory of the generator | {memory:.0f} MB |")
    print(f"| stations, staff | {made.stations:,}, {made.staff:,} |")
    print(f"| residents, self-tests | {made.residents:,}, {made.sittings:,} |")
    print(f"| warnings, open ones, cases | {made.warnings:,}, {made.open_warnings:,}, {made.cases:,} |")


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
