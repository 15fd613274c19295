"""Encrypted columns and blind indexes.

A sealed value reads ``v1.<base64 nonce+ciphertext>``: a letter for the cipher (``v`` AES-256-GCM, ``s`` SM4-GCM), the
version of the key, the rest. What is configured decides how new values are sealed; old ones stay readable. The table
and column are authenticated with the value, so a sealed name cannot be moved into another column.

A blind index lets an exact value be found without being readable. Its keys form a chain: generation 2 is a keyed hash
of generation 1, so every stored index can be brought to a new key without the value it stands for. A lookup finds a
row whichever generation it is stored in. Keys come from a key file or the environment, never the database.
"""

import base64
import hashlib
import hmac
import os
import re
from functools import lru_cache
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.lookups import Exact, In

from anxin.kernel.keyring import Keys, keys

CIPHERS = {"aes-256-gcm": "v", "sm4-gcm": "s"}
_NONCE, _TAG = 12, 16
_INDEX = re.compile(r"[0-9a-f]{64}|([1-9][0-9]*)\.[0-9a-f]+")
_INDEX_LENGTH = 64


class UnreadableCiphertext(Exception):
    """A stored value could not be opened: wrong key, wrong column, or altered."""


class _Authenticated(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class Sm4Gcm:
    """SM4 in Galois/Counter Mode (GB/T 32907, RFC 8998), with the tag behind the ciphertext like ``AESGCM``."""

    def __init__(self, key: bytes) -> None:
        """``key`` has 16 bytes."""
        self._cipher = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Ciphertext and tag."""
        encryptor = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The plain bytes. Raises ``InvalidTag``."""
        if len(data) < _TAG:
            raise InvalidTag
        decryptor = Cipher(self._cipher, modes.GCM(nonce, data[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-_TAG]) + decryptor.finalize()


@lru_cache(maxsize=32)
def _cipher(letter: str, encoded: str) -> _Authenticated:
    key = base64.b64decode(encoded)
    # A key serves one cipher only: that of SM4 is derived, and half as long.
    return AESGCM(key) if letter == "v" else Sm4Gcm(_keyed_hash("sm3", key, b"sm4-gcm")[:16])


def demand_cipher() -> None:
    """Raise ``ImproperlyConfigured`` unless the configured cipher can be used here."""
    name = settings.ANXIN_FIELD_CIPHER
    if name not in CIPHERS:
        raise ImproperlyConfigured(f"ANXIN_FIELD_CIPHER is {name}; it can be {' or '.join(CIPHERS)}.")
    try:
        _cipher(CIPHERS[name], base64.b64encode(bytes(32)).decode()).encrypt(bytes(_NONCE), b"", b"")
    except UnsupportedAlgorithm:
        raise ImproperlyConfigured(
            f"The OpenSSL of this machine does not know {name}; use another one, or another ANXIN_FIELD_CIPHER."
        ) from None


def sealed_as(held: Keys) -> str:
    """The mark that new values begin with: cipher and key version."""
    return f"{CIPHERS[settings.ANXIN_FIELD_CIPHER]}{held.field_current}"


def seal(plain: str, *, context: str) -> str:
    """``plain`` sealed under the current key; ``context`` names the column it belongs to."""
    held = keys()
    mark, nonce = sealed_as(held), os.urandom(_NONCE)
    cipher = _cipher(mark[0], held.field[held.field_current])
    sealed = cipher.encrypt(nonce, plain.encode(), context.encode())
    return f"{mark}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(stored: str, *, context: str) -> str:
    """The plain text of ``stored``. Raises :class:`UnreadableCiphertext`."""
    mark, _, body = stored.partition(".")
    try:
        raw = base64.b64decode(body)
        if mark[:1] not in CIPHERS.values():
            raise ValueError(mark)
        cipher = _cipher(mark[0], keys().field[mark[1:]])
        return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], context.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise UnreadableCiphertext(context) from error


def _keyed_hash(name: str, key: bytes, message: bytes) -> bytes:
    if name == "sha256":
        return hmac.new(key, message, hashlib.sha256).digest()
    made = HMAC(key, hashes.SM3())
    made.update(message)
    return made.finalize()


def _index_hash(entry: str, message: str) -> str:
    name, _, encoded = entry.rpartition(":")
    return _keyed_hash(name or "sha256", base64.b64decode(encoded), message.encode()).hex()


def blind_index(value: str, *, purpose: str) -> str:
    """A keyed fingerprint of ``value``, 64 characters: equal values match, nothing can be read back."""
    held = keys()
    first = _index_hash(held.index[_generations(held)[0]], f"{purpose}\x00{value}")
    return _climb(first, held, until=held.index_current)[-1]


def index_generation(stored: str) -> str | None:
    """Under which key ``stored`` was made; None when it is no blind index."""
    found = _INDEX.fullmatch(stored) if len(stored) == _INDEX_LENGTH else None
    if found is None:
        return None
    return found.group(1) or "1"


def same_indexes(index: str) -> list[str]:
    """``index`` and what it is called under every later key: all a lookup has to look for."""
    held = keys()
    if index_generation(index) not in held.index:
        return [index]
    return _climb(index, held, until=_generations(held)[-1])


def newest_index(index: str) -> str:
    """``index`` under the newest key, so that two stored ones can be compared."""
    return same_indexes(index)[-1]


def current_index(index: str) -> str:
    """``index`` under the key that new ones are made with."""
    held = keys()
    return _climb(index, held, until=held.index_current)[-1]


def _generations(held: Keys) -> list[str]:
    return sorted(held.index, key=int)


def _climb(index: str, held: Keys, *, until: str) -> list[str]:
    passed = [index]
    for version in _generations(held):
        if int(index_generation(index) or 1) < int(version) <= int(until):
            passed.append(f"{version}.{_index_hash(held.index[version], passed[-1])}"[:_INDEX_LENGTH])
    return passed


@lru_cache(maxsize=64)
def purpose_key(purpose: str) -> bytes:
    """32 bytes for one purpose (signing a kind of token), derived: no further secret to keep, none shared."""
    key = base64.b64decode(settings.ANXIN_TOKEN_KEY.rpartition(":")[2])
    return hmac.new(key, f"purpose-key\x00{purpose}".encode(), hashlib.sha256).digest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # Django is not generic at run time
    """A text column that is sealed in the database and plain in Python. It cannot be searched; keep a blind index."""

    @property
    def context(self) -> str:
        """What a value of this column is authenticated with."""
        return f"{self.model._meta.db_table}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way in. Empty stays empty, so "nothing written" needs no key."""
        plain = super().get_prep_value(value)
        return plain if plain in (None, "") else seal(plain, context=self.context)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Open on the way out."""
        return value if value in (None, "") else unseal(value, context=self.context)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked of a sealed column."""
        if lookup_name not in ("isnull", "exact"):
            raise NotImplementedError(f"{self.name} is encrypted and cannot be searched by {lookup_name}")
        return super().get_lookup(lookup_name)


class BlindIndexField(models.CharField):  # type: ignore[type-arg]
    """A column of blind indexes: found by equality, whichever key a row's index was made with."""

    def deconstruct(self) -> Any:
        """To the database it is a column of characters, and a migration need not know more."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options


@BlindIndexField.register_lookup
class SameIndex(Exact):
    """Equality across keys; with one key it is plain equality."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """``column IN (…)`` while there are several keys."""
        wanted = same_indexes(self.rhs) if isinstance(self.rhs, str) else []
        if len(wanted) < 2:
            return super().as_sql(compiler, connection)
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} IN ({', '.join(['%s'] * len(wanted))})", [*parameters, *wanted]


@BlindIndexField.register_lookup
class AmongIndexes(In):
    """Membership across keys."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        """Widen a plain list; a subquery stays as it is."""
        if isinstance(rhs, list | tuple | set | frozenset | dict):
            rhs = [
                one for index in rhs for one in (same_indexes(index) if isinstance(index, str) else [index])
            ]
        super().__init__(lhs, rhs)
