"""Putting a backup into an empty database, and comparing what came of it with what was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from anxin.platform import paths
from anxin.platform.backup import inventory, programs
from anxin.platform.backup.archive import DUMP, Backup, read_key_list
from anxin.platform.backup.making import Announce, teller, verify
from anxin.platform.backup.manifest import missing_keys
from anxin.platform.engine import Engine
from anxin.platform.errors import PlatformError


def restore(
    path: Path, url: str, secrets: dict[str, Any], engine: Engine, *, passphrase: str, announce: Announce
) -> inventory.Inventory:
    """Fill the empty database behind ``url``; what is in it then. All or nothing."""
    backup = Backup(path)
    _demand_keys(path, backup, secrets)
    announce("Reading the backup ...")
    for note in verify(path, secrets, engine, passphrase=passphrase, announce=announce):
        announce(f"  {note}")
    try:
        with inventory.connect(url) as connection:
            _demand_place(connection, backup)
        announce(f"Restoring {sum(backup.manifest.inventory.tables.values())} rows ...")
        _fill(backup, url, engine, passphrase, announce)
        announce("Comparing ...")
        with inventory.connect(url) as connection:
            # the planner knows nothing about tables that were just filled
            connection.execute("ANALYZE")
            found = inventory.take(connection)
    except psycopg.Error as error:
        raise PlatformError(f"Cannot work with the database: {str(error).strip().splitlines()[0]}") from None
    _demand_equal(backup.manifest.inventory, found)
    return found


def _fill(backup: Backup, url: str, engine: Engine, passphrase: str, announce: Announce) -> None:
    command: list[str | Path] = [
        programs.program(engine, "pg_restore"),
        *("--single-transaction", "--exit-on-error", "--no-password"),
        *("--dbname", programs.environment(url)["PGDATABASE"]),
    ]
    tell, sent = teller(announce), 0

    def fed() -> Iterator[bytes]:
        nonlocal sent
        for chunk in backup.chunks(DUMP, passphrase):
            sent += len(chunk)
            tell(sent)
            yield chunk

    try:
        for _ in programs.filtered(command, fed(), url):
            continue
    except KeyboardInterrupt:
        raise PlatformError("Stopped before it was finished; the database is as empty as before.") from None


def _demand_keys(path: Path, backup: Backup, secrets: dict[str, Any]) -> None:
    lacking = missing_keys(read_key_list(path), secrets)
    if lacking or (not read_key_list(path) and secrets["installation"] != backup.manifest.installation):
        raise PlatformError(
            f"The keys of this backup are not here ({', '.join(lacking) or 'it is of another installation'}); "
            "put them back first: anxin backup open-keys FILE."
        )


def _demand_place(connection: inventory.Connection, backup: Backup) -> None:
    if not inventory.sees_every_row(connection):
        raise PlatformError(
            f"The login {connection.info.user} may not fill tables with forced row-level security; use a superuser "
            "of the new server."
        )
    if not inventory.is_empty(connection):
        raise PlatformError(
            f"The database {connection.info.dbname} is not empty; a backup is only restored into an empty one."
        )
    known = {str(row[0]) for row in connection.execute("SELECT rolname FROM pg_roles")}
    lacking = sorted(set(backup.manifest.inventory.roles) - known - {"pg_database_owner"})
    if lacking:
        raise PlatformError(f"The new server lacks the roles {', '.join(lacking)}; make them first.")
    strange = [name for name in backup.manifest.inventory.migrations if not _is_ours(name)]
    if strange:
        raise PlatformError(
            f"The backup is of a newer version ({strange[0]} is not known here); install that version first."
        )


def _is_ours(migration: str) -> bool:
    """Whether this code has the migration; those of other packages are not ours to know."""
    app, _, name = migration.partition(".")
    for folder in (f"anxin/domains/{app}", f"anxin/{app}"):
        place = paths.checkout() / folder / "migrations"
        if place.is_dir():
            return (place / f"{name}.py").is_file()
    return True


def _demand_equal(wanted: inventory.Inventory, found: inventory.Inventory) -> None:
    differing = [name for name, rows in wanted.tables.items() if found.tables.get(name) != rows]
    differing += [kind for kind, digest in wanted.structure.items() if found.structure.get(kind) != digest]
    if (wanted.trail, wanted.trail_end) != (found.trail, found.trail_end):
        differing.append("the audit trail")
    if wanted.migrations != found.migrations:
        differing.append("migrations")
    if differing:
        raise PlatformError(f"The restored database differs from the backup in: {', '.join(differing[:5])}.")
