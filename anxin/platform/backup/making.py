"""Making a backup, and looking one over.

Row-level security is forced on the owner too, so only a login that it does not apply to can dump: pg_dump refuses any
other, and here the counts of the dump are compared with those of the database in the same snapshot besides.
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from anxin.platform.backup import inventory, programs
from anxin.platform.backup.archive import (
    DUMP,
    ENDING,
    LIST,
    Backup,
    fresh_file,
    key_list_of,
    read_key_list,
    write_part,
)
from anxin.platform.backup.manifest import Manifest, fingerprints, missing_keys, signing_key
from anxin.platform.engine import Engine
from anxin.platform.errors import PlatformError

Announce = Callable[[str], None]
_MB = 1_000_000
_COPY = re.compile(rb'COPY ("(?:[^"]|"")+"|\w+)\.("(?:[^"]|"")+"|\w+) .*FROM stdin;$')
_TOLD_EVERY_BYTES = 50 * _MB


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up: a login that sees every row, and the keys of the installation."""

    url: str
    secrets: dict[str, Any]
    engine: Engine


def create(folder: Path, source: Source, *, passphrase: str, announce: Announce) -> Path:
    """Write a backup into ``folder`` and verify it; its path."""
    if not folder.is_dir():
        raise PlatformError(f"There is no folder {folder}.")
    try:
        with inventory.connect(source.url) as connection:
            _demand_sight(connection)
            _demand_version(connection, source.engine)
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                path = _write(folder, source, connection, passphrase, announce)
    except psycopg.Error as error:
        raise PlatformError(f"Cannot read the database: {_line(error)}") from None
    announce("Reading it back ...")
    verify(path, source.secrets, source.engine, passphrase=passphrase, announce=announce)
    return path


def _write(
    folder: Path, source: Source, connection: inventory.Connection, passphrase: str, announce: Announce
) -> Path:
    (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
    announce("Counting ...")
    held = inventory.take(connection)
    if not held.migrations:
        raise PlatformError("There are no tables of Anxin in this database.")
    path = folder / f"anxin-{held.made_at[:19].replace(':', '').replace('T', '-')}{ENDING}"
    if path.exists():
        raise PlatformError(f"{path} is there already.")
    announce(f"Dumping {len(held.tables)} tables with {sum(held.tables.values())} rows ...")
    command: list[str | Path] = [
        programs.program(source.engine, "pg_dump"),
        *("--format=custom", "--no-password", f"--snapshot={snapshot}"),
        *(f"--exclude-table-data={table}" for table in inventory.KEPT_OUT),
    ]
    with fresh_file(path) as draft:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as packed:
            chunks = programs.output(command, source.url)
            part = write_part(packed, DUMP, chunks, passphrase=passphrase, tell=teller(announce))
            found = Manifest(source.secrets["installation"], held, {DUMP: part})
            packed.writestr(LIST, found.written(signing_key(source.secrets)))
        with fresh_file(key_list_of(path)) as keys:
            content = {
                "backup": path.name,
                "installation": source.secrets["installation"],
                "needs": fingerprints(source.secrets),
            }
            keys.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")
    return path


def verify(
    path: Path, secrets: dict[str, Any], engine: Engine, *, passphrase: str, announce: Announce
) -> list[str]:
    """Read all of a backup and count the rows in it; what could not be checked here, in one line each."""
    backup = Backup(path)
    found = backup.manifest
    backup.check_parts(teller(announce))
    notes = []
    if secrets["installation"] != found.installation:
        notes.append("It was made by another installation; who wrote its list cannot be checked here.")
    elif not found.is_signed_with(signing_key(secrets)):
        raise PlatformError(f"The list inside {path.name} was altered after it was written.")
    needed = read_key_list(path)
    if not needed:
        notes.append(f"The list of the keys it needs ({key_list_of(path).name}) is not beside it.")
    elif lacking := missing_keys(needed, secrets):
        notes.append(
            f"These keys are not here, and without them sealed columns cannot be read: {', '.join(lacking)}."
        )
    counted = _rows_in(backup, engine, passphrase)
    wrong = [name for name, rows in found.inventory.tables.items() if counted.get(name, 0) != rows]
    if wrong or set(counted) - set(found.inventory.tables):
        raise PlatformError(
            f"The dump does not hold what its list says: {', '.join(wrong[:3]) or 'unknown tables'} differ."
        )
    return notes


def _rows_in(backup: Backup, engine: Engine, passphrase: str) -> dict[str, int]:
    """How many rows the dump has for each table, by reading it the way a restore would."""
    command: list[str | Path] = [programs.program(engine, "pg_restore"), "--data-only", "--file=-"]
    counted: dict[str, int] = {}
    table = ""
    for line in _lines(programs.filtered(command, backup.chunks(DUMP, passphrase))):
        if table:
            if line == b"\\.":
                table = ""
            else:
                counted[table] += 1
        elif start := _COPY.match(line):
            schema, name = (part.decode().strip('"').replace('""', '"') for part in start.groups())
            table = inventory.shown(schema, name)
            counted.setdefault(table, 0)
    return counted


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    tail = b""
    for chunk in chunks:
        *whole, tail = (tail + chunk).split(b"\n")
        yield from whole
    if tail:
        yield tail


def teller(announce: Announce) -> Callable[[int], None]:
    """Says how far a long step has come, not too often."""
    told = 0

    def tell(size: int) -> None:
        nonlocal told
        if size - told >= _TOLD_EVERY_BYTES:
            announce(f"  {size // _MB} MB ...")
            told = size

    return tell


def _demand_sight(connection: inventory.Connection) -> None:
    if not inventory.sees_every_row(connection):
        raise PlatformError(
            f"The login {connection.info.user} sees no personal row: row-level security is forced. Name one with "
            "BYPASSRLS in ANXIN_BACKUP_DATABASE_URL."
        )


def _demand_version(connection: inventory.Connection, engine: Engine) -> None:
    server = connection.info.server_version // 10_000
    if engine.major < server:
        raise PlatformError(
            f"The server is PostgreSQL {server} and the programs here are {engine.version}; set ANXIN_PG_BIN to "
            f"programs of version {server}."
        )


def _line(error: psycopg.Error) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
