"""The key of the scope on its way into the database, its change, and walls that are older than it."""

import os
import secrets
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.test import Client

from anxin.kernel import heartbeat
from anxin.kernel.actor import Actor
from anxin.kernel.scopes import rows_for_the_database
from anxin.kernel.unit_of_work import ScopeRefused
from anxin.worker import Worker
from tests.walls.ground import Connection, put, sign

ROOT = Path(__file__).parents[2]
SYSTEM = Actor.system("test")


def _key() -> str:
    return b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def clone(databases: Any, django_db_setup: None) -> Any:
    """A clone of one's own; its addresses by role."""
    name = databases.clone()
    yield lambda role: databases.cluster.url(role, name)
    databases.drop(name)


def _migrate(url: str, *target: str, **environment: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "django",
            "migrate",
            *target,
            "--skip-checks",
            "--verbosity",
            "0",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _believes(login: Connection, keys: dict[str, str], version: str) -> bool:
    before = configured.ANXIN_SCOPE_KEYS, configured.ANXIN_SCOPE_KEY_CURRENT
    configured.ANXIN_SCOPE_KEYS, configured.ANXIN_SCOPE_KEY_CURRENT = keys, version
    try:
        put(login, sign(login, SYSTEM))
    finally:
        configured.ANXIN_SCOPE_KEYS, configured.ANXIN_SCOPE_KEY_CURRENT = before
    row = login.execute("SELECT scope_is_valid()").fetchone()
    assert row is not None
    return bool(row[0])


def test_the_database_is_told_of_the_newest_two_keys_and_not_of_the_keys_themselves() -> None:
    keys = {"2": _key(), "10": _key(), "9": _key()}
    rows = rows_for_the_database(keys)
    assert [version for version, *_ in rows] == ["9", "10"]
    for _, inner, outer in rows:
        assert len(inner) == len(outer) == 64
        assert inner != outer


def test_a_new_key_is_believed_beside_the_last_one_and_the_one_before_is_not(clone: Any) -> None:
    keys = {str(version): _key() for version in (1, 2, 3)}
    seen = []
    for newest in (2, 3):
        known = {version: key for version, key in keys.items() if int(version) <= newest}
        text = "{" + ", ".join(f'"{version}": "{key}"' for version, key in known.items()) + "}"
        _migrate(clone("anxin_owner"), ANXIN_SCOPE_KEYS=text, ANXIN_SCOPE_KEY_CURRENT=str(newest))
        with psycopg.connect(clone("anxin_app")) as login:
            seen.append([_believes(login, keys, str(version)) for version in (1, 2, 3)])
    assert seen == [[True, True, False], [False, True, True]]


def test_a_database_that_comes_back_without_its_key_shows_nothing_until_it_is_migrated(clone: Any) -> None:
    with psycopg.connect(clone("anxin_owner"), autocommit=True) as owner:
        owner.execute("DELETE FROM walls.scope_key")
    with psycopg.connect(clone("anxin_app")) as login:
        assert not _believes(login, configured.ANXIN_SCOPE_KEYS, configured.ANXIN_SCOPE_KEY_CURRENT)
    _migrate(clone("anxin_owner"))
    with psycopg.connect(clone("anxin_app")) as login:
        assert _believes(login, configured.ANXIN_SCOPE_KEYS, configured.ANXIN_SCOPE_KEY_CURRENT)


def test_walls_that_are_older_than_the_signature_are_rebuilt_as_if_they_were_new(clone: Any) -> None:
    def walls() -> list[tuple[Any, ...]]:
        with psycopg.connect(clone("anxin_owner")) as owner:
            return owner.execute(
                "SELECT tablename, policyname, qual, with_check FROM pg_policies ORDER BY 1, 2"
            ).fetchall()

    new = walls()
    _migrate(clone("anxin_owner"), "kernel", "0003")
    old = walls()
    # Walls that were first built with a signature, and those of the ledgers, go with it; the first ones stay.
    first = {"residents_resident", "assessments_sitting", "risk_warning", "cases_case", "notices_notice"}
    assert first <= {wall[0] for wall in old} < {wall[0] for wall in new}
    assert not any("scope_paths" in wall[2] for wall in old)
    _migrate(clone("anxin_owner"))
    assert walls() == new


def test_a_refused_process_says_that_it_is_unwell_and_its_worker_does_not_beat(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(configured, "ANXIN_SCOPE_KEYS", {configured.ANXIN_SCOPE_KEY_CURRENT: _key()})
    with pytest.raises(ScopeRefused):
        Worker().step()
    assert heartbeat.age(heartbeat.WORKER) is None
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"
