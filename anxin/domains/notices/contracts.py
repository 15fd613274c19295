"""What others may see of the notices room, and what a gateway has to be."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from anxin.domains.audit.contracts import Subject
from anxin.kernel.errors import Conflict, Refused


class Permission(StrEnum):
    """Rights of this room."""

    FOLLOW_UP = "notices.follow_up"
    SET_CONTACT = "notices.set_contact"
    VIEW_QUOTA = "notices.view_quota"


class Channel(StrEnum):
    """How a message reaches somebody. The last is no machine: a colleague picks up the duty phone."""

    IN_APP = "in_app"
    WECHAT = "wechat"
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"
    DUTY_PHONE = "duty_phone"


CARRIED = (Channel.WECHAT, Channel.SMS, Channel.VOICE, Channel.EMAIL)
"""The channels that leave the house through a gateway."""

CLOSABLE = (Channel.SMS, Channel.VOICE, Channel.WECHAT, Channel.EMAIL)
"""The channels a person can close."""


class Lane(StrEnum):
    """Which messages stand in line with which. Who is called to a warning never stands behind a reminder.

    What is prompt is about safety or asked for this minute: quiet hours and the quota do not hold it back.
    """

    PROMPT = "prompt"
    ORDINARY = "ordinary"


class Outcome(StrEnum):
    """What became of one attempt."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    NO_ADDRESS = "no_address"
    OVER_QUOTA = "over_quota"
    WITHHELD = "withheld"


WAITING = (Outcome.QUEUED, Outcome.SENDING)
"""Still to be sent."""

LOST = (Outcome.FAILED, Outcome.UNDELIVERED, Outcome.NO_ADDRESS, Outcome.OVER_QUOTA, Outcome.WITHHELD)
"""This attempt will reach nobody."""


class Enough(StrEnum):
    """What has to be known of an attempt before nobody tries the next way."""

    READ = "read"
    DELIVERED = "delivered"


class Reach(StrEnum):
    """Where the promise to reach one person about one thing stands. It ends in words, never silently."""

    TRYING = "trying"
    REACHED = "reached"
    UNREACHED = "unreached"
    SETTLED = "settled"


class Settlement(StrEnum):
    """What a person did about somebody whom no machine reached."""

    DUTY_PHONE = "duty_phone"
    HOME_VISIT = "home_visit"
    MET = "met"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Template:
    """A message in two languages. ``params`` are the only values that may enter it.

    ``secret`` names the one of them that is kept sealed, and only until the message was sent. ``ladder`` is the one
    used when nobody names another.
    """

    key: str
    params: frozenset[str]
    zh: str
    en: str
    lane: Lane = Lane.PROMPT
    secret: str = ""
    ladder: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One way of reaching somebody: how long it is given, and what is enough."""

    channel: Channel
    wait: timedelta
    enough: Enough = Enough.READ


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ways in the order they are tried. Above the last there is only a person."""

    key: str
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of each day by the city's clock; it may cross midnight."""

    starts: time
    ends: time

    def holds(self, moment: time) -> bool:
        """Whether ``moment`` lies in it. Equal ends mean the whole day."""
        if self.starts < self.ends:
            return self.starts <= moment < self.ends
        return moment >= self.starts or moment < self.ends


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one person may be reached. ``refused`` holds whatever happens: a message there may bring them into danger."""

    refused: frozenset[Channel] = frozenset()
    agreed: frozenset[Channel] = frozenset()
    safe_channel: Channel | None = None
    safe_hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class WishDraft:
    """What the form says. ``open`` are the ways that may be used; the others are closed."""

    open: frozenset[Channel]
    safe_channel: Channel | None = None
    safe_from: time | None = None
    safe_until: time | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """What one unit may spend on one channel in a month. ``reserve`` is the part that only safety may touch."""

    limit: int
    reserve: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What a gateway is handed. ``key`` is the same over all tries of one attempt; ``text`` is all that may be said."""

    channel: Channel
    to: str
    text: str
    key: str
    sender: str
    template: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a gateway did with one letter. ``gateway`` is shown wherever a reader might think it was really sent.

    ``is_final``: refused for good, no further try can help. ``retry_after`` is the pause the provider asked for.
    """

    gateway: str
    is_accepted: bool
    receipt: str = ""
    is_final: bool = False
    retry_after: timedelta | None = None


class ReceiptState(StrEnum):
    """What a provider says became of a letter."""

    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReceiptEvent:
    """One thing a provider reports. ``event_id`` is the provider's, ``key`` the letter's."""

    event_id: str
    key: str
    state: ReceiptState
    at: datetime


@dataclass(frozen=True, slots=True)
class UnreadNotice:
    """One line of a person's list."""

    uid: str
    template: str
    text: str
    queued_at: datetime
    is_read: bool = False
    subject_kind: str = ""
    subject_uid: str = ""


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


class Gateway(Protocol):
    """Hands letters of one channel over. Chosen by the setting ``ANXIN_<CHANNEL>_GATEWAY``.

    ``gives_receipts``: whether the provider reports later what became of a letter. Where it does not, having handed it
    over is all that can be known.
    """

    name: str
    gives_receipts: bool

    def send(self, letter: Letter) -> Delivery:
        """Hand over; may raise anything, which counts as a failure and is tried again with the same key."""


class TemplateUnknown(Refused):
    """Only templates that were reviewed are sent."""

    code = "template-unknown"
    message = "There is no such message."


class ParamsWrong(Refused):
    """A template takes exactly its own parameters."""

    code = "params-wrong"
    message = "This message does not take these values."


class LadderUnknown(Refused):
    """Only ladders that were reviewed are climbed."""

    code = "ladder-unknown"
    message = "There is no such order of ways to reach somebody."


class NotTheirPhone(Refused):
    """The family's phone is not the person's: it is used only while they agree to it."""

    code = "not-their-phone"
    message = "This number belongs to somebody else, and the person has not agreed to it."


class NoWayLeft(Refused):
    """A person cannot close every way and still be told what they asked to be told."""

    code = "no-way-left"
    message = "Please leave at least one way open, so that we can reach you when it matters."


class SafeWayClosed(Refused):
    """The safe way is one of those that are open."""

    code = "safe-way-closed"
    message = "The safe way is closed below. Open it, or choose another one."


class AddressMissing(Refused):
    """A way that needs an address is not opened without one."""

    code = "address-missing"
    message = "Please write the address down first."


class HoursHalf(Refused):
    """Safe hours have a beginning and an end."""

    code = "hours-half"
    message = "Please give both a beginning and an end, or neither."


class AlreadySettled(Refused):
    """Somebody took this one meanwhile."""

    code = "already-settled"
    message = "A colleague has taken this already."


class NoteMissing(Refused):
    """What was done is written down."""

    code = "note-missing"
    message = "Write in a sentence what you did."


class CallRepeated(Conflict):
    """This very call was taken already. A provider that was not answered signs its report anew."""

    code = "call-repeated"
    message = "This call was taken already."
