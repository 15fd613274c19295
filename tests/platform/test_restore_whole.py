"""A whole city backed up, and restored on a machine that has nothing but the sealed keys: it works as before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.test import Client

from anxin.domains.access import api as access
from anxin.domains.residents.models import Resident
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work
from anxin.platform.backup import inventory, keys, making
from anxin.platform.backup.archive import Backup
from anxin.platform.backup.commands import backup_group
from anxin.platform.children import unprivileged
from anxin.platform.engine import find_engine
from anxin.platform.postgres import Cluster
from anxin.platform.secrets import load_or_create, secret_file
from conftest import STATE, Databases, _pointed_at
from tests import small_city
from tests.fuzz.world import BACKEND

PASSPHRASE = "tall pines on the hill"
SYSTEM = Actor.system("test")


def quietly(line: str) -> None:
    """Nothing is announced."""


@pytest.fixture
def city(fresh_db: str) -> small_city.SmallCity:
    """The small city, committed."""
    return small_city.build()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The state folder of another machine, without keys and without a database."""
    state = tmp_path / "machine"
    state.mkdir(mode=0o700)
    monkeypatch.setenv("ANXIN_STATE_DIR", str(state))
    yield state
    if secret_file(state).exists():
        Cluster(state).destroy()


def test_a_city_is_restored_into_an_empty_cluster_and_goes_on(
    city: small_city.SmallCity, fresh_db: str, databases: Databases, machine: Path, tmp_path: Path
) -> None:
    name = fresh_db.partition("@/")[2].partition("?")[0]
    source = making.Source(
        databases.cluster.url("postgres", name), dict(load_or_create(STATE)), find_engine(unprivileged())
    )
    path = making.create(tmp_path, source, passphrase=PASSPHRASE, announce=quietly)
    keys.seal_keys(tmp_path / "keys", STATE, PASSPHRASE)
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n")

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(backup_group, [*arguments, "--passphrase-file", str(secret)])

    refused = run("restore", str(path), "--into", "embedded")
    assert "put them back first" in str(refused.exception)
    assert run("open-keys", str(tmp_path / "keys")).exit_code == 0
    done = run("restore", str(path), "--into", "embedded")
    assert done.exit_code == 0, f"{done.output} {done.exception}"
    assert "The audit trail is as it was written" in done.output
    again = run("restore", str(path), "--into", "embedded")
    assert "is not empty" in str(again.exception)

    with Cluster(machine) as cluster:
        with inventory.connect(cluster.url("postgres")) as connection:
            found, wanted = inventory.take(connection), Backup(path).manifest.inventory
        assert found.structure == wanted.structure
        assert found.migrations == wanted.migrations
        assert {
            table: rows for table, rows in found.tables.items() if rows != wanted.tables[table]
        }.keys() <= {
            *(
                "walls.scope_key",
                "audit_auditcheck",
                "audit_auditevent",
                "audit_auditwaiting",
                "kernel_heartbeat",
            ),
        }
        with psycopg.connect(cluster.url("anxin_app")) as connection:
            assert connection.execute("SELECT count(*) FROM residents_resident").fetchone() == (0,)
        with _pointed_at(cluster.url("anxin_app")):
            _goes_on(city)


def _goes_on(city: small_city.SmallCity) -> None:
    """It answers, opens what was sealed, lets its people in and shows them what is theirs."""
    client = Client()
    assert client.get("/healthz").json()["database"] == "ok"
    with unit_of_work(SYSTEM):
        resident = Resident.objects.get(uid=city.residents["li-qing"].uid)
    assert resident.name == "李晴"
    client.force_login(city.accounts["zhao-ning"], backend=BACKEND)
    assert client.get("/staff/duty/").status_code == 200
    actor = access.actor_for(account=city.accounts["chen-mo"])
    with unit_of_work(actor):
        assert not Resident.objects.filter(uid=resident.uid).exists()
