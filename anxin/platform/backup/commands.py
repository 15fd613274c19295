"""``anxin backup``."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click

from anxin.platform import paths
from anxin.platform.backup import keys as key_files
from anxin.platform.backup import making, restoring
from anxin.platform.backup.archive import Backup, key_list_of
from anxin.platform.children import unprivileged
from anxin.platform.database import APP, WORKER, Database, open_database
from anxin.platform.engine import Engine, find_engine
from anxin.platform.errors import PlatformError
from anxin.platform.postgres import OWNER, Cluster
from anxin.platform.secrets import keys_from_environment, load_or_create, secret_file
from anxin.platform.startup import ended_by_signals

# What the trail may lack on another machine: the files outside, and what happened after the backup.
_ENDED = {"tail-cut"}
_OUTSIDE = {"file-missing", "root-missing", *_ENDED}
_FILE = click.Path(path_type=Path)
_PASSPHRASE_FILE = click.option(
    "--passphrase-file", type=_FILE, help="A file whose first line seals and opens the backup."
)


@click.group()
def backup_group() -> None:
    """Back up, verify, restore; keep the keys apart."""


@backup_group.command()
@click.argument("folder", type=_FILE)
@_PASSPHRASE_FILE
def create(folder: Path, passphrase_file: Path | None) -> None:
    """Write a backup into FOLDER, and beside it the list of the keys it needs (never the keys)."""
    state = paths.state_dir()
    passphrase = _from_file(passphrase_file, is_new=True)
    with _ended_in_one_line(), open_database(state, _say) as database:
        source = making.Source(_all_seeing(state, database), _secrets(state), _engine())
        path = making.create(folder, source, passphrase=passphrase, announce=_say)
    _say(f"{path} is whole: {path.stat().st_size / 1_000_000:.1f} MB.")
    _say(
        f"The keys it needs are listed in {key_list_of(path).name}. Keep the keys elsewhere: anxin backup keys FILE."
    )


@backup_group.command()
@click.argument("file", type=_FILE)
@_PASSPHRASE_FILE
def verify(file: Path, passphrase_file: Path | None) -> None:
    """Read all of FILE, and count what is in it against its list."""
    state = paths.state_dir()
    with _ended_in_one_line():
        notes = making.verify(
            file, _secrets(state), _engine(), passphrase=_from_file(passphrase_file), announce=_say
        )
    for note in notes:
        _say(f"Note: {note}")
    _say(f"{file.name} is whole and holds what its list says.")


@backup_group.command()
@click.argument("file", type=_FILE)
@click.option(
    "--into",
    required=True,
    help="'embedded', or the address of an empty database as a superuser of its server.",
)
@click.option(
    "--roots", type=_FILE, help="Folder with the roots of the audit trail, kept apart from the backup."
)
@_PASSPHRASE_FILE
def restore(file: Path, into: str, roots: Path | None, passphrase_file: Path | None) -> None:
    """Put FILE into an empty database, and compare rows, structure, rights and the audit trail."""
    state = paths.state_dir()
    passphrase = _from_file(passphrase_file)
    if not file.is_file():
        raise PlatformError(f"There is no file {file}.")
    if not secret_file(state).exists() and not keys_from_environment():
        raise PlatformError(
            f"There are no keys at {secret_file(state)}; put them back first: anxin backup open-keys FILE."
        )
    with _ended_in_one_line(), _target(state, into) as (url, database):
        found = restoring.restore(file, url, _secrets(state), _engine(), passphrase=passphrase, announce=_say)
        moment = Backup(file).manifest.inventory.made_at
        _say(
            f"{len(found.tables)} tables with {sum(found.tables.values())} rows are as they were on {moment}."
        )
        if database is not None:
            _finish(database, roots)
            return
    _say("Now run anxin migrate and anxin audit verify on it, before web and worker start.")


@backup_group.command()
@click.argument("file", type=_FILE)
@_PASSPHRASE_FILE
def keys(file: Path, passphrase_file: Path | None) -> None:
    """Write the keys of this installation to FILE in another place, sealed by a passphrase."""
    state = paths.state_dir()
    passphrase = _from_file(passphrase_file, is_new=True) or _asked(is_new=True)
    found = key_files.seal_keys(file, state, passphrase)
    _say(
        f"{file} holds {len(found)} keys of columns and indexes, the passwords of the database and the key of sessions."
    )
    _say("Without its passphrase nobody can open it. Keep it apart from the backups.")


@backup_group.command("open-keys")
@click.argument("file", type=_FILE)
@_PASSPHRASE_FILE
def open_keys(file: Path, passphrase_file: Path | None) -> None:
    """Put the keys of FILE back where this installation looks for them, if it has none."""
    passphrase = _from_file(passphrase_file) or _asked(is_new=False)
    place = key_files.open_keys(file, paths.state_dir(), passphrase)
    _say(f"The keys are at {paths.shown(place)}.")


def _all_seeing(state: Path, database: Database) -> str:
    """A login that row-level security does not apply to."""
    if database.external:
        return os.environ.get("ANXIN_BACKUP_DATABASE_URL") or database.urls[OWNER]
    return Cluster(state).url("postgres")


@contextmanager
def _target(state: Path, into: str) -> Iterator[tuple[str, Database | None]]:
    if into != "embedded":
        yield into, None
        return
    with Cluster(state, announce=_say) as cluster:
        urls = {role: cluster.url(role) for role in (APP, WORKER, OWNER)}
        yield cluster.url("postgres"), Database(urls, urls[APP], cluster, external=False)


def _finish(database: Database, roots: Path | None) -> None:
    """Hand the database the key that signs scopes, then let the auditor's command look at the trail."""
    _child(
        [sys.executable, "-m", "django", "migrate", "--no-input"],
        database.environment(OWNER, process="migrate", demo=True),
    )
    command = [sys.executable, "-m", "anxin.cli", "audit", "verify", "--json"]
    if roots is not None:
        command += ["--roots", str(roots)]
    said = _child(command, database.environment(WORKER, process="audit", demo=True), refused=1)
    try:
        verdict = json.loads(said)
        kinds = {str(fault["kind"]) for fault in verdict["faults"]}
        rows = int(verdict["rows"])
    except (ValueError, KeyError, TypeError):
        raise PlatformError(
            f"Everything is restored, but the audit trail cannot be verified: {said}"
        ) from None
    if kinds - _OUTSIDE:
        raise PlatformError(
            f"The audit trail of the restored database is not whole: {', '.join(sorted(kinds))}."
        )
    _say(f"The audit trail is as it was written: {rows} sealed rows, each fits the one before.")
    if kinds & _ENDED:
        _say("What is written outside goes further: what happened after the backup is in the old trail only.")
    elif kinds:
        _say(
            "Not all of its roots outside are here: put them back (ANXIN_AUDIT_ROOTS) and run anxin audit verify."
        )


def _child(command: list[str], env: dict[str, str], *, refused: int = 0) -> str:
    """The last line that ``command`` says; ``refused`` is an exit code that is an answer too."""
    done = subprocess.run(command, env=env, cwd=paths.checkout(), capture_output=True, text=True, check=False)
    lines = done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or ["it said nothing"]
    if done.returncode not in (0, refused):
        lines = done.stderr.strip().splitlines() or lines
        raise PlatformError(f"Everything is restored, but {' '.join(command[2:])} failed: {lines[-1]}")
    return lines[-1]


def _secrets(state: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", load_or_create(state))


def _engine() -> Engine:
    return find_engine(unprivileged())


def _from_file(path: Path | None, *, is_new: bool = False) -> str:
    if path is None:
        return ""
    try:
        passphrase = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, ValueError) as error:
        raise PlatformError(f"Cannot read {path} ({getattr(error, 'strerror', None) or error}).") from None
    if is_new:
        key_files.demand_passphrase(passphrase)
    return passphrase


def _asked(*, is_new: bool) -> str:
    found: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=is_new)
    return found


@contextmanager
def _ended_in_one_line() -> Iterator[None]:
    with ended_by_signals():
        try:
            yield
        except KeyboardInterrupt:
            raise PlatformError("Stopped; nothing was changed.") from None


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
