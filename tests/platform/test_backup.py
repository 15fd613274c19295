"""Backups: whole or not at all, told from altered ones, restored only where they belong, with every wall standing."""

import errno
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from anxin.platform.backup import archive, inventory, keys, making, restoring, sealing
from anxin.platform.backup.archive import DUMP, LIST, Backup, key_list_of
from anxin.platform.backup.commands import backup_group
from anxin.platform.backup.making import Source
from anxin.platform.children import unprivileged
from anxin.platform.engine import find_engine
from anxin.platform.errors import PlatformError
from anxin.platform.postgres import Cluster
from anxin.platform.secrets import load_or_create, secret_file

PLANTED = "PLANTED-王小明-13900001111"
PASSPHRASE = "twelve signs or more"
SCHEMA = f"""
GRANT USAGE ON SCHEMA public TO anxin_app, anxin_worker;
CREATE TABLE django_migrations (id int PRIMARY KEY, app text, name text);
INSERT INTO django_migrations VALUES (1, 'kernel', '0001_roles');
CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, path text);
INSERT INTO people (name, path) SELECT '{PLANTED} ' || n || E'\\n\\\\.\\nCOPY', '/1/' FROM generate_series(1, 300) n;
CREATE TABLE audit_auditevent (id bigint PRIMARY KEY, person bigint REFERENCES people, said text);
INSERT INTO audit_auditevent SELECT n, n, 'seen' FROM generate_series(1, 50) n;
CREATE TABLE "Empty Table" (id int);
CREATE FUNCTION sees(path text) RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT path ^@ current_setting('anxin.scope', true) $$;
REVOKE EXECUTE ON FUNCTION sees(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sees(text) TO anxin_app;
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE people FORCE ROW LEVEL SECURITY;
CREATE POLICY people_scope ON people USING (sees(path)) WITH CHECK (sees(path));
GRANT SELECT, INSERT ON people TO anxin_app;
GRANT SELECT ON audit_auditevent TO anxin_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO anxin_worker;
"""


def quietly(line: str) -> None:
    """Nothing is announced."""


@pytest.fixture
def source(cluster: Cluster, state: Path) -> Source:
    """A small database with a wall in it, running."""
    cluster.start()
    with psycopg.connect(cluster.url("anxin_owner"), autocommit=True) as connection:
        connection.execute(SCHEMA)
    return Source(cluster.url("postgres"), dict(load_or_create(state)), find_engine(unprivileged()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def made(source: Source, folder: Path) -> Path:
    """A backup of it."""
    return making.create(folder, source, passphrase="", announce=quietly)


@pytest.fixture
def elsewhere(made_once: Cluster, cluster: Cluster, state: Path, tmp_path: Path) -> Iterator[Cluster]:
    """Another machine, as it were: a cluster of its own that knows the keys, empty and running."""
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    shutil.copy(secret_file(state), secret_file(other))
    new = Cluster(other, durable=False)
    try:
        new.start()
        yield new
    finally:
        new.destroy()


def check(path: Path, source: Source, passphrase: str = "") -> list[str]:
    return making.verify(path, source.secrets, source.engine, passphrase=passphrase, announce=quietly)


def put_back(path: Path, source: Source, target: Cluster, passphrase: str = "") -> inventory.Inventory:
    return restoring.restore(
        path, target.url("postgres"), source.secrets, source.engine, passphrase=passphrase, announce=quietly
    )


def rewrite(path: Path, **parts: bytes) -> None:
    """Put other contents into a backup, the way somebody with a zip program would."""
    names = {"dump": DUMP, "list": LIST}
    with zipfile.ZipFile(path) as packed:
        held = {info.filename: packed.read(info) for info in packed.infolist()}
    held |= {names.get(name, name): content for name, content in parts.items()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in held.items():
            packed.writestr(name, content)


# --- making --------------------------------------------------------------------------------------


def test_every_row_is_in_it_although_the_wall_is_forced_on_the_owner_too(
    made: Path, source: Source, cluster: Cluster
) -> None:
    with psycopg.connect(cluster.url("anxin_owner")) as connection:
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)
    counted = Backup(made).manifest.inventory.tables
    assert counted == {"django_migrations": 1, "people": 300, "audit_auditevent": 50, "Empty Table": 0}
    assert check(made, source) == []


def test_a_login_that_the_wall_applies_to_makes_no_backup(
    source: Source, cluster: Cluster, folder: Path
) -> None:
    blind = Source(cluster.url("anxin_owner"), source.secrets, source.engine)
    with pytest.raises(PlatformError, match="sees no personal row"):
        making.create(folder, blind, passphrase="", announce=quietly)
    assert os.listdir(folder) == []


def test_only_its_maker_can_read_the_file_and_no_key_is_in_it_or_beside_it(
    made: Path, source: Source
) -> None:
    beside = key_list_of(made)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (made, beside)] == [0o600, 0o600]
    held = made.read_bytes() + beside.read_bytes()
    for key in (*source.secrets["field_keys"].values(), source.secrets["django_secret_key"]):
        assert str(key).encode() not in held
    assert json.loads(beside.read_text())["needs"]


def test_a_sealed_backup_shows_nothing_without_its_passphrase(source: Source, folder: Path) -> None:
    path = making.create(folder, source, passphrase=PASSPHRASE, announce=quietly)
    assert b"PLANTED" not in path.read_bytes()
    assert b"PGDMP" not in path.read_bytes()
    assert check(path, source, PASSPHRASE) == []
    with pytest.raises(PlatformError, match="give its passphrase"):
        check(path, source)
    with pytest.raises(PlatformError, match="The passphrase is wrong"):
        check(path, source, "another passphrase")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "is full; the unfinished file was removed"),
        (KeyboardInterrupt(), "the unfinished file was removed"),
    ],
)
def test_a_full_disk_and_an_interruption_are_one_line_and_leave_nothing(
    source: Source, folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str
) -> None:
    def fail(*_ignored: Any) -> None:
        raise error

    monkeypatch.setattr(archive._Meter, "write", fail)
    with pytest.raises(PlatformError, match=said) as raised:
        making.create(folder, source, passphrase="", announce=quietly)
    assert "\n" not in str(raised.value)
    assert os.listdir(folder) == []


def test_a_dump_that_fails_is_one_line_and_leaves_nothing(
    source: Source, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Source(source.url, source.secrets, source.engine)
    monkeypatch.setattr(
        making.programs,
        "environment",
        lambda url: {"PATH": os.defpath, "PGHOST": "/nowhere", "PGDATABASE": "x"},
    )
    with pytest.raises(PlatformError, match=r"pg_dump failed: .*nowhere"):
        making.create(folder, broken, passphrase="", announce=quietly)
    assert os.listdir(folder) == []


# --- verifying -----------------------------------------------------------------------------------


@pytest.mark.parametrize("left", [0, 10, 0.5, 0.999])
def test_a_backup_that_was_cut_short_is_found(made: Path, source: Source, left: float) -> None:
    content = made.read_bytes()
    made.write_bytes(content[: int(left if left >= 10 else len(content) * left)])
    with pytest.raises(PlatformError, match=r"cut short or altered|damaged"):
        check(made, source)


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.9])
def test_a_changed_byte_is_found(made: Path, source: Source, place: float) -> None:
    content = bytearray(made.read_bytes())
    content[int(len(content) * place)] ^= 1
    made.write_bytes(bytes(content))
    with pytest.raises(PlatformError):
        check(made, source)


def test_parts_that_were_exchanged_added_or_counted_anew_are_found(
    made: Path, source: Source, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    shutil.copy(made, whole)
    with zipfile.ZipFile(made) as packed:
        listed = json.loads(packed.read(LIST))
    rewrite(made, dump=b"PGDMP something else")
    with pytest.raises(PlatformError, match="is not what was stored"):
        check(made, source)
    shutil.copy(whole, made)
    rewrite(made, extra=b"x")
    with pytest.raises(PlatformError, match="other parts than its list says"):
        check(made, source)
    shutil.copy(whole, made)
    listed["inventory"]["tables"]["people"] = 299
    rewrite(made, list=json.dumps(listed).encode())
    with pytest.raises(PlatformError, match="was altered after it was written"):
        check(made, source)
    stranger = {**source.secrets, "installation": "another"}
    with pytest.raises(PlatformError, match="people differ"):
        making.verify(made, stranger, source.engine, passphrase="", announce=quietly)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", b"\x00" * 5000])
def test_what_is_no_backup_is_said_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(PlatformError, match="is not a whole backup"):
        Backup(path)


def test_keys_that_are_not_here_are_named(made: Path, source: Source) -> None:
    other = {**source.secrets, "field_keys": {"1": "AAAA"}, "installation": "another"}
    notes = making.verify(made, other, source.engine, passphrase="", announce=quietly)
    assert any("made by another installation" in note for note in notes)
    assert any("field_keys.1" in note for note in notes)


# --- restoring -----------------------------------------------------------------------------------


def test_rows_rights_walls_and_trail_are_as_they_were(made: Path, source: Source, elsewhere: Cluster) -> None:
    found = put_back(made, source, elsewhere)

    wanted = Backup(made).manifest.inventory
    assert (found.tables, found.structure, found.trail) == (wanted.tables, wanted.structure, wanted.trail)
    with psycopg.connect(elsewhere.url("anxin_app"), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)
        connection.execute("SET anxin.scope = '/1/'")
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (300,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_auditevent")


def test_a_sealed_one_is_restored_with_its_passphrase(
    source: Source, folder: Path, elsewhere: Cluster
) -> None:
    path = making.create(folder, source, passphrase=PASSPHRASE, announce=quietly)
    assert put_back(path, source, elsewhere, PASSPHRASE).tables["people"] == 300


def test_nothing_is_put_into_a_database_that_holds_anything(
    made: Path, source: Source, cluster: Cluster
) -> None:
    with pytest.raises(PlatformError, match="is not empty"):
        put_back(made, source, cluster)


def test_a_restore_that_fails_leaves_the_database_empty(
    made: Path, source: Source, elsewhere: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Backup.chunks

    def cut(self: Backup, name: str, passphrase: str) -> Iterator[bytes]:
        for chunk in whole(self, name, passphrase):
            yield chunk[: len(chunk) * 4 // 5]
            return

    monkeypatch.setattr(restoring, "verify", lambda *_ignored, **_named: [])
    monkeypatch.setattr(Backup, "chunks", cut)
    with pytest.raises(PlatformError, match="pg_restore failed"):
        put_back(made, source, elsewhere)
    with inventory.connect(elsewhere.url("postgres")) as connection:
        assert inventory.is_empty(connection)


def test_without_its_keys_or_of_a_newer_version_it_is_refused(
    made: Path, source: Source, elsewhere: Cluster, cluster: Cluster, folder: Path
) -> None:
    stranger = Source(source.url, {**source.secrets, "field_keys": {"1": "AAAA"}}, source.engine)
    with pytest.raises(PlatformError, match="keys of this backup are not here"):
        put_back(made, stranger, elsewhere)
    with psycopg.connect(cluster.url("anxin_owner"), autocommit=True) as connection:
        connection.execute("INSERT INTO django_migrations VALUES (2, 'residents', '9999_from_the_future')")
    made.rename(made.with_suffix(".first"))
    key_list_of(made).unlink()
    newer = making.create(folder, source, passphrase="", announce=quietly)
    with pytest.raises(PlatformError, match="of a newer version"):
        put_back(newer, source, elsewhere)
    with inventory.connect(elsewhere.url("postgres")) as connection:
        assert inventory.is_empty(connection)


def test_a_difference_after_the_restore_is_found(made: Path, source: Source, cluster: Cluster) -> None:
    wanted = Backup(made).manifest.inventory
    statements = {
        "people": "DELETE FROM people WHERE id = 300",
        "policies": "DROP POLICY people_scope ON people",
        "functions": "GRANT EXECUTE ON FUNCTION sees(text) TO PUBLIC",
        "tables": "ALTER TABLE people NO FORCE ROW LEVEL SECURITY",
        "the audit trail": "UPDATE audit_auditevent SET said = 'not seen' WHERE id = 7",
    }
    for what, statement in statements.items():
        with inventory.connect(source.url) as connection, connection.transaction(force_rollback=True):
            connection.execute("SET LOCAL search_path = public")
            connection.execute(statement)
            connection.execute("SET LOCAL search_path = ''")
            with pytest.raises(PlatformError, match=what):
                restoring._demand_equal(wanted, inventory.take(connection))


# --- keys ----------------------------------------------------------------------------------------


def test_keys_travel_apart_under_a_passphrase_and_come_back(state: Path, tmp_path: Path) -> None:
    known = load_or_create(state)
    sealed = tmp_path / "keys.sealed"
    keys.seal_keys(sealed, state, PASSPHRASE)
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600
    assert known["django_secret_key"].encode() not in sealed.read_bytes()

    with pytest.raises(PlatformError, match="is there already"):
        keys.open_keys(sealed, state, PASSPHRASE)
    secret_file(state).unlink()
    with pytest.raises(PlatformError, match="passphrase is wrong"):
        keys.open_keys(sealed, state, "not this one at all")
    assert not secret_file(state).exists()
    place = keys.open_keys(sealed, state, PASSPHRASE)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert load_or_create(state) == known


def test_keys_are_not_put_beside_themselves_nor_under_a_short_passphrase(state: Path, tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="another place"):
        keys.seal_keys(state / "keys.sealed", state, PASSPHRASE)
    with pytest.raises(PlatformError, match="fewer than 12"):
        keys.seal_keys(tmp_path / "k", state, "short")
    assert not (tmp_path / "k").exists()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_a_sealed_stream_is_read_whole_or_not_to_its_end(size: int, tmp_path: Path) -> None:
    plain, path = os.urandom(size), tmp_path / "sealed"
    with open(path, "wb") as file:
        sealer = sealing.Sealer(file, PASSPHRASE)
        sealer.write(plain)
        sealer.finish()
    with open(path, "rb") as file:
        assert b"".join(sealing.opened(file, PASSPHRASE)) == plain
    content = path.read_bytes()
    for altered in (content[:-1], content[: len(content) // 2], content[:-17]):
        path.write_bytes(altered)
        with open(path, "rb") as file, pytest.raises(PlatformError):
            b"".join(sealing.opened(file, PASSPHRASE))


# --- the command ---------------------------------------------------------------------------------


def test_the_command_backs_up_and_verifies_the_embedded_database(
    source: Source, folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANXIN_STATE_DIR", str(state))
    done = CliRunner().invoke(backup_group, ["create", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    (path,) = folder.glob("*.anxin-backup")
    done = CliRunner().invoke(backup_group, ["verify", str(path)], catch_exceptions=False)
    assert "is whole and holds what its list says" in done.output
