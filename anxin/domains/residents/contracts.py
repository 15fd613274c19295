"""What others may see of the residents room."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anxin.kernel.errors import Conflict, Refused
from anxin.kernel.identifiers_cn import MobileInvalid, PhoneInvalid

__all__ = [
    "ConsentMissing",
    "ConsentText",
    "ConsentTextUnknown",
    "GuardianConsentNeeded",
    "MobileInvalid",
    "Participant",
    "Permission",
    "PhoneInvalid",
    "Purpose",
    "ResidentKnown",
]


class Permission(StrEnum):
    """Rights of this room."""

    REGISTER = "residents.register"
    VIEW = "residents.view"


class Purpose(StrEnum):
    """What a person can agree to. Each has its own text in ``data/consents.yaml``."""

    ACCOUNT = "account"
    CONTACT_BACK = "contact_back"
    EMERGENCY_CONTACT = "emergency_contact"
    SELF_TEST_NAMED = "self_test_named"
    SHARE_WITH_SCHOOL = "share_with_school"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One purpose in words, in one language and one version."""

    purpose: Purpose
    version: str
    title: str
    paragraphs: tuple[str, ...]
    needed_in_crisis: bool


class GuardianConsentNeeded(Refused):
    """Below 14 a guardian agrees first (PIPL art. 31), except in a crisis."""

    code = "guardian-consent-needed"
    message = (
        "Below the age of 14 a parent or guardian has to agree first. You can do that together at any station. "
        "If you need help now, call 12356: nobody has to agree to that."
    )


class ConsentMissing(Refused):
    """The person has not agreed to this."""

    code = "consent-missing"
    message = "Please read the text and agree to it first."


class ConsentTextUnknown(Refused):
    """Nobody can agree to a text that does not exist, or to an old one."""

    code = "consent-text-unknown"
    message = "The text has changed meanwhile. Please read the new one."


class ResidentKnown(Conflict):
    """One phone, one archive."""

    code = "resident-known"
    message = "There is already an archive for this phone number."


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody on a roster, of whom there is something to keep. They have no account and have not registered."""

    identity_index: str
    name: str
    phone: str
    born_on: date | None
    sex: str
    home_unit_id: int
    scope_path: str
