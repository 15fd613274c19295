"""What others may see of the notices room, and what a gateway has to be."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from anxin.domains.audit.contracts import Subject
from anxin.kernel.errors import Refused


class Channel(StrEnum):
    """How a message reaches somebody."""

    IN_APP = "in_app"
    SMS = "sms"


class Lane(StrEnum):
    """Which messages stand in line with which. Who is called to a warning never stands behind a reminder."""

    PROMPT = "prompt"
    ORDINARY = "ordinary"


class Outcome(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class Template:
    """A message in two languages. ``params`` are the only values that may enter it.

    ``secret`` names the one of them that is kept sealed, and only until the message was sent.
    """

    key: str
    params: frozenset[str]
    zh: str
    en: str
    lane: Lane = Lane.PROMPT
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a gateway did with one text. ``gateway`` is shown wherever a reader might think it was really sent."""

    gateway: str
    is_accepted: bool
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class UnreadNotice:
    """One line of a person's list."""

    uid: str
    template: str
    text: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class SentNotice:
    """One message to a person, as they are shown it themselves."""

    uid: str
    text: str
    queued_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Messages that were deleted because the person asked."""

    person_uid: str
    count: int

    def audit_subject(self) -> Subject:
        """For the trail."""
        return Subject(number=str(self.count), person_uid=self.person_uid)


class SmsGateway(Protocol):
    """Sends one text to one phone. Chosen by the setting ``ANXIN_SMS_GATEWAY``."""

    name: str

    def send(self, *, phone: str, text: str) -> Delivery:
        """Hand over; may raise anything, which counts as a failure and is tried again."""


class TemplateUnknown(Refused):
    """Only templates that were reviewed are sent."""

    code = "template-unknown"
    message = "There is no such message."


class ParamsWrong(Refused):
    """A template takes exactly its own parameters."""

    code = "params-wrong"
    message = "This message does not take these values."
