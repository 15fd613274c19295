"""What others may see of the archives room. ``label`` of an enum is an English gettext message id."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anxin.domains.residents.contracts import GivenBy, PersonDraft
from anxin.kernel.errors import Conflict, NotFound, Refused

__all__ = [
    "AlreadyHelping",
    "ArchiveClosed",
    "ArchiveElsewhere",
    "ArchiveKnown",
    "ArchiveNotFound",
    "BirthdayDiffers",
    "BirthdayImpossible",
    "ContractDraft",
    "ContractNotInForce",
    "ContractOverlaps",
    "EntryKind",
    "EvidenceMissing",
    "GivenBy",
    "Ground",
    "GuardianDraft",
    "GuardianMissing",
    "GuardianUnknown",
    "HelperUnknown",
    "HouseholdHasHead",
    "KeptHasNoArchive",
    "MemberElsewhere",
    "MergeRefused",
    "MergeState",
    "OpenDraft",
    "Permission",
    "PersonDraft",
    "Relation",
    "RetentionClass",
    "SecondPersonNeeded",
    "Status",
    "TransferState",
    "TransferWaits",
    "WardOfAge",
]


class Permission(StrEnum):
    """Rights of this room. ``VIEW`` and ``WRITE`` reach those one is helping; ``READ_UNIT`` everybody at the unit."""

    ASSIGN = "archives.assign"
    COUNT = "archives.count"
    MERGE = "archives.merge"
    OPEN = "archives.open"
    READ_UNIT = "archives.read_unit"
    VIEW = "archives.view"
    VIEW_META = "archives.view_meta"
    WRITE = "archives.write"


class Status(StrEnum):
    """Open; restricted (kept, and not used); closed (kept until its day)."""

    OPEN = "open"
    RESTRICTED = "restricted"
    CLOSED = "closed"


class EntryKind(StrEnum):
    """Lines of the archive's own history."""

    OPENED = "opened"
    CARER_ADDED = "carer_added"
    CARER_LEFT = "carer_left"
    TRANSFER_PROPOSED = "transfer_proposed"
    TRANSFER_DECLINED = "transfer_declined"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    UNMERGED = "unmerged"
    RESTRICTED = "restricted"
    RELEASED = "released"
    CLOSED = "closed"
    REOPENED = "reopened"
    HOUSEHOLD = "household"
    GUARDIAN_ADDED = "guardian_added"
    GUARDIAN_ENDED = "guardian_ended"
    GUARDIAN_LINKED = "guardian_linked"
    CONTRACT_ADDED = "contract_added"
    DOCTOR_ASKED = "doctor_asked"
    GUIDANCE_RETURNED = "guidance_returned"


class TransferState(StrEnum):
    """The proposing side waits for the other."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class MergeState(StrEnum):
    """A declined or undone merge stays in the history; only a confirmed one points."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    UNDONE = "undone"


class Relation(StrEnum):
    """To the head of the household, or of a guardian to the ward."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"


GUARDIAN_RELATIONS = (
    Relation.PARENT,
    Relation.GRANDPARENT,
    Relation.SIBLING,
    Relation.SPOUSE,
    Relation.OTHER,
)


class Ground(StrEnum):
    """Why somebody has a guardian (Civil Code art. 27, 28)."""

    MINOR = "minor"
    ADJUDGED = "adjudged"


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """How long an archive of this class is kept after it was closed."""

    id: str
    years: int
    minors_until: int


@dataclass(frozen=True, slots=True)
class GuardianDraft:
    """Somebody who answers for the person, as met at the counter."""

    name: str
    relation: Relation
    evidence: str
    phone: str = ""
    ground: Ground = Ground.MINOR
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """What is needed to begin an archive: the person, and the agreement they signed."""

    person: PersonDraft
    text_version: str
    signed_on: date
    given_by: GivenBy = GivenBy.SELF
    child_assents: bool | None = None
    guardian: GuardianDraft | None = None


@dataclass(frozen=True, slots=True)
class ContractDraft:
    """A family doctor's contract, as signed."""

    number: str
    team: str
    unit_uid: str
    starts_on: date
    ends_on: date


class ArchiveNotFound(NotFound):
    """No such archive for this actor."""

    code = "archive-not-found"


class ArchiveKnown(Conflict):
    """One archive for each person."""

    code = "archive-known"
    message = "There is an archive for this person already: %(number)s."


class ArchiveElsewhere(Refused):
    """Another unit keeps it. Nothing else about it is said."""

    code = "archive-elsewhere"
    message = "Another unit keeps an archive for this person. Ask for it instead of beginning a second one."


class BirthdayDiffers(Refused):
    """The date of birth is not the one inside the identity number."""

    code = "birthday-differs"
    message = "The date of birth does not agree with the identity number. Please look again."


class BirthdayImpossible(Refused):
    """Nobody was born tomorrow, or before 1900."""

    code = "birthday-impossible"
    message = "This date of birth cannot be right. Please look again."


class ArchiveClosed(Refused):
    """Nothing is written on an archive that is closed or restricted."""

    code = "archive-closed"
    message = "This archive is out of use. Nothing can be written in it."


class GuardianMissing(Refused):
    """Below 14 the guardian who signed is written down with the evidence."""

    code = "guardian-missing"
    message = "Below the age of 14 a parent or guardian signs. Write down who, and by what you know it."


class WardOfAge(Refused):
    """Guardianship of a minor ends at 18."""

    code = "ward-of-age"
    message = (
        "This person is 18 or older, or no date of birth is known. A guardian needs a decision of a court."
    )


class GuardianUnknown(Refused):
    """The number of the page and the telephone that was written down are not the same grown-up."""

    code = "guardian-unknown"
    message = (
        "Nobody grown up signs in with the telephone that is written down for this guardian and has this number."
        " Look at both again."
    )


class EvidenceMissing(Refused):
    """It has to be known by something."""

    code = "evidence-missing"
    message = "Write down the reason, or by what you know it."


class TransferWaits(Conflict):
    """One move at a time."""

    code = "transfer-waits"
    message = "There is a transfer of this archive waiting for an answer already."


class HelperUnknown(Refused):
    """Only somebody in post below the keeping unit can be named."""

    code = "helper-unknown"
    message = "Choose somebody who works at this unit."


class AlreadyHelping(Conflict):
    """They are named already."""

    code = "already-helping"
    message = "This colleague is helping the person already."


class MergeRefused(Conflict):
    """The database refuses chains, circles and second proposals."""

    code = "merge-refused"
    message = "One of the two is merged with somebody, or a proposal is waiting. Look at that one first."


class KeptHasNoArchive(Refused):
    """The archive that is kept must be there."""

    code = "kept-has-no-archive"
    message = "Keep the one that has an archive; merge the other one into it."


class SecondPersonNeeded(Refused):
    """Between two units somebody else confirms."""

    code = "second-person-needed"
    message = "The two belong to different units. A colleague of the other unit has to confirm."


class MemberElsewhere(Conflict):
    """One household at a time."""

    code = "member-elsewhere"
    message = "This person belongs to a household already."


class HouseholdHasHead(Conflict):
    """One head."""

    code = "household-has-head"
    message = "This household has a head already."


class ContractOverlaps(Conflict):
    """One team at a time."""

    code = "contract-overlaps"
    message = "There is a contract for these days already, or the number is taken."


class ContractNotInForce(Refused):
    """Nothing is asked for outside the term."""

    code = "contract-not-in-force"
    message = "The contract is not in force today."
