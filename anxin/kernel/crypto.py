"""Encrypted columns and blind indexes.

A value is sealed with AES-256-GCM under a versioned key: ``v1.<base64 nonce+ciphertext>``; the table and column are
authenticated with it, so a sealed name cannot be moved into another column. A blind index (HMAC-SHA-256 under its own
key) lets an exact value be found without being readable. Keys come from the environment or a key file, never the
database; :mod:`anxin.platform.secrets` makes them.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


class UnreadableCiphertext(Exception):
    """A stored value could not be opened: wrong key, wrong column, or altered."""


@lru_cache(maxsize=16)
def _cipher(encoded: str) -> AESGCM:
    return AESGCM(base64.b64decode(encoded))


def seal(plain: str, *, context: str) -> str:
    """``plain`` sealed under the current key; ``context`` names the column it belongs to."""
    version = settings.ANXIN_FIELD_KEY_CURRENT
    nonce = os.urandom(12)
    sealed = _cipher(settings.ANXIN_FIELD_KEYS[version]).encrypt(nonce, plain.encode(), context.encode())
    return f"v{version}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(stored: str, *, context: str) -> str:
    """The plain text of ``stored``. Raises :class:`UnreadableCiphertext`."""
    version, _, body = stored.partition(".")
    try:
        raw = base64.b64decode(body)
        key = settings.ANXIN_FIELD_KEYS[version.removeprefix("v")]
        return _cipher(key).decrypt(raw[:12], raw[12:], context.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise UnreadableCiphertext(context) from error


def blind_index(value: str, *, purpose: str) -> str:
    """A 64-character keyed fingerprint of ``value``: equal values match, nothing can be read back."""
    key = base64.b64decode(settings.ANXIN_INDEX_KEY)
    return hmac.new(key, f"{purpose}\x00{value}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=64)
def purpose_key(purpose: str) -> bytes:
    """32 bytes for one purpose (signing a kind of token), derived: no further secret to keep, none shared."""
    key = base64.b64decode(settings.ANXIN_INDEX_KEY)
    return hmac.new(key, f"purpose-key\x00{purpose}".encode(), hashlib.sha256).digest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # Django is not generic at run time
    """A text column that is sealed in the database and plain in Python. It cannot be searched; keep a blind index."""

    @property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way in. Empty stays empty, so "nothing written" needs no key."""
        plain = super().get_prep_value(value)
        return plain if plain in (None, "") else seal(plain, context=self._context)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Open on the way out."""
        return value if value in (None, "") else unseal(value, context=self._context)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked of a sealed column."""
        if lookup_name not in ("isnull", "exact"):
            raise NotImplementedError(f"{self.name} is encrypted and cannot be searched by {lookup_name}")
        return super().get_lookup(lookup_name)
