"""Where real people are served nothing starts that a demo may do: each refusal is one clear line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from anxin.platform import paths, production
from anxin.platform.errors import PlatformError
from anxin.platform.postgres import Cluster
from anxin.platform.secrets import load_or_create, mark_as_demo, secret_file

SAFE = {
    "DEBUG": False,
    "ANXIN_DEMO": False,
    "ANXIN_DEMO_PERSONAS": "",
    "ANXIN_SMS_GATEWAY": "your_city.sms.Gateway",
    "ALLOWED_HOSTS": ["xinli.example.cn"],
    "SECURE_SSL_REDIRECT": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SECURE_HSTS_SECONDS": production.ONE_YEAR_SECONDS,
    "MIDDLEWARE": ["csp.middleware.CSPMiddleware"],
    "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {}},
    "SECRET_KEY": "x" * 50,
}
UNSAFE = [
    ({"DEBUG": True}, "DEBUG is on"),
    ({"ANXIN_DEMO": True}, "one-click sign-ins are on"),
    ({"ANXIN_DEMO_PERSONAS": "anxin.demo.personas.PERSONAS"}, "one-click sign-ins are on"),
    ({"ANXIN_SMS_GATEWAY": "anxin.gateways.sms.null.NullSms"}, "ANXIN_SMS_GATEWAY is a null gateway"),
    ({"ANXIN_SMS_GATEWAY": ""}, "ANXIN_SMS_GATEWAY is a null gateway"),
    ({"ANXIN_VOICE_GATEWAY": "some.where.NullVoice"}, "ANXIN_VOICE_GATEWAY is a null gateway"),
    ({"ALLOWED_HOSTS": ["xinli.example.cn", "*"]}, "ANXIN_HOSTS allows every host name"),
    ({"SECURE_SSL_REDIRECT": False}, "SECURE_SSL_REDIRECT is off"),
    ({"SESSION_COOKIE_SECURE": False}, "SESSION_COOKIE_SECURE is off"),
    ({"CSRF_COOKIE_SECURE": False}, "CSRF_COOKIE_SECURE is off"),
    ({"SECURE_HSTS_SECONDS": 3600}, "less than a year"),
    ({"MIDDLEWARE": []}, "no content security policy"),
    ({"SECRET_KEY": "short"}, "key of the sessions is too short"),
]


def settings(**changes: Any) -> SimpleNamespace:
    return SimpleNamespace(**(SAFE | changes))


@pytest.mark.parametrize(("changes", "said"), UNSAFE)
def test_a_setting_of_a_demo_is_refused_in_one_line(changes: dict[str, Any], said: str) -> None:
    production.demand_safe_settings(settings())
    with pytest.raises(PlatformError, match=said) as raised:
        production.demand_safe_settings(settings(**changes))
    assert "\n" not in str(raised.value)


# --- the keys ------------------------------------------------------------------------------------


def test_keys_of_a_demo_are_refused(state: Path) -> None:
    load_or_create(state)
    production.demand_safe_files(state, {})
    mark_as_demo(state)
    with pytest.raises(PlatformError, match="were made for a demo"):
        production.demand_safe_files(state, {})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_keys_that_others_can_read_are_refused_and_not_quietly_closed(state: Path, mode: int) -> None:
    load_or_create(state)
    secret_file(state).chmod(mode)
    with pytest.raises(PlatformError, match="other users can read the keys"):
        production.demand_safe_files(state, {})
    assert secret_file(state).stat().st_mode & 0o777 == mode


def test_keys_inside_the_checkout_are_refused(monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
    with pytest.raises(PlatformError, match="inside the checkout"):
        production.demand_safe_files(paths.checkout() / "var", {})
    monkeypatch.setenv("ANXIN_SECRET_FILE", str(paths.checkout() / "keys.json"))
    with pytest.raises(PlatformError, match="inside the checkout"):
        production.demand_safe_files(state, {})
    assert not (paths.checkout() / "keys.json").exists()


def test_a_simulated_clock_is_refused(state: Path) -> None:
    with pytest.raises(PlatformError, match="ANXIN_CLOCK_FILE sets a simulated clock"):
        production.demand_safe_files(state, {"ANXIN_CLOCK_FILE": "/somewhere/clock.json"})


# --- the login -----------------------------------------------------------------------------------


@pytest.fixture
def server(cluster: Cluster) -> Cluster:
    """A running server with a table of the owner."""
    cluster.start()
    with psycopg.connect(cluster.url("anxin_owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE people (id int)")
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE sees_all LOGIN PASSWORD 'pw' BYPASSRLS")
        connection.execute("CREATE ROLE acts LOGIN PASSWORD 'pw' IN ROLE anxin_owner, anxin_app")
        connection.execute("GRANT CONNECT ON DATABASE anxin TO sees_all, acts")
    return cluster


def test_a_login_that_could_do_more_than_serve_is_refused(server: Cluster) -> None:
    for role in ("anxin_app", "anxin_worker", "anxin_intake"):
        production.demand_safe_login(server.url(role))
    stranger = f"postgresql://{{}}:pw@/anxin?host={server.layout.sockets}&port=5432"
    for url, said in (
        (server.url("postgres"), "is a superuser"),
        (stranger.format("sees_all"), "passes row-level security"),
        (server.url("anxin_owner"), "owns the tables"),
        (stranger.format("acts"), "may act as their owner"),
    ):
        with pytest.raises(PlatformError, match=said):
            production.demand_safe_login(url)


def test_taking_a_harmless_role_on_does_not_make_a_login_harmless(server: Cluster) -> None:
    with pytest.raises(PlatformError, match="is a superuser"):
        production.demand_safe_login(server.url("postgres"), role="anxin_app")
    url = f"postgresql://acts:pw@/anxin?host={server.layout.sockets}&port=5432"
    with pytest.raises(PlatformError, match="may act as their owner"):
        production.demand_safe_login(url, role="anxin_app")


# --- the commands --------------------------------------------------------------------------------


def run(state: Path, *command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command as an operator would give it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANXIN", "DJANGO", "DATABASE"))
    }
    return subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        env=kept | {"ANXIN_STATE_DIR": str(state)} | environment,
        cwd=paths.checkout(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_web_and_worker_do_not_start_with_the_login_of_a_superuser(
    server: Cluster, tmp_path: Path, command: str
) -> None:
    elsewhere = tmp_path / "service"
    elsewhere.mkdir(mode=0o700)
    done = run(
        elsewhere,
        *("-m", "anxin.cli", command),
        DATABASE_URL=server.url("postgres"),
        ANXIN_SMS_GATEWAY="your_city.sms.Gateway",
        ANXIN_HOSTS="xinli.example.cn",
    )
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("anxin: Not safe for production: the login postgres is a superuser")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "ANXIN_SMS_GATEWAY is a null gateway"),
        ({"ANXIN_CLOCK_FILE": "/nowhere/clock.json"}, "simulated clock"),
        ({"ANXIN_SMS_GATEWAY": "your_city.sms.Gateway", "ANXIN_HOSTS": "*"}, "every host name"),
    ],
)
def test_the_web_process_does_not_start_unsafe_however_it_is_started(
    state: Path, environment: dict[str, str], said: str
) -> None:
    done = run(
        state, "-c", "import config.asgi", DJANGO_SETTINGS_MODULE="config.settings.prod", **environment
    )
    assert done.returncode == 1
    assert said in done.stderr.strip().splitlines()[-1]


def test_a_process_keeps_no_address_that_is_not_its_own(server: Cluster, state: Path) -> None:
    script = (
        "import os; from anxin import cli\n"
        "with cli._inside('anxin_worker', 'probe', demo=True):\n"
        "    print([name for name, value in os.environ.items() if 'anxin_owner' in value or 'anxin_intake' in value])"
    )
    done = run(
        state,
        *("-c", script),
        DATABASE_URL=server.url("anxin_app"),
        ANXIN_OWNER_DATABASE_URL=server.url("anxin_owner"),
        ANXIN_WORKER_DATABASE_URL=server.url("anxin_worker"),
        ANXIN_INTAKE_DATABASE_URL=server.url("anxin_intake"),
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_production_cookies_belong_to_this_host_and_to_https(state: Path) -> None:
    script = (
        "import json; from config.settings import prod as s; "
        "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS]))"
    )
    done = run(state, "-c", script)
    assert done.returncode == 0, done.stderr
    session, csrf, *flags, seconds = json.loads(done.stdout)
    assert session.startswith("__Host-")
    assert csrf.startswith("__Host-")
    assert flags == [True] * 4
    assert seconds >= production.ONE_YEAR_SECONDS
