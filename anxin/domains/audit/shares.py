"""A reason in two halves, of which neither says anything alone.

One half is the text under a random pad of its own length and stays in the trail, where nothing may ever change; the
other is the pad, sealed with the key of the house, in a table from which it can be destroyed. So a reason can be
shredded while the digests of the trail, which cover the first half, stay true; and the cipher remains the one that the
house is set to.
"""

import base64
import secrets

from anxin.kernel import crypto

_MARK = "p1."


def split(text: str, *, event_uid: str) -> tuple[str, str]:
    """``text`` as the half for the trail and the half that can be destroyed."""
    plain = text.encode()
    pad = secrets.token_bytes(len(plain))
    sealed = crypto.seal(base64.b64encode(pad).decode(), context=context_of(event_uid))
    return _MARK + base64.b64encode(_under(plain, pad)).decode(), sealed


def join(half: str, sealed: str, *, event_uid: str) -> str:
    """The text again. Raises :class:`~anxin.kernel.crypto.UnreadableCiphertext`."""
    pad = base64.b64decode(crypto.unseal(sealed, context=context_of(event_uid)))
    return _under(base64.b64decode(half.removeprefix(_MARK)), pad).decode()


def _under(text: bytes, pad: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(text, pad, strict=True))


def context_of(event_uid: str) -> str:
    """What the pad of one event is authenticated with."""
    return f"audit.reason:{event_uid}"
