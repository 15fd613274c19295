"""What a participant sends: reading it, and the fingerprint by which the same answers are known again.

Both roads in, the fast lane and the ordinary page, read with these functions, so neither can be laxer than the other.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from anxin.domains.campaigns.contracts import FormRefused, Verdict

BODY_LIMIT = 16 * 1024
LONGEST_FORM = 400
_LONGEST_DECISECONDS = 32_767

Token = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Position = Annotated[int, msgspec.Meta(ge=1, le=99)]
Code = Annotated[int, msgspec.Meta(ge=-32_768, le=32_767)]
Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class SubmissionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """``POST submissions``. ``deciseconds`` are how long each answer took; they may be left out."""

    token: Token = msgspec.field(name="t")
    step: Position
    answers: Annotated[tuple[Code | None, ...], msgspec.Meta(min_length=1, max_length=LONGEST_FORM)]
    answered_at: Aware = msgspec.field(name="at")
    channel: Literal["online", "offline"] = msgspec.field(name="ch")
    deciseconds: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=0)], ...], msgspec.Meta(max_length=LONGEST_FORM)
    ] = msgspec.field(name="ds", default=())


class SignalForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """``POST critical``: one answer that asks for a person now. ``item`` is its number on the form."""

    token: Token = msgspec.field(name="t")
    step: Position
    item: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,20}\Z")]
    code: Code
    answered_at: Aware = msgspec.field(name="at")
    late: bool = False


_submission = msgspec.json.Decoder(SubmissionForm)
_signal = msgspec.json.Decoder(SignalForm)
_encode = msgspec.json.Encoder().encode


def read_submission(body: bytes) -> SubmissionForm:
    """Raises ``FormRefused`` for a body that is not JSON, or has a field missing, unknown or of the wrong kind."""
    try:
        return _submission.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise FormRefused(Verdict.BAD_FORM) from None


def read_signal(body: bytes) -> SignalForm:
    """Raises ``FormRefused`` for a body that is not JSON, or has a field missing, unknown or of the wrong kind."""
    try:
        return _signal.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise FormRefused(Verdict.BAD_FORM) from None


def answers_digest(answers: Sequence[int | None]) -> bytes:
    """Equal for equal answers, whenever, however fast and by whichever road they came."""
    return hashlib.sha256(_encode(answers)).digest()


def kept_deciseconds(deciseconds: tuple[int, ...]) -> tuple[int, ...]:
    """As the column holds them. Somebody who left the page open for an hour has still answered."""
    if deciseconds and max(deciseconds) > _LONGEST_DECISECONDS:
        return tuple(min(one, _LONGEST_DECISECONDS) for one in deciseconds)
    return deciseconds
