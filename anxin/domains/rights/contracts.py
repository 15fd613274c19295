"""What others may see of the rights room."""

from dataclasses import dataclass
from enum import StrEnum

from anxin.kernel.errors import Conflict, Refused

SCOPE = "rights:"
"""Before every path of this room: no other table has such a path, so a scope that opens it opens nothing else."""


class Permission(StrEnum):
    """Rights of this room."""

    DECIDE = "rights.decide"
    PROTECT = "rights.protect"


class RequestKind(StrEnum):
    """What a person can ask for (PIPL 44 to 48). A copy of everything needs no request; the person takes it."""

    CORRECT = "correct"
    DELETE = "delete"
    EXPLAIN = "explain"
    LEAVE = "leave"
    RESTRICT = "restrict"


class RequestState(StrEnum):
    """Where a request stands (workflow 4.13)."""

    REQUESTED = "requested"
    IDENTITY_VERIFIED = "identity_verified"
    DECIDED = "decided"
    FULFILLED = "fulfilled"
    CLOSED = "closed"


class Decision(StrEnum):
    """The answer."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class Proof(StrEnum):
    """How it was made sure that the person asks, or somebody who may ask for them."""

    PHONE_CODE = "phone_code"
    IN_PERSON = "in_person"
    DOCUMENT = "document"


class AskedBy(StrEnum):
    """Who asked."""

    SELF = "self"
    GUARDIAN = "guardian"


class Viewer(StrEnum):
    """Who is about to be shown something about a person."""

    PERSON = "person"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class KindOfData:
    """One kind of data the platform keeps about people, in one language, for the person's own page.

    ``can_delete``: whether the law lets the platform delete it when asked; else it is restricted.
    """

    key: str
    title: str
    why: str
    basis: str
    keeper: str
    until: str
    can_delete: bool


class RequestOpen(Conflict):
    """One request of a kind at a time."""

    code = "request-open"
    message = "You have already asked for this. The request is still being worked on."


class WordsMissing(Refused):
    """A request says what is wrong; a refusal says why."""

    code = "words-missing"
    message = "Please write a few words."


class ReasonMissing(Refused):
    """Nothing is refused, granted in part or released without a reason in writing (PIPL 50)."""

    code = "rights-reason-missing"
    message = "Please write down the reason. The person reads it."


class NothingToCorrect(Refused):
    """A correction says what the right value is."""

    code = "nothing-to-correct"
    message = "Please write what it should be."


class NothingGranted(Refused):
    """Granted in part means that something is granted."""

    code = "nothing-granted"
    message = "Choose what is put right, or refuse the request."


class AlreadyReleased(Conflict):
    """Somebody else was faster."""

    code = "already-released"
    message = "This entry has been released already."
