"""Sealing a stream with a passphrase: scrypt makes the key, AES-256-GCM seals pieces of 64 KiB.

Each piece is bound to its place and the last one says that it is the last, so a file that was cut short or
rearranged is not read to its end.
"""

import hashlib
import os
import struct
from collections.abc import Iterator
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anxin.platform.errors import PlatformError

_MAGIC = b"ANXP1"
_HEAD = struct.Struct(">5sB16s")
_PLACE = struct.Struct(">xxxQB")
_PIECE, _TAG = 64 * 1024, 16
_LOG_N = 15  # 32 MB and about a tenth of a second for one guess


class Sink(Protocol):
    """Whatever bytes can be written to."""

    def write(self, data: bytes, /) -> object:
        """Take ``data``."""


class Sealer:
    """Bytes written here arrive sealed in ``file``; :meth:`finish` says that there are no more."""

    def __init__(self, file: Sink, passphrase: str) -> None:
        salt = os.urandom(16)
        self._file, self._cipher = file, _cipher(passphrase, salt, _LOG_N)
        self._place, self._waiting = 0, bytearray()
        file.write(_HEAD.pack(_MAGIC, _LOG_N, salt))

    def write(self, data: bytes, /) -> None:
        """Seal what makes whole pieces; the last one is held back."""
        self._waiting += data
        while len(self._waiting) > _PIECE:
            self._put(bytes(self._waiting[:_PIECE]), is_last=False)
            del self._waiting[:_PIECE]

    def finish(self) -> None:
        """Seal the last piece as such."""
        self._put(bytes(self._waiting), is_last=True)

    def _put(self, plain: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_PLACE.pack(self._place, is_last), plain, _MAGIC))
        self._place += 1


def opened(file: IO[bytes], passphrase: str) -> Iterator[bytes]:
    """The plain content in pieces. Raises :class:`PlatformError` for a wrong passphrase and for an altered file."""
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size or not head.startswith(_MAGIC):
        raise PlatformError("This is not a file that was sealed with a passphrase.")
    _, log_n, salt = _HEAD.unpack(head)
    if not 10 <= log_n <= 20:
        raise PlatformError("The head of the sealed file was altered.")
    cipher = _cipher(passphrase, salt, log_n)
    place, sealed = 0, _exactly(file, _PIECE + _TAG)
    while True:
        following = _exactly(file, _PIECE + _TAG)
        try:
            yield cipher.decrypt(_PLACE.pack(place, not following), sealed, _MAGIC)
        except InvalidTag:
            what = (
                "The passphrase is wrong, or the file was altered or"
                if place == 0
                else "The file was altered or"
            )
            raise PlatformError(f"{what} cut short.") from None
        if not following:
            return
        place, sealed = place + 1, following


def _exactly(file: IO[bytes], size: int) -> bytes:
    """``size`` bytes unless the file ends; a stream may give less at a time."""
    held = bytearray()
    while len(held) < size:
        more = file.read(size - len(held))
        if not more:
            break
        held += more
    return bytes(held)


def _cipher(passphrase: str, salt: bytes, log_n: int) -> AESGCM:
    key = hashlib.scrypt(
        passphrase.encode(), salt=salt, n=1 << log_n, r=8, p=1, maxmem=256 * (1 << log_n) * 8, dklen=32
    )
    return AESGCM(key)
