"""Changing the keys in the secret file: one more, another one in use, one less."""

from pathlib import Path
from typing import Any

from anxin.platform.errors import PlatformError
from anxin.platform.secrets import change, keys_from_environment, new_index_key, new_key

FIELD, INDEX, SCOPE = "field", "index", "scope"
_MAKERS = {FIELD: new_key, INDEX: new_index_key, SCOPE: new_key}


def add_key(path: Path, kind: str) -> str:
    """A further key, not in use yet; its version."""
    with _changing(path) as found:
        held: dict[str, str] = found[f"{kind}_keys"]
        version = str(max(int(one) for one in held) + 1)
        held[version] = _MAKERS[kind]()
    return version


def use_newest(path: Path, kind: str) -> str:
    """Make new values with the newest key from now on; its version."""
    with _changing(path) as found:
        version: str = max(found[f"{kind}_keys"], key=int)
        found[f"{kind}_key_current"] = version
    return version


def drop_key(path: Path, version: str) -> None:
    """Take a key of the columns out of the file. Whoever calls has made sure that nothing needs it."""
    with _changing(path) as found:
        if version == found["field_key_current"]:
            raise PlatformError(f"Key {version} is the one in use; make another one current first.")
        if found["field_keys"].pop(version, None) is None:
            raise PlatformError(f"There is no key {version}.")


def _changing(path: Path) -> Any:
    if keys_from_environment():
        raise PlatformError(
            "The keys are handed in by the environment; change them where they come from, and start Anxin again."
        )
    return change(path)
