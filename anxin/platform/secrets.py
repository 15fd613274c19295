"""Keys and passwords of one installation, in one file that only its owner can read.

The file is made at the first start. Losing ``field_keys`` means losing every encrypted value, so a damaged
file is reported and never replaced.
"""

import base64
import fcntl
import json
import os
import secrets
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict, cast

from anxin.platform.errors import PlatformError

DATABASE_ROLES = ("postgres", "anxin_owner", "anxin_app", "anxin_worker", "anxin_intake")


class Secrets(TypedDict):
    """The content of the file."""

    installation: str
    django_secret_key: str
    field_keys: dict[str, str]
    field_key_current: str
    index_key: str
    database_passwords: dict[str, str]


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


_MAKERS: dict[str, Callable[[], Any]] = {
    "installation": lambda: str(uuid.uuid4()),
    "django_secret_key": lambda: secrets.token_urlsafe(50),
    "field_keys": lambda: {"1": _key()},
    "field_key_current": lambda: "1",
    "index_key": _key,
    "database_passwords": lambda: {role: secrets.token_urlsafe(24) for role in DATABASE_ROLES},
}


def secret_file(state_dir: Path) -> Path:
    """The file for ``state_dir``; ``ANXIN_SECRET_FILE`` names another."""
    named = os.environ.get("ANXIN_SECRET_FILE")
    return Path(named) if named else state_dir / "secrets.json"


def load_or_create(state_dir: Path) -> Secrets:
    """The secrets of this installation. What is missing is made and kept; what is there is never changed."""
    path = secret_file(Path(state_dir))
    found = _read(path)
    if not _missing(found):
        return cast(Secrets, found)
    with _sole_writer(path):
        found = _read(path)
        for name in _missing(found):
            found[name] = _MAKERS[name]()
        _write(path, found)
    return cast(Secrets, found)


def _missing(found: dict[str, Any]) -> list[str]:
    return [name for name in _MAKERS if name not in found]


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        found = json.loads(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PlatformError(
            f"Cannot read {path} ({error.strerror}); it must belong to the user who starts Anxin."
        ) from None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise PlatformError(
            f"{path} is damaged; put back a copy of it, or remove it and lose every encrypted value in "
            f"the database."
        )
    return found


@contextmanager
def _sole_writer(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path.with_suffix(".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise PlatformError(f"Cannot write {path} ({error.strerror}).") from None


def _write(path: Path, content: dict[str, Any]) -> None:
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
