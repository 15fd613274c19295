"""The file. Strict both ways: what it does not know it refuses, so that a copy never loses something silently."""

from datetime import date, datetime

import msgspec

from anxin.kernel.errors import Refused

FORMAT = "anxin-person-file"
VERSION = 1


class NotAPersonFile(Refused):
    """The bytes are no file of this kind; the message names the place."""

    code = "not-a-person-file"
    message = "This is no file of a person's own data: %(why)s"


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the file."""


class Person(_Part):
    """Who they are, as they told us."""

    uid: str
    number: str
    name: str
    phone: str
    born_on: date | None
    sex: str
    safe_hours: str
    place: str
    since: datetime


class Kind(_Part):
    """One kind of data: why it is kept, on what basis, by whom, until when."""

    key: str
    title: str
    why: str
    basis: str
    keeper: str
    until: str


class ConsentLine(_Part):
    """One agreement."""

    uid: str
    purpose: str
    title: str
    data_kinds: list[str]
    recipient: str
    text_version: str
    given_at: datetime
    given_by: str
    child_assented: bool | None
    signed_on: date | None
    withdrawn_at: datetime | None
    withdrawn_by: str


class ActLine(_Part):
    """Something done without an agreement, because the law names the occasion."""

    uid: str
    basis: str
    purpose: str
    recipient: str
    acted_at: datetime
    told_at: datetime | None


class BandLine(_Part):
    """Where a score lies, and by which norms."""

    scale: str
    label: str
    norm_set: str
    population: str
    reference: str


class SittingLine(_Part):
    """One self-test with its answers and scores."""

    uid: str
    instrument: str
    version: str
    language: str
    state: str
    started_at: datetime
    submitted_at: datetime | None
    answers: list[int | None]
    scores: dict[str, float | None]
    bands: list[BandLine]


class AttemptLine(_Part):
    """One try to reach the person."""

    at: datetime
    channel: str
    outcome: str


class CallLine(_Part):
    """Somebody was asked to get in touch."""

    uid: str
    number: str
    unit: str
    raised_at: datetime
    closed_at: datetime | None
    attempts: list[AttemptLine]


class SupportLine(_Part):
    """One support plan: that it exists, not what professionals noted."""

    uid: str
    number: str
    unit: str
    opened_at: datetime
    closed_at: datetime | None


class NoticeLine(_Part):
    """One message sent to the person."""

    uid: str
    text: str
    queued_at: datetime
    sent_at: datetime | None


class RequestLine(_Part):
    """One request about their own data, and the answer."""

    uid: str
    number: str
    kind: str
    state: str
    text: str
    requested_at: datetime
    decided_at: datetime | None
    decision: str
    reason: str


class LookLine(_Part):
    """One line of who did or read what."""

    at: datetime
    who: str
    event: str


class PersonFile(_Part):
    """Everything. ``made_at`` says when it was true."""

    format: str
    version: int
    made_at: datetime
    person: Person
    kinds: list[Kind]
    consents: list[ConsentLine]
    acts_without_consent: list[ActLine]
    sittings: list[SittingLine]
    calls: list[CallLine]
    support: list[SupportLine]
    notices: list[NoticeLine]
    requests: list[RequestLine]
    trail: list[LookLine]


def write_json(file: PersonFile) -> bytes:
    """The file as readable JSON."""
    return msgspec.json.format(msgspec.json.encode(file), indent=1)


def read_json(content: bytes) -> PersonFile:
    """The same file again. Raises :class:`NotAPersonFile`."""
    try:
        file = msgspec.json.decode(content, type=PersonFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotAPersonFile(why=str(error)) from error
    if (file.format, file.version) != (FORMAT, VERSION):
        raise NotAPersonFile(why=f"{file.format} {file.version}")
    return file
