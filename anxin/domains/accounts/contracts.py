"""What others may see of the accounts room."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from anxin.kernel.errors import Conflict, Refused

# Under this name a session carries its limits.
VISIT_MARK = "ax_visit"


class Permission(StrEnum):
    """Rights of this room."""

    MANAGE = "accounts.manage"


class AccountKind(StrEnum):
    """Who signs in."""

    STAFF = "staff"
    RESIDENT = "resident"


class CodeCheck(StrEnum):
    """How a typed phone code compared. A value and not an error, because the attempt must be kept."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"


class VisitEnding(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    ENDED_ELSEWHERE = "ended_elsewhere"
    TOO_MANY = "too_many"
    TIMED_OUT = "timed_out"
    ACCESS_CHANGED = "access_changed"


class ReentryState(StrEnum):
    """An archive unseen for long, and somebody with the right phone code.

    ``ASKED``: a second thing is asked. ``CLOSED``: too many tries; only a station opens it. ``PROVED`` and ``REBOUND``
    are the two good ends: by knowledge, and by staff who saw the identity card.
    """

    ASKED = "asked"
    PROVED = "proved"
    CLOSED = "closed"
    REBOUND = "rebound"


class SecondThing(StrEnum):
    """What somebody knows besides holding the phone."""

    PERSON = "person"
    RECOVERY_CODE = "recovery_code"


class Circle(StrEnum):
    """Whose sessions last how long: residents, staff, and those who watch over the whole city's data."""

    RESIDENT = "resident"
    STAFF = "staff"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """How long a session may lie idle, how long it may last, and how many one person may have at a time."""

    idle: timedelta
    longest: timedelta
    parallel: int


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A fresh phone code, to be sent at once and kept nowhere."""

    phone: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SecondFactorOffer:
    """What an authenticator app needs: the address inside the QR code, and the secret to type by hand."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser is asked (``options``), and what the session keeps until it answers (``state``)."""

    options: dict[str, Any]
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Passkey:
    """One of them, for its owner."""

    number: str
    name: str
    added_at: datetime
    used_at: datetime | None


class CodeRequestedTooSoon(Refused):
    """One code a minute."""

    code = "code-requested-too-soon"
    message = "A code was sent a moment ago. You can ask for another in %(seconds)s seconds."


class TooManyCodes(Refused):
    """A phone or a device asked too often within an hour."""

    code = "too-many-codes"
    message = "Too many codes were asked for. Please try again after %(time)s, or call 12356."


class LoginTaken(Conflict):
    """Two accounts cannot share a login."""

    code = "login-taken"
    message = "This login is already in use."


class PasswordTooWeak(Refused):
    """The password validators said no; ``message`` is theirs."""

    code = "password-too-weak"


class SecondFactorCodeWrong(Refused):
    """The code of the authenticator app did not fit."""

    code = "second-factor-code-wrong"
    message = "This code does not fit. Codes change every 30 seconds; please type the newest one."


class LockedOut(Refused):
    """Too many tries that did not fit, on this account or from this device."""

    code = "locked-out"
    message = "Too many tries did not fit. Please try again after %(time)s."

    def __init__(self, until: datetime, *, time: str) -> None:
        self.until = until
        super().__init__(time=time)


class SecondThingWrong(Refused):
    """What was typed does not fit what is kept; ``params["left"]`` tries remain."""

    code = "second-thing-wrong"
    message = "This does not fit. %(left)s more tries."


class ReentryClosed(Refused):
    """Only a station can help now."""

    code = "reentry-closed"
    message = "Too many tries did not fit. Please come to a station with your identity card."


class PasswordWrong(Refused):
    """The old password is asked before a new one is kept."""

    code = "password-wrong"
    message = "This is not your password of today. Please look again."


class CardDoesNotFit(Refused):
    """What was read off the identity card is not what the archive knows. It does not say what."""

    code = "card-does-not-fit"
    message = "The card does not fit this archive. Nothing was changed."


class NoSignInYet(Refused):
    """An archive that staff wrote down; nobody signs in to it."""

    code = "no-sign-in-yet"
    message = "Nobody signs in to this archive yet, so there is nothing to connect."


class PhoneCodeWrong(Refused):
    """The code of the new phone did not fit, or is over."""

    code = "phone-code-wrong"
    message = "This code does not fit or is not valid any more. Send a new one if need be."


class PasskeyRefused(Refused):
    """The device gave no answer that fits, or there are enough already."""

    code = "passkey-refused"
    message = "This passkey could not be kept. Please try again, or remove an old one first."
