"""The list of what is in a backup, and the list of the keys it needs."""

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from anxin.platform.backup.inventory import Inventory
from anxin.platform.errors import PlatformError

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One stored part: its size and digest as it lies in the file, and whether a passphrase seals it."""

    size: int
    sha256: str
    sealed: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a restore is compared with."""

    installation: str
    inventory: Inventory
    parts: dict[str, Part]
    format: int = FORMAT
    signature: str = field(default="", compare=False)

    def written(self, key: bytes) -> bytes:
        """As JSON, signed by the installation: nobody without its keys can alter the list and the parts together."""
        content = self._content()
        content["signature"] = _signature(content, key)
        return json.dumps(content, indent=1, sort_keys=True).encode()

    def is_signed_with(self, key: bytes) -> bool:
        """Whether the installation that has ``key`` wrote this."""
        return hmac.compare_digest(self.signature, _signature(self._content(), key))

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Raises :class:`PlatformError` for anything that is not such a list."""
        try:
            content = json.loads(text)
            if content["format"] != FORMAT:
                raise PlatformError(
                    f"The backup has format {content['format']!r}; this version reads {FORMAT}."
                )
            held = dict(content["inventory"])
            held["migrations"], held["roles"] = tuple(held["migrations"]), tuple(held["roles"])
            return cls(
                installation=str(content["installation"]),
                inventory=Inventory(**held),
                parts={name: Part(**part) for name, part in content["parts"].items()},
                signature=str(content["signature"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise PlatformError("The list inside the backup is damaged.") from None

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        del content["signature"]
        return content


def _signature(content: dict[str, Any], key: bytes) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def signing_key(secrets: dict[str, Any]) -> bytes:
    """Derived for this one purpose from what the installation knows and its database does not."""
    return hmac.new(
        str(secrets["django_secret_key"]).encode(), b"purpose-key\x00backup-list", hashlib.sha256
    ).digest()


def fingerprints(secrets: dict[str, Any]) -> dict[str, str]:
    """Each key of the columns and indexes by a short digest that gives nothing of it away."""
    found = {}
    for name in ("field_keys", "index_keys"):
        for version, key in (secrets.get(name) or {}).items():
            found[f"{name}.{version}"] = _fingerprint(str(key))
    for name in ("index_key", "token_key"):
        if secrets.get(name):
            found[name] = _fingerprint(str(secrets[name]))
    return found


def _fingerprint(key: str) -> str:
    """Keys are 32 random bytes, so a digest of one cannot be tried out."""
    try:
        raw = base64.b64decode(key.rpartition(":")[2], validate=True)
    except ValueError:
        raw = key.encode()
    return hashlib.sha256(b"anxin-key-fingerprint\x00" + raw).hexdigest()[:16]


def missing_keys(needed: dict[str, str], secrets: dict[str, Any]) -> list[str]:
    """The keys of ``needed`` that ``secrets`` lacks or has otherwise."""
    here = fingerprints(secrets)
    return sorted(name for name, fingerprint in needed.items() if here.get(name) != fingerprint)
