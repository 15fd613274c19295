"""Files that lie encrypted on disk: written once in a stream, read again in a stream, in bounded memory.

AES-256-GCM by pieces of 64 KiB under a key of the file's own, derived from the current field key and a random salt.
Each piece is bound to its place, and the last one says that it is the last: a file that was cut short, or whose pieces
were put in another order, is not read to its end.
"""

import base64
import hashlib
import hmac
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anxin.kernel.crypto import UnreadableCiphertext
from anxin.kernel.keyring import keys

_MAGIC = b"ANXF1"
_PIECE = 64 * 1024
_SALT_BYTES = 32
_HEAD = struct.Struct(">5sB32s")
_PLACE = struct.Struct(">xxxQB")


class TooLarge(Exception):
    """More came than was allowed; nothing is kept."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was written: its plain size and digest."""

    size: int
    sha256: str


def write(path: Path, chunks: Iterable[bytes], *, limit: int) -> Sealed:
    """Seal ``chunks`` into ``path``, all or nothing. Raises :class:`TooLarge` beyond ``limit`` plain bytes."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    digest, size = hashlib.sha256(), 0
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            version, salt = keys().field_current, os.urandom(_SALT_BYTES)
            cipher = _cipher(version, salt)
            file.write(_HEAD.pack(_MAGIC, int(version), salt))
            place, waiting = 0, bytearray()
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                digest.update(chunk)
                waiting += chunk
                while len(waiting) > _PIECE:
                    file.write(_sealed(cipher, place, bytes(waiting[:_PIECE]), is_last=False))
                    del waiting[:_PIECE]
                    place += 1
            file.write(_sealed(cipher, place, bytes(waiting), is_last=True))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Sealed(size, digest.hexdigest())


def version_of(path: Path) -> str | None:
    """The version of the key that ``path`` was sealed under; None when it is no sealed file."""
    with open(path, "rb") as file:
        head = file.read(_HEAD.size)
    if len(head) < _HEAD.size or not head.startswith(_MAGIC):
        return None
    return str(_HEAD.unpack(head)[1])


def read(path: Path) -> Iterator[bytes]:
    """The plain content in pieces. Raises ``FileNotFoundError`` or :class:`UnreadableCiphertext`."""
    with open(path, "rb") as file:
        try:
            magic, version, salt = _HEAD.unpack(file.read(_HEAD.size))
            cipher = _cipher(str(version), salt)
        except (struct.error, KeyError):
            raise UnreadableCiphertext(path.name) from None
        if magic != _MAGIC:
            raise UnreadableCiphertext(path.name)
        place, sealed = 0, file.read(_PIECE + 16)
        while True:
            following = file.read(_PIECE + 16)
            try:
                yield cipher.decrypt(_PLACE.pack(place, not following), sealed, _MAGIC)
            except InvalidTag as error:
                raise UnreadableCiphertext(path.name) from error
            if not following:
                return
            place, sealed = place + 1, following


def _cipher(version: str, salt: bytes) -> AESGCM:
    key = base64.b64decode(keys().field[version])
    return AESGCM(hmac.new(key, b"sealed-file\x00" + salt, hashlib.sha256).digest())


def _sealed(cipher: AESGCM, place: int, plain: bytes, *, is_last: bool) -> bytes:
    return cipher.encrypt(_PLACE.pack(place, is_last), plain, _MAGIC)
