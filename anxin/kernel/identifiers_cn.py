"""Numbers people write down: mainland phones and GB 11643 identity numbers, as they are really typed.

Full-width digits, spaces, dashes, brackets, +86, a lower-case x, and the old fifteen-digit identity numbers are all
understood. Pure: no clock, no database.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from anxin.kernel.errors import Refused

_SEPARATORS = re.compile(r"[\s\-–—.()·]+")
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1[3-9][0-9]{9}$))")
_MOBILE = re.compile(r"^1[3-9][0-9]{9}$")
_FIXED = re.compile(r"^0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


class PhoneInvalid(Refused):
    """No number that can be called."""

    code = "phone-invalid"
    message = (
        "This does not look like a phone number. A mobile number has 11 digits; a fixed line starts with 0."
    )


class MobileInvalid(PhoneInvalid):
    """No number that can receive a text."""

    code = "mobile-invalid"
    message = "A mobile number has 11 digits. Please look again."


class IdNumberInvalid(Refused):
    """Not a GB 11643 number."""

    code = "id-number-invalid"
    message = "This identity number is not right. Please look again."


@dataclass(frozen=True, slots=True)
class IdNumber:
    """What a GB 11643 number says by itself."""

    number: str
    division: str
    born_on: date
    sex: str


def normalise_mobile(typed: str, *, field: str = "phone") -> str:
    """The eleven digits of a mainland mobile number. Raises :class:`MobileInvalid` at ``field``."""
    digits = _plain(typed)
    if not _MOBILE.match(digits):
        raise MobileInvalid(field=field)
    return digits


def normalise_phone(typed: str, *, field: str = "phone") -> str:
    """A mobile number, or a fixed line with its area code. Raises :class:`PhoneInvalid` at ``field``."""
    digits = _plain(typed)
    if not (_MOBILE.match(digits) or _FIXED.match(digits)):
        raise PhoneInvalid(field=field)
    return digits


def read_id_number(typed: str, *, field: str = "id_number") -> IdNumber:
    """A checked identity number; an old one of fifteen digits becomes its eighteen. Raises at ``field``."""
    number = re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", typed)).upper()
    if re.fullmatch(r"[0-9]{15}", number):
        body = number[:6] + "19" + number[6:]
        number = body + check_character(body)
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number) or check_character(number[:17]) != number[17]:
        raise IdNumberInvalid(field=field)
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdNumberInvalid(field=field) from None
    return IdNumber(number, number[:6], born_on, "m" if int(number[16]) % 2 else "f")


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen digits (ISO 7064, MOD 11-2)."""
    return _CHECK_CHARACTERS[
        sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    ]


def _plain(typed: str) -> str:
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
    national = _COUNTRY.sub("", digits)
    # an area code is written without its 0 after +86
    return f"0{national}" if national != digits and not national.startswith(("0", "1")) else national
