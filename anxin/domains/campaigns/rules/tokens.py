"""The participant's token: who, in which campaign, until when; signed, so that no table has to be asked.

It is 33 bytes, 44 characters, short enough for a coarse QR code. The content is hidden as well as signed (the
synthetic-IV construction: the signature is the nonce of the mask), because a token stands in an address and no
database id may. Deterministic: printing a sheet twice prints the same codes.
"""

import base64
import binascii
import hmac
import struct
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

KEY_PURPOSE = "campaigns.participant_token"  # of kernel.crypto.purpose_key
FORMAT = 1
TOKEN_CHARACTERS = 44
_BODY = struct.Struct(">IHIHI")  # campaign, participant (high and low part), version, expiry in seconds
_MAC_BYTES = 16
_PARTICIPANT_LIMIT = 1 << 48
_BLOCK = 64
_PLAIN = bytes.maketrans(b"-_+/", b"+/!!")  # the alphabet of addresses to that of base64, and no other one


class BadToken(Exception):
    """The token opens nothing: ``malformed``, ``forged`` or ``expired``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ParticipantToken(msgspec.Struct, frozen=True, gc=False):
    """What a good token says. Whether ``version`` is still the participant's is for the database to answer."""

    campaign_id: int
    participant_id: int
    version: int
    expires: int

    @property
    def expires_at(self) -> datetime:
        """The end of it; the token keeps whole seconds."""
        return datetime.fromtimestamp(self.expires, UTC)


def make_token(
    *, key: bytes, campaign_id: int, participant_id: int, version: int, expires_at: datetime
) -> str:
    """The token as it is printed or sent. Fractions of a second of ``expires_at`` are dropped."""
    if not 0 < participant_id < _PARTICIPANT_LIMIT:
        raise ValueError("participant id out of range")
    high, low = divmod(participant_id, 1 << 32)
    body = _BODY.pack(campaign_id, high, low, version, int(expires_at.timestamp()))
    signature = _signature(key, body)
    raw = bytes([FORMAT]) + signature + _masked(key, signature, body)
    return base64.urlsafe_b64encode(raw).decode("ascii")


def read_token(token: str, *, key: bytes, now: datetime) -> ParticipantToken:
    """What ``token`` says. Raises :class:`BadToken`."""
    try:
        raw = binascii.a2b_base64(token.encode("ascii").translate(_PLAIN), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        raise BadToken("malformed") from None
    if len(token) != TOKEN_CHARACTERS or raw[0] != FORMAT:
        raise BadToken("malformed")
    signature = raw[1 : 1 + _MAC_BYTES]
    body = _masked(key, signature, raw[1 + _MAC_BYTES :])
    if not hmac.compare_digest(signature, _signature(key, body)):
        raise BadToken("forged")
    campaign_id, high, low, version, expires = _BODY.unpack(body)
    if expires <= now.timestamp():
        raise BadToken("expired")
    return ParticipantToken(campaign_id, (high << 32) | low, version, expires)


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> tuple[Any, Any]:
    """The two halves of HMAC (RFC 2104) with the key worked in: a copy of each is half the price of starting anew."""
    padded = key.ljust(_BLOCK, b"\0")
    if len(padded) > _BLOCK:
        raise ValueError("the key is longer than a block")
    return sha256(bytes(one ^ 0x36 for one in padded)), sha256(bytes(one ^ 0x5C for one in padded))


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256."""
    inner, outer = _keyed(key)
    inside, outside = inner.copy(), outer.copy()
    inside.update(message)
    outside.update(inside.digest())
    digest: bytes = outside.digest()
    return digest


def _signature(key: bytes, body: bytes) -> bytes:
    return hmac_sha256(key, b"sign" + body)[:_MAC_BYTES]


def _masked(key: bytes, signature: bytes, body: bytes) -> bytes:
    mask = hmac_sha256(key, b"mask" + signature)[: _BODY.size]
    return (int.from_bytes(body, "big") ^ int.from_bytes(mask, "big")).to_bytes(_BODY.size, "big")
