"""Calls between us and somebody else's server, signed with a secret both sides hold.

HMAC-SHA256 in hex over three lines: the Unix second, the address without the host, and the SHA-256 of the body. The
time is signed too, so an old call is not believed; that a call is not taken twice is up to whoever takes it.
"""

import hashlib
import hmac
from datetime import timedelta

from anxin.kernel import clock

TIMESTAMP_HEADER, SIGNATURE_HEADER = "X-Anxin-Timestamp", "X-Anxin-Signature"
WINDOW = timedelta(minutes=5)
_LONGEST_TIMESTAMP = 12


def signature_of(secret: str, timestamp: str, path: str, body: bytes) -> str:
    """What whoever holds ``secret`` writes under these bytes for this address."""
    message = "\n".join((timestamp, path, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def signed_headers(secret: str, path: str, body: bytes) -> dict[str, str]:
    """The headers that make a call of ours believable now."""
    timestamp = str(int(clock.now().timestamp()))
    return {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature_of(secret, timestamp, path, body)}


def is_signed(*, secret: str, timestamp: str, path: str, body: bytes, signature: str) -> bool:
    """Whether these bytes were signed for this address within the last minutes. No secret, nobody is believed."""
    if (
        not secret
        or not timestamp.isascii()
        or not timestamp.isdecimal()
        or len(timestamp) > _LONGEST_TIMESTAMP
    ):
        return False
    if abs(clock.now().timestamp() - int(timestamp)) > WINDOW.total_seconds():
        return False
    return hmac.compare_digest(signature_of(secret, timestamp, path, body).encode(), signature.encode())
