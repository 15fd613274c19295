"""Which database a command works on, and the environment that its processes need.

``DATABASE_URL`` names a server of one's own (PostgreSQL 15 or newer). Without it the embedded one is used:
that of a demo which is already running here, or else one started for as long as the command lasts.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from anxin.platform import paths
from anxin.platform.engine import OLDEST_MAJOR
from anxin.platform.errors import PlatformError
from anxin.platform.locks import note_of_holder
from anxin.platform.postgres import OWNER, Cluster

APP, WORKER, INTAKE = "anxin_app", "anxin_worker", "anxin_intake"
_URL_VARIABLES = {
    OWNER: "ANXIN_OWNER_DATABASE_URL",
    WORKER: "ANXIN_WORKER_DATABASE_URL",
    INTAKE: "ANXIN_INTAKE_DATABASE_URL",
}
_ACTED = (APP, WORKER, INTAKE)  # what a single login takes on beside its own work as owner
_DEMO_SETTINGS, _PRODUCTION_SETTINGS = "config.settings.dev", "config.settings.prod"


@dataclass(frozen=True, slots=True)
class Database:
    """The database of a command: a login per role, or ``login`` for roles that have none of their own.

    ``cluster`` is set when it is ours to look after.
    """

    urls: dict[str, str]
    login: str
    cluster: Cluster | None
    external: bool

    def environment(self, role: str, *, process: str, demo: bool = False) -> dict[str, str]:
        """The environment of a process that works as ``role``, and has the password of no other role.

        The web process also holds the intake role's: its lane works as that one.

        On a server of one's own with a single login, that login takes the role on (``SET ROLE``).
        """
        hidden = {*_URL_VARIABLES.values(), "DATABASE_URL", "ANXIN_DATABASE_ROLE"}
        env = {name: value for name, value in os.environ.items() if name not in hidden}
        settings = _PRODUCTION_SETTINGS if self.external and not demo else _DEMO_SETTINGS
        env.setdefault("DJANGO_SETTINGS_MODULE", settings)
        env |= {
            "DATABASE_URL": self.urls.get(role, self.login),
            "ANXIN_PROCESS": process,
            "PYTHONUNBUFFERED": "1",
        }
        env["ANXIN_STATE_DIR"] = str(paths.state_dir())
        if role not in self.urls and role != OWNER:
            env["ANXIN_DATABASE_ROLE"] = role
        if process == "web" and INTAKE in self.urls:
            env[_URL_VARIABLES[INTAKE]] = self.urls[INTAKE]
        if role == OWNER:
            env[_URL_VARIABLES[OWNER]] = env["DATABASE_URL"]
        return env


@contextmanager
def open_database(
    state_dir: Path, announce: Callable[[str], None], *, attach: bool = True
) -> Iterator[Database]:
    """The database to work on, running for as long as the block lasts.

    ``attach`` says whether a cluster that another process looks after, and may stop, will do.
    """
    if os.environ.get("DATABASE_URL"):
        yield _external()
        return
    cluster = Cluster(state_dir, announce=announce)
    urls = {role: cluster.url(role) for role in (APP, *_URL_VARIABLES)}
    if attach and note_of_holder(cluster.layout.lock) is not None:
        yield Database(urls, urls[APP], None, external=False)
        return
    with cluster:
        yield Database(urls, urls[APP], cluster, external=False)


def _external() -> Database:
    login = os.environ["DATABASE_URL"]
    named = {role: os.environ[name] for role, name in _URL_VARIABLES.items() if os.environ.get(name)}
    owner = named.get(OWNER, login)
    try:
        with psycopg.connect(owner, autocommit=True, connect_timeout=10) as connection:
            if connection.info.server_version < OLDEST_MAJOR * 10_000:
                raise PlatformError(
                    f"The server behind DATABASE_URL is older than PostgreSQL {OLDEST_MAJOR}; use a "
                    f"newer one."
                )
            if OWNER not in named:
                _take_on_roles(connection)
    except psycopg.Error as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise PlatformError(f"Cannot work with the server behind DATABASE_URL: {reason}") from None
    # Several logins: DATABASE_URL is the app's own. One login: it owns the tables and takes on the other
    # roles.
    urls = {OWNER: owner} | named | ({APP: login} if OWNER in named else {})
    return Database(urls, login, None, external=True)


def _take_on_roles(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Let a single login act as each role, making the roles that are missing."""
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    login = connection.info.user
    for role in _ACTED:
        name = sql.Identifier(role)
        try:
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS").format(name))
            if not _may_act_as(connection, name):
                connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
        except psycopg.errors.InsufficientPrivilege:
            make = "" if role in known else f"CREATE ROLE {role} NOLOGIN; "
            raise PlatformError(
                f"The login behind DATABASE_URL may not act as {role}; let an administrator of the server "
                f"run: {make}GRANT {role} TO {login}"
            ) from None


def _may_act_as(connection: "psycopg.Connection[tuple[object, ...]]", role: sql.Identifier) -> bool:
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(role))
    except psycopg.errors.InsufficientPrivilege:
        return False
    connection.execute("RESET ROLE")
    return True
