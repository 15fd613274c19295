"""The participant's token: who, in which campaign, until when; sealed, so that no table has to be asked.

It is 33 bytes, 44 characters, short enough for a coarse QR code. The content is hidden as well as authenticated
(AES-SIV, RFC 5297, with a tag of 128 bits), because a token stands in an address and no database id may. Deterministic:
printing a sheet twice prints the same codes.
"""

import base64
import binascii
import struct
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_PURPOSE = "campaigns.participant_token"  # of kernel.crypto.purpose_key
FORMAT = 1
TOKEN_CHARACTERS = 44
_BODY = struct.Struct(">IHIHI")  # campaign, participant (high and low part), version, expiry in seconds
_PARTICIPANT_LIMIT = 1 << 48
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
    """The token as it is printed or sent, under a key of 32 bytes. Fractions of a second are dropped."""
    if not 0 < participant_id < _PARTICIPANT_LIMIT:
        raise ValueError("participant id out of range")
    high, low = divmod(participant_id, 1 << 32)
    body = _BODY.pack(campaign_id, high, low, version, int(expires_at.timestamp()))
    raw = bytes([FORMAT]) + _cipher(key).encrypt(body, None)
    return base64.urlsafe_b64encode(raw).decode("ascii")


def read_token(token: str, *, key: bytes, now: datetime) -> ParticipantToken:
    """What ``token`` says. Raises :class:`BadToken`."""
    try:
        raw = binascii.a2b_base64(token.encode("ascii").translate(_PLAIN), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        raise BadToken("malformed") from None
    if len(token) != TOKEN_CHARACTERS or raw[0] != FORMAT:
        raise BadToken("malformed")
    try:
        body = _cipher(key).decrypt(raw[1:], None)
    except InvalidTag:
        raise BadToken("forged") from None
    campaign_id, high, low, version, expires = _BODY.unpack(body)
    if expires <= now.timestamp():
        raise BadToken("expired")
    return ParticipantToken(campaign_id, (high << 32) | low, version, expires)


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESSIV:
    return AESSIV(key)
