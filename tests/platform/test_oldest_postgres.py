"""The oldest PostgreSQL that is promised: where Debian has its programs installed, the tables are made on it once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anxin.platform import paths
from anxin.platform.engine import OLDEST_MAJOR
from anxin.platform.postgres import OWNER, Cluster

PROGRAMS = Path(f"/usr/lib/postgresql/{OLDEST_MAJOR}/bin")
pytestmark = pytest.mark.skipif(
    not all((PROGRAMS / name).is_file() for name in ("initdb", "postgres")),
    reason=f"PostgreSQL {OLDEST_MAJOR} is not installed here (Debian: postgresql-{OLDEST_MAJOR})",
)


@pytest.fixture
def oldest(state: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster of that version, running; removed afterwards."""
    monkeypatch.setenv("ANXIN_PG_BIN", str(PROGRAMS))
    made = Cluster(state, durable=False)
    try:
        made.start()
        yield made
    finally:
        made.destroy()


def test_the_oldest_promised_version_takes_every_migration_and_keeps_the_walls(
    oldest: Cluster, state: Path
) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "ANXIN_STATE_DIR": str(state),
        "DATABASE_URL": oldest.url("anxin_app"),
        "ANXIN_OWNER_DATABASE_URL": oldest.url(OWNER),
    }

    done = subprocess.run(
        [sys.executable, "-m", "anxin.cli", "migrate"],
        env=environment,
        cwd=paths.checkout(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(oldest.url("anxin_app")) as connection:
        assert connection.info.server_version // 10_000 == OLDEST_MAJOR
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE c.relforcerowsecurity), count(*) FROM pg_policies p"
            " JOIN pg_class c ON c.oid = format('%I.%I', p.schemaname, p.tablename)::regclass"
        ).fetchone()
        assert row is not None
        assert row[0] == row[1] > 0
        assert connection.execute("SELECT count(*) FROM residents_resident").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("TRUNCATE residents_resident CASCADE")
