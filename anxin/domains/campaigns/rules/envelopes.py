"""Sealed envelopes: what a device without a network keeps can be opened by the campaign's key only, not by the device.

A fresh AES-256-GCM key for each envelope, itself sealed with RSA-OAEP (SHA-256): what every browser's WebCrypto offers
since 2017. The additional data ties an envelope to its campaign, so it cannot be sent to another one.
"""

import base64
import binascii
import os
from typing import Annotated, Any, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from anxin.domains.campaigns.contracts import ENVELOPE_LIMIT, FormRefused, Verdict

KEY_BITS = 2048
_NONCE_BYTES = 12
_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``c`` names the campaign, ``k`` is the sealed key, ``n`` the nonce, ``d`` the content; all base64."""

    campaign_uid: Annotated[str, msgspec.Meta(max_length=36)] = msgspec.field(name="c")
    key: Annotated[str, msgspec.Meta(max_length=1024)] = msgspec.field(name="k")
    nonce: Annotated[str, msgspec.Meta(max_length=32)] = msgspec.field(name="n")
    content: Annotated[str, msgspec.Meta(max_length=ENVELOPE_LIMIT)] = msgspec.field(name="d")


class Letter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is inside: which kind of sending, and its body as it would have gone over the network."""

    kind: Literal["form", "signal"]
    body: msgspec.Raw


_envelope = msgspec.json.Decoder(Envelope)
_letter = msgspec.json.Decoder(Letter)


def make_key() -> tuple[str, str]:
    """A new pair: the private key as PEM, the public one as base64 of its SubjectPublicKeyInfo."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode(), base64.b64encode(public).decode()


def read_envelope(body: bytes) -> Envelope:
    """Raises ``FormRefused`` for anything that is no envelope."""
    try:
        return _envelope.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise FormRefused(Verdict.BAD_FORM) from None


def open_envelope(envelope: Envelope, *, private_pem: str) -> Letter:
    """What is inside. Raises ``FormRefused`` when it was sealed for another campaign or changed on the way."""
    private: Any = serialization.load_pem_private_key(private_pem.encode(), password=None)
    try:
        key = private.decrypt(_bytes(envelope.key), _OAEP)
        plain = AESGCM(key).decrypt(
            _bytes(envelope.nonce), _bytes(envelope.content), envelope.campaign_uid.encode()
        )
        return _letter.decode(plain)
    except (ValueError, InvalidTag, msgspec.MsgspecError):
        raise FormRefused(Verdict.BAD_FORM) from None


def seal_letter(letter: bytes, *, campaign_uid: str, public_base64: str) -> bytes:
    """What the page does in the browser; here for the tools that stand in for one."""
    public: Any = serialization.load_der_public_key(base64.b64decode(public_base64))
    key, nonce = AESGCM.generate_key(bit_length=256), os.urandom(_NONCE_BYTES)
    content = AESGCM(key).encrypt(nonce, letter, campaign_uid.encode())
    parts = {"k": public.encrypt(key, _OAEP), "n": nonce, "d": content}
    coded = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    return msgspec.json.encode({"c": campaign_uid, **coded})


def _bytes(coded: str) -> bytes:
    try:
        return base64.b64decode(coded, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
