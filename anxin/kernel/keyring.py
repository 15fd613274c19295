"""The keys of this moment: those of the key file, read again when it changed; where there is none, of the settings.

A key that was added while the service runs is so known to every process before the first value is sealed with it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from anxin.platform import secrets
from anxin.platform.errors import PlatformError


@dataclass(frozen=True, slots=True)
class Keys:
    """Versions and keys of sealed columns and of blind indexes."""

    field: Mapping[str, str]
    field_current: str
    index: Mapping[str, str]
    index_current: str


_read: tuple[str, int, Keys] | None = None


def keys() -> Keys:
    """What to seal and open with now."""
    path = settings.ANXIN_KEY_FILE
    if not path:
        return Keys(
            settings.ANXIN_FIELD_KEYS,
            settings.ANXIN_FIELD_KEY_CURRENT,
            settings.ANXIN_INDEX_KEYS,
            settings.ANXIN_INDEX_KEY_CURRENT,
        )
    return _of_file(path)


def _of_file(path: str) -> Keys:
    global _read
    known = _read if _read is not None and _read[0] == path else None
    try:
        changed_at = os.stat(path).st_mtime_ns
        if known is not None and known[1] == changed_at:
            return known[2]
        found = secrets.read(Path(path))
        fresh = Keys(
            found["field_keys"], found["field_key_current"], found["index_keys"], found["index_key_current"]
        )
    except (OSError, KeyError, PlatformError):
        # A file that vanished or was damaged under a running service must not stop it: it has the keys it started with.
        if known is not None:
            return known[2]
        raise
    _read = (path, changed_at, fresh)
    return fresh
