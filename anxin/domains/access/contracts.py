"""What others may see of the access room."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from anxin.domains.audit.contracts import Permission as AuditPermission
from anxin.kernel.errors import Conflict, NotPermitted, Refused


class Permission(StrEnum):
    """Rights of this room. ``MANAGE_TENANT``: also the three offices that watch over the whole city's data."""

    MANAGE = "access.manage"
    MANAGE_TENANT = "access.manage_tenant"
    BREAK_GLASS = "access.break_glass"
    REVIEW_OPENINGS = "access.review_openings"
    APPROVE_EXPORTS = "access.approve_exports"
    READ_EXPORTS = "access.read_exports"
    INVITE = "access.invite"


# Who holds one of these at a node watches over what others did there: the wall shows them ledgers and trail of it.
WATCHING = frozenset(
    {Permission.REVIEW_OPENINGS, Permission.APPROVE_EXPORTS, Permission.READ_EXPORTS, AuditPermission.READ}
)


class LinkKind(StrEnum):
    """What a link that lets one person in once is for."""

    INVITATION = "invitation"
    RECOVERY = "recovery"


class LinkState(StrEnum):
    """Where such a link stands."""

    WAITING = "waiting"
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who is invited, and as what. ``post`` is the post at the unit."""

    name: str
    title: str
    post: str
    role: str


class Cause(StrEnum):
    """Why a record outside one's duty is opened."""

    LIFE_AT_RISK = "life_at_risk"
    PERSON_IS_HERE = "person_is_here"
    COLLEAGUE_UNREACHABLE = "colleague_unreachable"
    LEGAL_DUTY = "legal_duty"
    OTHER = "other"


class Verdict(StrEnum):
    """What the review of an opening found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class ExportState(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"
    TAKEN = "taken"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Record:
    """The record an opening or a confirmation is about, by value: this room cannot see people."""

    resident_id: int
    resident_uid: str
    number: str
    scope_path: str
    is_colleague: bool = False


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to leave the house. ``kind`` names who makes the file, ``params`` tell what of.

    ``approved_by`` names an approval by a second person that covers this file already.
    """

    kind: str
    title: str
    params: dict[str, str]
    rows: int
    scope_path: str
    person_uid: str = ""
    approved_by: str = ""


class RoleLevel(StrEnum):
    """Where a role lives; it decides at which kinds of node it can be granted."""

    SELF = "self"
    WARD = "ward"
    UNIT = "unit"
    STATION = "station"
    TOWN = "town"
    COUNTY = "county"
    CITY = "city"
    HOTLINE = "hotline"
    AREA = "area"
    LINE = "line"
    SCHOOL = "school"
    CLASS = "class"
    EMPLOYER = "employer"
    EVENT = "event"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class Role:
    """A role as data. ``sees_identified`` opens the outer wall, drawn in the database, at the node it is granted at."""

    id: str
    name_zh: str
    name_en: str
    level: RoleLevel
    sees_identified: bool
    permissions: frozenset[str]


class SignedIn(Protocol):
    """An account, as far as this room looks at it."""

    id: int
    uid: str
    kind: str
    is_active: bool


class RoleUnknown(Refused):
    """No such role."""

    code = "role-unknown"
    message = "This role does not exist."


class RoleNotForNode(Refused):
    """The role cannot be held at this kind of node."""

    code = "role-not-for-node"
    message = "This role cannot be given at this place."


class DutiesNotSeparate(Refused):
    """Nobody is administrator, security officer and auditor at once (roles.md 5.1)."""

    code = "duties-not-separate"
    message = "One person can hold only one of administrator, security officer and auditor."


class OwnRights(Refused):
    """Nobody changes their own rights."""

    code = "own-rights"
    message = "Nobody can change their own rights. Ask another administrator."


class AlreadyGranted(Refused):
    """The person holds this role there already."""

    code = "already-granted"
    message = "This person already holds this role here."


class AccountInactive(Refused):
    """The account was deactivated."""

    code = "account-inactive"
    message = "This account is not active."


class ReasonMissing(Refused):
    """A reason in words is asked."""

    code = "reason-missing"
    message = "Write the reason in a sentence or two."


class AlreadyOpen(Refused):
    """The record is open to this person already."""

    code = "already-open"
    message = "This record is open to you already."


class OpeningEnded(Refused):
    """The window is over."""

    code = "opening-ended"
    message = "This opening is over already."


class OpeningStillRuns(Refused):
    """A review looks at everything that was read, so the window must be over."""

    code = "opening-still-runs"
    message = "The record is still open. It can be reviewed once the opening is over."


class AlreadyReviewed(Conflict):
    """A colleague reviewed it first."""

    code = "already-reviewed"
    message = "A colleague has already reviewed this opening."


class OwnOpening(Refused):
    """Nobody reviews what they did themselves."""

    code = "own-opening"
    message = "Nobody reviews their own opening. Another officer has to do it."


class NobodyReviews(Refused):
    """Without somebody who reviews, nothing is opened."""

    code = "nobody-reviews"
    message = "Nobody is in office who could review this. Call the duty clinician of the centre instead."


class ConfirmationNeeded(NotPermitted):
    """Raw answers and notes of a minor ask for one more confirmation. ``params["person"]`` is the record's uid."""

    code = "confirmation-needed"
    message = "This is about a minor. Confirm once more that you need to read it."


class ExportNotReady(Refused):
    """It waits for approval, was refused, is over, or was taken already."""

    code = "export-not-ready"
    message = "This file cannot be downloaded: it was taken already, was refused, has expired, or waits for approval."


class AlreadyDecided(Conflict):
    """Somebody said yes or no before."""

    code = "already-decided"
    message = "A colleague has already decided about this export."


class OwnExport(Refused):
    """A second person decides."""

    code = "own-export"
    message = "Nobody approves their own export. Another person has to do it."


class LinkNotOpen(Refused):
    """It was used, has expired, was withdrawn, or never was one. Deliberately one answer."""

    code = "link-not-open"
    message = "This link is not valid any more. Please ask whoever gave it to you for a new one."


class LinkWaits(Refused):
    """There is one already."""

    code = "link-waits"
    message = "A request for this person is already under way."


class SecondPersonNeeded(Refused):
    """Nobody approves their own request."""

    code = "second-person-needed"
    message = "Another person has to approve this. Nobody lets a colleague back in alone."


class NotWaiting(Conflict):
    """Somebody decided before, or the time is over."""

    code = "not-waiting"
    message = "This request does not wait any more."
