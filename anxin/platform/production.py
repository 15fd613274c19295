"""What must not be so where real people are served. Looked at before web or worker start; each refusal is one line.

A demo may do all of this: its people are invented.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg

from anxin.platform import paths
from anxin.platform.errors import PlatformError
from anxin.platform.secrets import read, secret_file

ONE_YEAR_SECONDS = 31_536_000
_NULL = "Null"


def demand_safe_files(state: Path, environ: Mapping[str, str]) -> None:
    """Before any key is read. Raises :class:`PlatformError`."""
    _demand(_file_refusals(secret_file(state), environ))


def demand_safe_settings(settings: Any) -> None:
    """Once the settings are complete, whatever module they come from. Raises :class:`PlatformError`."""
    _demand(_settings_refusals(settings))


def demand_safe_login(url: str, *, role: str = "") -> None:
    """The login a process serves with: what it could do if somebody took it over. Raises :class:`PlatformError`."""
    try:
        with psycopg.connect(
            url, connect_timeout=10, options=f"-c role={role}" if role else ""
        ) as connection:
            row = connection.execute(_LOGIN).fetchone()
    except psycopg.Error as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise PlatformError(f"Cannot work with the database: {reason}") from None
    _demand(_login_refusals(*(row or ("", False, False, False))))


def mark_of_demo(secrets: Mapping[str, Any]) -> bool:
    """Whether a demo made these keys: it prints, logs and shows what must stay secret elsewhere."""
    return bool(secrets.get("made_for_demo"))


def _demand(refusals: Iterator[str]) -> None:
    for line in refusals:
        raise PlatformError(f"Not safe for production: {line}")


def _file_refusals(path: Path, environ: Mapping[str, str]) -> Iterator[str]:
    if environ.get("ANXIN_CLOCK_FILE"):
        yield "ANXIN_CLOCK_FILE sets a simulated clock; unset it."
    if path.resolve().is_relative_to(paths.checkout()):
        yield (
            f"the keys lie inside the checkout ({paths.shown(path)}); name a file outside it in ANXIN_SECRET_FILE, "
            "or a folder in ANXIN_STATE_DIR."
        )
    if not path.exists():
        return
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077:
        yield f"other users can read the keys in {path}; chmod 600 it, and change the keys if it was so for long."
    if found.st_uid not in (0, os.geteuid()):
        yield f"the keys in {path} belong to another user, who can change them."
    if mark_of_demo(read(path)):
        yield f"the keys in {path} were made for a demo; name another file in ANXIN_SECRET_FILE."


def _settings_refusals(settings: Any) -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on; it shows settings and data to whoever meets an error."
    if settings.ANXIN_DEMO or settings.ANXIN_DEMO_PERSONAS:
        yield "one-click sign-ins are on (ANXIN_DEMO, ANXIN_DEMO_PERSONAS)."
    for name in dir(settings):
        if name.startswith("ANXIN_") and name.endswith("_GATEWAY"):
            chosen = str(getattr(settings, name) or "")
            if not chosen or chosen.rpartition(".")[2].startswith(_NULL):
                yield f"{name} is a null gateway, which sends nothing; name one of yours."
    if any(host == "*" or host == "." for host in settings.ALLOWED_HOSTS):
        yield "ANXIN_HOSTS allows every host name; name those of the service."
    for name in (
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
    ):
        if not getattr(settings, name):
            yield f"{name} is off; everything goes over HTTPS only."
    if settings.SECURE_HSTS_SECONDS < ONE_YEAR_SECONDS:
        yield "SECURE_HSTS_SECONDS is less than a year."
    if "csp.middleware.CSPMiddleware" not in settings.MIDDLEWARE or not settings.CONTENT_SECURITY_POLICY:
        yield "there is no content security policy."
    if len(settings.SECRET_KEY) < 50 or settings.SECRET_KEY.startswith("django-insecure"):
        yield "the key of the sessions is too short."


_LOGIN = """
SELECT session_user, r.rolsuper, r.rolbypassrls, EXISTS (
  SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p')
    AND pg_has_role(session_user, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = session_user
"""


def _login_refusals(login: object, is_superuser: object, passes_walls: object, owns: object) -> Iterator[str]:
    how = "see docs/how-to/production-database.md for a login for each role."
    if is_superuser:
        yield f"the login {login} is a superuser of the database server; {how}"
    if passes_walls:
        yield f"the login {login} passes row-level security (BYPASSRLS); {how}"
    if owns:
        yield f"the login {login} owns the tables, or may act as their owner; {how}"
