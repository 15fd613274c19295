"""What others may see of the residents room."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anxin.kernel.errors import Conflict, Refused
from anxin.kernel.identifiers_cn import MobileInvalid, PhoneInvalid

__all__ = [
    "ActReasonMissing",
    "ChildAssentNeeded",
    "ConsentMissing",
    "ConsentText",
    "ConsentTextUnknown",
    "FactWrong",
    "GivenBy",
    "GuardianConsentNeeded",
    "IdentityKnown",
    "LegalBasis",
    "MobileInvalid",
    "Participant",
    "Permission",
    "PersonDraft",
    "PhoneInvalid",
    "Purpose",
    "RecipientWrong",
    "ResidentKnown",
]


class Permission(StrEnum):
    """Rights of this room."""

    REGISTER = "residents.register"
    VIEW = "residents.view"


class Purpose(StrEnum):
    """What a person can agree to. Each has its own text in ``data/consents.yaml``."""

    ACCOUNT = "account"
    ARCHIVE = "archive"
    CONTACT_BACK = "contact_back"
    EMERGENCY_CONTACT = "emergency_contact"
    GUARDIAN_VIEW = "guardian_view"
    SELF_TEST_NAMED = "self_test_named"
    SHARE_WITH_SCHOOL = "share_with_school"


class GivenBy(StrEnum):
    """Who agreed, or took it back. ``NEWER_TEXT``: the person agreed to a later version, which took its place."""

    SELF = "self"
    GUARDIAN = "guardian"
    NEWER_TEXT = "newer_text"


class LegalBasis(StrEnum):
    """What the law names besides consent (PIPL 13). All but ``LIFE_IN_DANGER`` may protect a child from their own."""

    LIFE_IN_DANGER = "life_in_danger"
    MANDATORY_REPORT = "mandatory_report"
    CHILD_PROTECTION = "child_protection"
    POLICE = "police"

    @property
    def is_protective(self) -> bool:
        """Whether telling a guardian of it could harm; until the privacy officer has decided, nobody tells them."""
        return self is not LegalBasis.LIFE_IN_DANGER


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One purpose in words, in one language and one version."""

    purpose: Purpose
    version: str
    title: str
    paragraphs: tuple[str, ...]
    needed_in_crisis: bool
    data_kinds: tuple[str, ...] = ()
    is_separate: bool = True
    names_recipient: bool = False
    if_withdrawn: str = ""


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


class ChildAssentNeeded(Refused):
    """A guardian's word does not replace the child's own (8 to 13)."""

    code = "child-assent-needed"
    message = "The child has to be asked too, and has to want it."


class RecipientWrong(Refused):
    """An agreement to pass something on names one recipient; any other agreement names none."""

    code = "recipient-wrong"
    message = "Please say who is to receive it."


class FactWrong(Refused):
    """A correction has to be possible: a name, one of the two sexes, a day that was."""

    code = "fact-wrong"
    message = "This cannot be right. Please look again."


class ActReasonMissing(Refused):
    """Whoever acts without consent writes down why."""

    code = "act-reason-missing"
    message = "Please write down why this cannot wait for an agreement."


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


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """Somebody who stands at the counter. ``id_number`` is checked and kept as a keyed hash only."""

    name: str
    phone: str = ""
    id_number: str = ""
    born_on: date | None = None
    sex: str = ""


class IdentityKnown(Conflict):
    """One identity number, one person."""

    code = "identity-known"
    message = "Somebody with this identity number is written down already."
