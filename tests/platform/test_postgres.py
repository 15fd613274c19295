"""The embedded PostgreSQL: what it keeps through every kind of death, and what it says when it cannot start."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
from collections import namedtuple
from pathlib import Path

import psycopg
import pytest

from anxin.platform import children, paths
from anxin.platform.engine import find_engine
from anxin.platform.errors import PlatformError
from anxin.platform.layout import lay_out
from anxin.platform.postgres import OWNER, Cluster
from anxin.platform.secrets import secret_file
from tests.platform.conftest import eventually

SUPERUSER = "postgres"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")


def keep(cluster: Cluster, value: int) -> None:
    """Commit one row."""
    with psycopg.connect(cluster.url(OWNER), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def kept(cluster: Cluster) -> list[int]:
    """What was committed."""
    with psycopg.connect(cluster.url(OWNER)) as connection:
        return [row[0] for row in connection.execute("SELECT value FROM kept ORDER BY value")]


def one(cluster: Cluster, query: str, role: str = OWNER) -> object:
    """The single value of a query."""
    with psycopg.connect(cluster.url(role)) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


def test_a_new_cluster_has_the_database_and_roles_that_may_no_more_than_they_need(
    new_cluster: Cluster,
) -> None:
    new_cluster.start()

    with psycopg.connect(new_cluster.url(OWNER)) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication, rolcreatedb"
            " FROM pg_roles WHERE rolname LIKE 'anxin%' ORDER BY 1"
        ).fetchall()
    assert rows == [
        ("anxin_app", False, False),
        ("anxin_intake", False, False),
        ("anxin_owner", False, True),
        ("anxin_worker", False, False),
    ]
    assert (
        one(new_cluster, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'anxin'") == OWNER
    )
    with (
        psycopg.connect(new_cluster.url("anxin_app")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (value int)")


def test_it_listens_on_a_private_socket_only_and_wants_a_password(cluster: Cluster) -> None:
    cluster.start()

    assert one(cluster, "SHOW listen_addresses", SUPERUSER) == ""
    assert stat.S_IMODE(cluster.layout.sockets.stat().st_mode) == 0o700
    with pytest.raises(psycopg.OperationalError, match="no password"):
        psycopg.connect(host=str(cluster.layout.sockets), user=SUPERUSER, dbname="postgres", password="")
    assert (
        one(cluster, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'", SUPERUSER)
        == 0
    )


def test_trigrams_know_chinese_characters(new_cluster: Cluster) -> None:
    new_cluster.start()

    with psycopg.connect(new_cluster.url(OWNER), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT similarity('清禾区心理站', '清禾区心理中心')").fetchone()
    assert row is not None
    assert row[0] > 0.3


def test_killing_the_server_loses_no_committed_row(cluster: Cluster) -> None:
    cluster.start()
    keep(cluster, 1)

    os.kill(cluster.pid, signal.SIGKILL)
    eventually(lambda: cluster.poll() is not None, "the killed server is still there")
    cluster.start()
    keep(cluster, 2)

    assert kept(cluster) == [1, 2]


def test_stopping_and_starting_changes_nothing(cluster: Cluster) -> None:
    cluster.start()
    cluster.start()
    keep(cluster, 1)
    address = cluster.url()

    cluster.stop()
    cluster.stop()
    cluster.start()

    assert kept(cluster) == [1]
    assert cluster.url() == address


def start_in_another_process(
    state: Path, tmp_path: Path, *, outlive: bool
) -> tuple[subprocess.Popen[str], int]:
    """A manager in a process of its own, and the number of the server it started."""
    script = tmp_path / "manager.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import sys
            from pathlib import Path
            from anxin.platform import children
            from anxin.platform.postgres import Cluster
            if {outlive}:
                children.end_with_parent = lambda parent, number: None
            cluster = Cluster(Path({str(state)!r}), durable=False)
            cluster.start()
            print(cluster.pid, flush=True)
            sys.stdin.read()
            """
        )
    )
    manager = subprocess.Popen(
        [sys.executable, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(paths.checkout())},
    )
    assert manager.stdout is not None
    return manager, int(manager.stdout.readline())


def kill(manager: subprocess.Popen[str]) -> None:
    """Kill a manager the hard way and reap it."""
    manager.kill()
    manager.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals the children of a dead parent")
def test_the_server_ends_when_its_manager_is_killed(cluster: Cluster, state: Path, tmp_path: Path) -> None:
    manager, server = start_in_another_process(state, tmp_path, outlive=False)
    keep(cluster, 1)

    kill(manager)

    eventually(lambda: children.fingerprint(server) is None, "the server outlived its manager")
    cluster.start()
    assert kept(cluster) == [1]


def test_a_server_that_outlived_its_manager_is_replaced(
    cluster: Cluster, state: Path, tmp_path: Path
) -> None:
    manager, server = start_in_another_process(state, tmp_path, outlive=True)
    keep(cluster, 1)
    kill(manager)
    assert children.fingerprint(server) is not None

    cluster.start()

    assert children.fingerprint(server) is None
    assert cluster.pid != server
    assert kept(cluster) == [1]


def test_a_cluster_in_use_is_left_alone(cluster: Cluster, state: Path) -> None:
    cluster.start()

    with pytest.raises(PlatformError, match=f"in use by process {os.getpid()}"):
        Cluster(state, durable=False).start()

    assert one(cluster, "SELECT 1") == 1


def test_a_pid_file_whose_number_now_belongs_to_somebody_else_is_no_obstacle(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    stranger = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    try:
        (cluster.layout.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.layout.data}\n")

        cluster.start()

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.communicate()


def test_a_half_made_cluster_is_made_anew(new_cluster: Cluster) -> None:
    for name in ("data", "data.new"):
        (new_cluster.layout.home / name).mkdir()
        (new_cluster.layout.home / name / "half").touch()

    new_cluster.start()

    assert not (new_cluster.layout.data / "half").exists()
    assert one(new_cluster, "SELECT 1") == 1


def test_data_sealed_with_other_keys_is_put_aside_and_not_lost(state: Path) -> None:
    said: list[str] = []
    first = Cluster(state, durable=True)
    try:
        first.start()
        first.stop()
        secret_file(state).unlink()

        second = Cluster(state, durable=True, announce=said.append)
        second.start()
        second.stop()

        aside = list(second.layout.home.glob("data.set-aside-*"))
        assert len(aside) == 1
        assert (aside[0] / "PG_VERSION").exists()
        assert any(str(aside[0]) in line for line in said)
    finally:
        first.destroy()


def test_two_test_runs_get_two_clusters_and_the_next_run_reuses_the_first(state: Path) -> None:
    first, second = Cluster.for_tests(state), Cluster.for_tests(state)
    homes = [first.layout.home, second.layout.home]
    first.stop()
    third = Cluster.for_tests(state)
    try:
        assert homes[0] != homes[1]
        assert third.layout.home == homes[0]
        with third:
            assert one(third, "SHOW fsync", SUPERUSER) == "off"
            assert one(third, "SHOW synchronous_commit", SUPERUSER) == "on"
    finally:
        second.destroy()
        third.destroy()


def test_a_full_disk_is_one_line_that_says_what_to_do(
    new_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12, 5_000_000))

    with pytest.raises(
        PlatformError, match=r"is full \(5 MB left, 300 MB needed\)\. Free some space"
    ) as error:
        new_cluster.start()

    assert "\n" not in str(error.value)


def test_a_server_that_cannot_start_says_why_in_one_line(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    with open(cluster.layout.data / "postgresql.conf", "a") as file:
        file.write("\nno_such_setting = 1\n")

    with pytest.raises(PlatformError, match=r"unrecognized configuration parameter|errors") as error:
        cluster.start()

    assert "\n" not in str(error.value)


def test_data_of_another_major_version_is_not_touched(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.layout.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(PlatformError, match="was made by PostgreSQL 14"):
        cluster.start()

    assert (cluster.layout.data / "base").exists()


def fake_engine(folder: Path, version: str) -> Path:
    """A folder that looks like PostgreSQL of ``version``."""
    folder.chmod(0o755)
    for name in ("initdb", "postgres"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return folder


def test_an_engine_that_is_too_old_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANXIN_PG_BIN", str(fake_engine(tmp_path, "14.9")))

    with pytest.raises(PlatformError, match=r"14\.9 in .* is too old; 15 or newer"):
        find_engine(None)


def test_an_engine_without_its_programs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANXIN_PG_BIN", str(tmp_path))

    with pytest.raises(PlatformError, match=r"initdb is missing in .*ANXIN_PG_BIN"):
        find_engine(None)


@pytest.mark.parametrize(
    ("version", "expected"),
    [("15.18", ["--locale=C.UTF-8"]), ("18.6", ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"])],
)
@pytest.mark.skipif(sys.platform != "linux", reason="macOS has no locale C.UTF-8")
def test_every_engine_gets_a_locale_in_which_chinese_is_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, expected: list[str]
) -> None:
    monkeypatch.setenv("ANXIN_PG_BIN", str(fake_engine(tmp_path, version)))

    assert find_engine(None).locale_options() == expected


@as_root
def test_an_unknown_or_all_powerful_database_user_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANXIN_PG_USER", "no-such-user")
    with pytest.raises(PlatformError, match="no user 'no-such-user'"):
        children.unprivileged()
    monkeypatch.setenv("ANXIN_PG_USER", "root")
    with pytest.raises(PlatformError, match="refuses to run as root"):
        children.unprivileged()


def test_a_socket_path_that_would_be_too_long_moves_to_the_temporary_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)

    made = lay_out(deep, "main", None)

    try:
        assert len(str(made.sockets)) < 80
        assert stat.S_IMODE(made.sockets.stat().st_mode) == 0o700
        assert made.home.is_relative_to(deep)
    finally:
        made.sockets.rmdir()


def test_a_socket_folder_that_somebody_else_laid_out_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep, trap = tmp_path / ("d" * 120), tmp_path / "t"
    deep.mkdir()
    trap.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(trap))
    (trap / f"anxin-{os.geteuid()}-{paths.key_of(deep / 'postgres' / 'main')}").symlink_to(tmp_path)

    with pytest.raises(PlatformError, match="belongs to another user"):
        lay_out(deep, "main", None)
