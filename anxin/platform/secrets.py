"""Keys and passwords of one installation, in one file that only its owner can read.

The file is made at the first start. Losing ``field_keys`` means losing every encrypted value, so a damaged
file is reported and never replaced. Keys may come from the environment instead (``ANXIN_FIELD_KEYS`` and its
neighbours, as a vault hands them out): those are used as they are and never written down here.
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

INDEX_HASHES = ("sha256", "sm3")
DATABASE_ROLES = ("postgres", "anxin_owner", "anxin_app", "anxin_worker", "anxin_intake")


class Secrets(TypedDict):
    """The content of the file."""

    installation: str
    django_secret_key: str
    field_keys: dict[str, str]
    field_key_current: str
    index_keys: dict[str, str]
    index_key_current: str
    token_key: str
    scope_keys: dict[str, str]
    scope_key_current: str
    database_passwords: dict[str, str]


def new_key() -> str:
    """32 random bytes, written down."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def new_index_key() -> str:
    """A key for blind indexes; it carries its hash with it, because a stored index cannot be made anew by another."""
    hash_name = os.environ.get("ANXIN_INDEX_HASH", "sha256")
    if hash_name not in INDEX_HASHES:
        raise PlatformError(f"ANXIN_INDEX_HASH is {hash_name}; it can be {' or '.join(INDEX_HASHES)}.")
    return new_key() if hash_name == "sha256" else f"{hash_name}:{new_key()}"


_MAKERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "installation": lambda found: str(uuid.uuid4()),
    "django_secret_key": lambda found: secrets.token_urlsafe(50),
    "field_keys": lambda found: {"1": new_key()},
    "field_key_current": lambda found: "1",
    # files of early installations hold one index_key, which also made the tokens
    "index_keys": lambda found: {"1": found.get("index_key") or new_index_key()},
    "index_key_current": lambda found: "1",
    "token_key": lambda found: found.get("index_key") or new_key(),
    "scope_keys": lambda found: {"1": new_key()},
    "scope_key_current": lambda found: "1",
    "database_passwords": lambda found: {role: secrets.token_urlsafe(24) for role in DATABASE_ROLES},
}
# Read as JSON where the value is a table of versions.
_FROM_ENVIRONMENT = {
    "field_keys": "ANXIN_FIELD_KEYS",
    "field_key_current": "ANXIN_FIELD_KEY_CURRENT",
    "index_keys": "ANXIN_INDEX_KEYS",
    "index_key_current": "ANXIN_INDEX_KEY_CURRENT",
    "token_key": "ANXIN_TOKEN_KEY",
    "scope_keys": "ANXIN_SCOPE_KEYS",
    "scope_key_current": "ANXIN_SCOPE_KEY_CURRENT",
}


def secret_file(state_dir: Path) -> Path:
    """The file for ``state_dir``; ``ANXIN_SECRET_FILE`` names another."""
    named = os.environ.get("ANXIN_SECRET_FILE")
    return Path(named) if named else state_dir / "secrets.json"


def load_or_create(state_dir: Path) -> Secrets:
    """The secrets of this installation. What is missing is made and kept; what is there is never changed."""
    path = secret_file(Path(state_dir))
    given = _from_environment()
    found = read(path)
    if _missing(found, given):
        with change(path) as found:
            for name in _missing(found, given):
                found[name] = _MAKERS[name](found)
    return cast(Secrets, found | given)


def mark_as_demo(state_dir: Path) -> None:
    """Say in the file that a demo used these keys, so that production refuses them."""
    load_or_create(state_dir)
    path = secret_file(state_dir)
    if not read(path).get("made_for_demo"):
        with change(path) as found:
            found["made_for_demo"] = True


def keys_from_environment() -> bool:
    """Whether the keys of the columns are handed in from outside, and are not ours to change."""
    return bool(_from_environment())


@contextmanager
def change(path: Path) -> Iterator[dict[str, Any]]:
    """The content of the file, to be altered in the block by one process at a time; kept when the block ends well."""
    with _sole_writer(path):
        found = read(path)
        yield found
        _write(path, found)


def _from_environment() -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, variable in _FROM_ENVIRONMENT.items():
        text = os.environ.get(variable, "")
        if not text:
            continue
        try:
            given[name] = json.loads(text) if name.endswith("_keys") else text
        except ValueError:
            given[name] = None
        if name.endswith("_keys") and not isinstance(given[name], dict):
            raise PlatformError(f'{variable} has to be JSON such as {{"1": "<32 bytes in base64>"}}.')
    for kind in ("field", "index", "scope"):
        if (f"{kind}_keys" in given) != (f"{kind}_key_current" in given):
            raise PlatformError(
                f"ANXIN_{kind.upper()}_KEYS and ANXIN_{kind.upper()}_KEY_CURRENT go together."
            )
    return given


def _missing(found: dict[str, Any], given: dict[str, Any]) -> list[str]:
    return [name for name in _MAKERS if name not in found and name not in given]


def read(path: Path) -> dict[str, Any]:
    """What the file says; nothing when there is none. Raises ``PlatformError`` when it is damaged."""
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
