"""What others may see of the accounts room."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from anxin.kernel.errors import Conflict, Refused


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
