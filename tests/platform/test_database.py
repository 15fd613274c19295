"""Which database a command works on, and that no process is given the password of a role it does not play."""

from pathlib import Path

import psycopg
import pytest

from anxin.platform.database import APP, WORKER, Database, open_database
from anxin.platform.errors import PlatformError
from anxin.platform.postgres import OWNER, Cluster

UNUSABLE = "Cannot work with the server behind DATABASE_URL"


def quietly(line: str) -> None:
    """Nothing is announced."""


def test_the_embedded_database_runs_for_as_long_as_it_is_needed(state: Path) -> None:
    try:
        with open_database(state, quietly) as database:
            assert database.cluster is not None
            with psycopg.connect(database.urls[APP]) as connection:
                row = connection.execute("SELECT current_user").fetchone()
        assert row == (APP,)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(database.urls[APP])
    finally:
        Cluster(state).destroy()


def test_a_running_database_is_shared_unless_it_must_be_ones_own(cluster: Cluster, state: Path) -> None:
    cluster.start()

    with open_database(state, quietly) as database:
        assert database.cluster is None
        psycopg.connect(database.urls[OWNER]).close()
    with pytest.raises(PlatformError, match="in use by process"), open_database(state, quietly, attach=False):
        pass
    psycopg.connect(cluster.url()).close()


def test_each_process_gets_its_own_login_and_no_other(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANXIN_OWNER_DATABASE_URL", "postgresql://stray")
    urls = {role: f"postgresql://{role}:secret-of-{role}@/anxin" for role in (OWNER, APP, WORKER)}
    database = Database(urls, urls[APP], None, external=False)

    web = database.environment(APP, process="web")
    worker = database.environment(WORKER, process="worker")
    migrate = database.environment(OWNER, process="migrate")

    assert web["DATABASE_URL"] == urls[APP]
    assert worker["DATABASE_URL"] == urls[WORKER]
    assert migrate["DATABASE_URL"] == migrate["ANXIN_OWNER_DATABASE_URL"] == urls[OWNER]
    for env, own in ((web, APP), (worker, WORKER)):
        strangers = [role for role in urls if role != own]
        assert not any(f"secret-of-{role}" in value for role in strangers for value in env.values())
        assert "ANXIN_OWNER_DATABASE_URL" not in env
        assert "ANXIN_DATABASE_ROLE" not in env


def test_a_server_of_ones_own_never_gets_the_settings_of_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    own = Database({}, "postgresql://own", None, external=True)
    embedded = Database({}, "postgresql://embedded", None, external=False)

    assert own.environment(APP, process="web")["DJANGO_SETTINGS_MODULE"] == "config.settings.prod"
    assert own.environment(APP, process="web", demo=True)["DJANGO_SETTINGS_MODULE"] == "config.settings.dev"
    assert embedded.environment(APP, process="web")["DJANGO_SETTINGS_MODULE"] == "config.settings.dev"


@pytest.mark.parametrize("rights", ["SUPERUSER", "CREATEROLE"])
def test_a_single_login_makes_the_roles_and_takes_them_on(
    cluster: Cluster, state: Path, monkeypatch: pytest.MonkeyPatch, rights: str
) -> None:
    cluster.start()
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE operator LOGIN PASSWORD 'pw' CREATEDB {rights}")
        connection.execute("CREATE DATABASE theirs OWNER operator")
        for role in (APP, WORKER, "anxin_intake"):
            connection.execute(f"DROP OWNED BY {role} CASCADE")
        connection.execute("DROP DATABASE anxin")
        for role in (APP, WORKER, "anxin_intake"):
            connection.execute(f"DROP ROLE {role}")
    login = f"postgresql://operator:pw@/theirs?host={cluster.layout.sockets}&port=5432"
    monkeypatch.setenv("DATABASE_URL", login)

    for _ in range(2):  # a second start finds the roles there
        with open_database(state, quietly) as database:
            env = database.environment(WORKER, process="worker")

    assert (env["DATABASE_URL"], env["ANXIN_DATABASE_ROLE"]) == (login, WORKER)
    assert "ANXIN_DATABASE_ROLE" not in database.environment(OWNER, process="migrate")
    with psycopg.connect(login, options="-c role=anxin_worker") as connection:
        row = connection.execute(
            "SELECT current_user, rolcanlogin FROM pg_roles WHERE rolname = current_user"
        )
        assert row.fetchone() == (WORKER, False)


def test_separate_logins_are_used_as_they_are(
    cluster: Cluster, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.start()
    monkeypatch.setenv("DATABASE_URL", cluster.url(APP))
    monkeypatch.setenv("ANXIN_OWNER_DATABASE_URL", cluster.url(OWNER))
    monkeypatch.setenv("ANXIN_WORKER_DATABASE_URL", cluster.url(WORKER))

    with open_database(state, quietly) as database:
        assert database.environment(APP, process="web")["DATABASE_URL"] == cluster.url(APP)
        assert database.environment(WORKER, process="worker")["DATABASE_URL"] == cluster.url(WORKER)
        assert "ANXIN_DATABASE_ROLE" not in database.environment(WORKER, process="worker")


def test_a_server_that_cannot_be_reached_is_one_line(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody@/anxin?host={state}&port=1")

    with pytest.raises(PlatformError, match=UNUSABLE) as error, open_database(state, quietly):
        pass

    assert "\n" not in str(error.value)


def test_a_login_that_may_not_act_as_the_roles_is_told_what_it_lacks(
    cluster: Cluster, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.start()
    monkeypatch.setenv("DATABASE_URL", cluster.url("anxin_intake"))

    with (
        pytest.raises(
            PlatformError, match=r"may not act as anxin_app; .* run: GRANT anxin_app TO anxin_intake$"
        ),
        open_database(state, quietly),
    ):
        pass
