"""The embedded PostgreSQL: made when missing, started as our child, stopped with us, repaired after any
kind of death.

Orphans. A server whose manager was killed is stopped and started anew, never adopted: only a child of ours
can be waited for, be restarted when it dies, and end when we end; a restart costs a third of a second and
loses nothing that was committed. Holding the cluster's lock is what makes every other running server on its
data an orphan.

The server listens on a unix socket in a folder that only its user can enter, and on no network address. Every
connection needs a password (scram-sha-256).
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from anxin.platform import children, paths
from anxin.platform.engine import Engine, find_engine, system_locale
from anxin.platform.errors import PlatformError
from anxin.platform.layout import Layout, lay_out, make_owned, remove
from anxin.platform.locks import HeldElsewhere, Lock
from anxin.platform.orphans import end_processes_in
from anxin.platform.secrets import load_or_create

DATABASE = "anxin"
OWNER = "anxin_owner"
PORT = 5432  # only the name of the socket
_SUPERUSER = "postgres"
_LOGINS = {
    OWNER: "CREATEDB",
    "anxin_app": "NOCREATEDB",
    "anxin_worker": "NOCREATEDB",
    "anxin_intake": "NOCREATEDB",
}
_TEST_SLOTS = 32
_MB = 1_000_000
_SPACE_TO_CREATE, _SPACE_TO_START = 300 * _MB, 40 * _MB
_START_SECONDS = 120.0
_STOP_SECONDS = 20.0

_COMMON_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "cluster_name": "anxin",
}
# The operating system keeps what a killed process wrote, so without fsync a kill still loses nothing; only
# a power cut would. synchronous_commit stays on: without it a kill loses commits that were acknowledged.
_TEST_OPTIONS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


class Cluster:
    """One PostgreSQL cluster of this installation. Use it as a context manager, or call start and stop."""

    def __init__(
        self,
        state_dir: Path,
        *,
        name: str = "main",
        durable: bool = True,
        announce: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.name = "postgres"
        self.state_dir = state_dir
        self._durable = durable
        self._announce = announce
        self._run_as = children.unprivileged()
        self._secrets = load_or_create(state_dir)
        self._layout = lay_out(state_dir, name, self._run_as)
        self._lock = Lock(self._layout.lock)
        self._locked = False
        self._server: subprocess.Popen[bytes] | None = None

    @classmethod
    def for_tests(cls, state_dir: Path | None = None) -> Self:
        """A cluster apart from the demo's, quicker and less durable, that no other test run is using.

        Its data stays for the next run, so only the first start is slow.
        """
        for slot in range(_TEST_SLOTS):
            cluster = cls(state_dir or paths.state_dir(), name=f"test-{slot}", durable=False)
            try:
                cluster._take_lock()
            except PlatformError:
                continue
            return cluster
        raise PlatformError(f"{_TEST_SLOTS} test runs of this checkout are at work; end some of them.")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def layout(self) -> Layout:
        """Where it lives."""
        return self._layout

    @property
    def exists(self) -> bool:
        """Whether it was ever made."""
        return (self._layout.data / "PG_VERSION").is_file()

    @property
    def pid(self) -> int:
        """The process number of the running server."""
        if self._server is None:
            raise RuntimeError("the server is not running")
        return self._server.pid

    def url(self, role: str = "anxin_app", dbname: str = DATABASE) -> str:
        """The address of ``dbname`` for ``role``, as libpq and Django's settings read it."""
        password = quote(self._secrets["database_passwords"][role], safe="")
        folder = quote(str(self._layout.sockets), safe="/")
        return f"postgresql://{role}:{password}@/{quote(dbname, safe='')}?host={folder}&port={PORT}"

    def start(self) -> None:
        """Make the cluster when it is missing, start it, and see that roles and database are there."""
        if self._server is not None and self._server.poll() is None:
            return
        self._take_lock()
        try:
            engine = find_engine(self._run_as)
            end_processes_in(self._layout.data)
            self._part_with_foreign_data()
            self._create_if_missing(engine)
            self._launch(engine)
            self._prepare()
        except BaseException:
            self.stop()
            raise

    def poll(self) -> int | None:
        """The exit code of a server that ended by itself, else ``None``."""
        return None if self._server is None else self._server.poll()

    def stop(self) -> None:
        """Stop the server in good order, with growing insistence, and give the cluster back.

        Harmless when stopped.
        """
        server, self._server = self._server, None
        if server is not None:
            for number, patience in (
                (signal.SIGINT, _STOP_SECONDS),
                (signal.SIGQUIT, 5.0),
                (signal.SIGKILL, 5.0),
            ):
                if server.poll() is not None:
                    break
                server.send_signal(number)
                try:
                    server.wait(patience)
                except subprocess.TimeoutExpired:
                    continue
        self._lock.release()
        self._locked = False

    def destroy(self) -> None:
        """Stop the server and remove the cluster with everything in it."""
        self.stop()
        remove(self._layout, self._run_as)

    def _take_lock(self) -> None:
        if self._locked:
            return
        try:
            self._lock.take()
        except HeldElsewhere as error:
            raise PlatformError(
                f"The database of this checkout is in use by process {error.note.get('pid', '?')}; stop "
                f"that one first."
            ) from None
        self._locked = True

    def _part_with_foreign_data(self) -> None:
        """Put aside data of another installation: a new secrets file cannot open what the old one sealed.

        It happens to a checkout that was removed and made again in the same place.
        """
        layout, mark = self._layout, self._layout.installation_file
        known = mark.read_text(encoding="utf-8") if mark.exists() else ""
        if known == self._secrets["installation"]:
            return
        if layout.data.exists():
            if self._durable:
                aside = layout.home / time.strftime("data.set-aside-%Y%m%d-%H%M%S")
                layout.data.rename(aside)
                self._announce(
                    f"The database found here was made with other keys; it was put aside as {aside}."
                )
            else:
                shutil.rmtree(layout.data)
        mark.write_text(self._secrets["installation"], encoding="utf-8")

    def _create_if_missing(self, engine: Engine) -> None:
        if self.exists:
            self._require_space(_SPACE_TO_START)
            made_by = (self._layout.data / "PG_VERSION").read_text(encoding="utf-8").strip()
            if made_by != str(engine.major):
                raise PlatformError(
                    f"The data in {self._layout.data} was made by PostgreSQL {made_by} and this is "
                    f"{engine.version}; "
                    f"set ANXIN_PG_BIN to a PostgreSQL {made_by}, or move that folder away to start anew."
                )
            return
        self._require_space(_SPACE_TO_CREATE)
        self._announce(f"Making the database (PostgreSQL {engine.version}) ...")
        fresh = self._layout.home / "data.new"  # renamed when complete, so a half-made one is never used
        for leftover in (fresh, self._layout.data):
            shutil.rmtree(leftover, ignore_errors=True)
        make_owned(fresh, self._run_as)
        self._initdb(engine, fresh)
        fresh.rename(self._layout.data)

    def _initdb(self, engine: Engine, data: Path) -> None:
        handle, password_file = tempfile.mkstemp(dir=self._layout.home, prefix=".initial-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(self._secrets["database_passwords"][_SUPERUSER])
        if self._run_as is not None:
            os.chown(password_file, self._run_as.uid, self._run_as.gid)
        options = ["-U", _SUPERUSER, "--encoding=UTF8", "--auth=scram-sha-256", f"--pwfile={password_file}"]
        options += ["--no-instructions", *engine.locale_options(), *([] if self._durable else ["--no-sync"])]
        try:
            with children.open_log(self._layout.log) as log:
                start = log.tell()
                maker = self._spawn([engine.program("initdb"), "-D", data, *options], log)
                try:
                    code = maker.wait()
                finally:
                    maker.kill()
            if code != 0:
                raise self._failure(start, "PostgreSQL could not make its data folder")
        finally:
            Path(password_file).unlink(missing_ok=True)

    def _launch(self, engine: Engine) -> None:
        settings = _COMMON_OPTIONS | ({} if self._durable else _TEST_OPTIONS)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        folders: list[str | os.PathLike[str]] = [
            "-D",
            self._layout.data,
            "-k",
            self._layout.sockets,
            "-p",
            str(PORT),
        ]
        deadline = time.monotonic() + _START_SECONDS
        announced = False
        with children.open_log(self._layout.log) as log:
            start = log.tell()
            self._server = self._spawn([engine.program("postgres"), *folders, *options], log)
        while not self._answers():
            if self._server.poll() is not None:
                raise self._failure(start, "PostgreSQL ended while starting")
            left = deadline - time.monotonic()
            if left <= 0:
                raise PlatformError(
                    f"PostgreSQL did not answer within {_START_SECONDS:.0f} s; see "
                    f"{paths.shown(self._layout.log)}."
                )
            if left < _START_SECONDS - 5 and not announced:
                self._announce("PostgreSQL is recovering from an unclean stop ...")
                announced = True
            time.sleep(0.05)

    def _spawn(self, command: Sequence[str | os.PathLike[str]], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return children.spawn(
            command,
            env={"PATH": os.defpath, "LC_ALL": system_locale(), "TZ": "UTC"},
            cwd=self._layout.home,
            output=log,
            death_signal=signal.SIGINT,  # PostgreSQL's word for a fast, clean shutdown
            run_as=self._run_as,
        )

    def _connect(self, dbname: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.url(_SUPERUSER, dbname), autocommit=True, connect_timeout=5, options="")

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise PlatformError(
                    "PostgreSQL refuses the password in secrets.json; put the right file back, "
                    f"or move {self._layout.data} away to start anew."
                ) from None
            return False
        return True

    def _prepare(self) -> None:
        """Roles that may do no more than they need, and the database. Repeating it changes nothing."""
        with self._connect() as connection:
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role, may_create in _LOGINS.items():
                verb = "ALTER" if role in known else "CREATE"
                password = self._secrets["database_passwords"][role]
                connection.execute(
                    sql.SQL(
                        "{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS {} PASSWORD {}"
                    ).format(sql.SQL(verb), sql.Identifier(role), sql.SQL(may_create), sql.Literal(password))
                )
                # The words of a running statement hold names and notes, and any session of a role may read those of
                # its other sessions.
                connection.execute(
                    sql.SQL("ALTER ROLE {} SET track_activities = off").format(sql.Identifier(role))
                )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                name = sql.Identifier(DATABASE)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(OWNER)))
                connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
                connection.execute(
                    sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                        name, sql.SQL(", ").join(map(sql.Identifier, _LOGINS))
                    )
                )

    def _require_space(self, wanted: int) -> None:
        free = shutil.disk_usage(self._layout.home).free
        if free < wanted:
            raise self._disk_full(free)

    def _disk_full(self, free: int) -> PlatformError:
        return PlatformError(
            f"The disk that holds {self._layout.home} is full ({free // _MB} MB left, "
            f"{_SPACE_TO_CREATE // _MB} MB needed). Free some space and start again."
        )

    def _failure(self, start: int, what: str) -> PlatformError:
        """The reason PostgreSQL wrote into its log since ``start``, in one line."""
        log = self._layout.log
        with open(log, "rb") as file:
            file.seek(start)
            lines = file.read().decode("utf-8", "replace").splitlines()
        if any("No space left on device" in line for line in lines):
            return self._disk_full(shutil.disk_usage(self._layout.home).free)
        reasons = (
            [line for line in lines if "FATAL:" in line or "error:" in line]
            or lines[-1:]
            or ["no reason given"]
        )
        reason = reasons[-1].partition("FATAL:")[2].strip() or reasons[-1].strip()
        return PlatformError(f"{what}: {reason} (see {paths.shown(log)}).")
