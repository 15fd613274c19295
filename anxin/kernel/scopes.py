"""The signed scope: who a transaction acts for, in words that only the house can write.

Row-level security believes ``anxin.scope`` only with a MAC over it. The key is held by the processes of the house and
by one table that no role which serves requests can read (``migrations/0004_signed_scope.py``), so SQL that somebody
slips in, or types with the app's own password, cannot write a scope. The MAC covers the backend and the moment at which
its transaction began, so that a scope overheard in one transaction opens nothing in any other, and a time after which
it opens nothing at all. That time is counted by the database's clock: ours may be simulated.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from anxin.kernel.actor import Actor, ActorKind
from anxin.platform import secrets
from anxin.platform.errors import PlatformError

SETTING = "anxin.scope"
# Names among the paths of a scope: what is watched over (the ledgers and the trail), and who acts.
WATCH, SELF = "watch:", "self:"
# Longer than any request, shorter than a night: what a unit of work may take before it has to be opened anew.
LASTING_SECONDS = 15 * 60
# What both sides take as the name of a transaction; sent together with BEGIN, for it costs no number of its own.
STAMP_QUERY = "SELECT pg_backend_pid()::text || ' ' || extract(epoch FROM now())::text"
_KEPT_VERSIONS = 2
_BLOCK = 64
_INNER, _OUTER = 0x36, 0x5C
_learnt: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """The name of a running transaction: its backend, and when it began by the database's clock."""

    text: str
    heard_at: float

    @classmethod
    def of(cls, answer: str) -> "Stamp":
        """From the answer to ``STAMP_QUERY``, now."""
        return cls(answer, time.monotonic())

    def expiry(self, lasting_seconds: float) -> int:
        """When a scope that is signed now ends, by the database's clock."""
        began = float(self.text.partition(" ")[2])
        return int(began + max(0.0, time.monotonic() - self.heard_at) + lasting_seconds)


def written(actor: Actor, stamp: Stamp, *, lasting_seconds: float = LASTING_SECONDS) -> str:
    """The value of ``anxin.scope`` for ``actor`` in the transaction ``stamp``."""
    residents = ",".join(str(one) for one in _residents(actor))
    names = _names(actor)
    version, key = _signing_key()
    parts = (version, actor.kind.value, residents, ",".join(names), str(stamp.expiry(lasting_seconds)))
    if any("|" in part for part in parts) or any("," in name for name in names):
        raise ValueError("a scope is made of paths and numbers")
    return "|".join((*parts, _mac("|".join((*parts, stamp.text)), key)))


def learn_newer_key() -> bool:
    """Read the secret file again; whether it names another key than this process has been signing with.

    So a change of keys asks nobody to start again, however long a process has been running.
    """
    global _learnt
    if not settings.ANXIN_KEY_FILE:
        return False
    try:
        found = secrets.read(Path(settings.ANXIN_KEY_FILE))
        version = found["scope_key_current"]
        fresh = (version, found["scope_keys"][version])
    except (KeyError, PlatformError):
        return False
    is_newer, _learnt = fresh != _signing_key(), fresh
    return is_newer


def _signing_key() -> tuple[str, str]:
    version = settings.ANXIN_SCOPE_KEY_CURRENT
    return _learnt or (version, settings.ANXIN_SCOPE_KEYS[version])


def _names(actor: Actor) -> tuple[str, ...]:
    """The nodes, and the names in the ledgers: whoever acts is shown what they did, and a person also what was
    done about them.
    """
    own = tuple(SELF + uid for uid in actor.own_uids)
    if not actor.is_staff:
        return own
    return (*actor.identified_paths, *(WATCH + path for path in actor.watched_paths), *own)


def _residents(actor: Actor) -> tuple[int, ...]:
    if actor.kind is ActorKind.RESIDENT:
        return (actor.resident_id,) if actor.resident_id else ()
    return actor.opened_residents if actor.is_staff else ()


def _mac(message: str, key: str) -> str:
    return hmac.digest(_key(key), message.encode(), "sha256").hex()


@lru_cache(maxsize=8)
def _key(encoded: str) -> bytes:
    return base64.b64decode(encoded)


def rows_for_the_database(keys: Mapping[str, str]) -> list[tuple[str, bytes, bytes]]:
    """What the database has to know of the newest two keys: version, and the two padded keys of RFC 2104.

    Two, so that processes which started before a change of keys go on working.
    """
    newest = sorted(keys, key=int)[-_KEPT_VERSIONS:]
    return [(version, *_padded(_key(keys[version]))) for version in newest]


def _padded(key: bytes) -> tuple[bytes, bytes]:
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    return bytes(byte ^ _INNER for byte in block), bytes(byte ^ _OUTER for byte in block)
