"""What others may see of the editor: who may, which states there are, what is refused. Part of ``contracts``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from anxin.kernel.errors import Conflict, NotFound, Refused


class Permission(StrEnum):
    """Rights of this room. ``EDIT``, ``REVIEW`` and ``PUBLISH`` count at the root of the city only."""

    EDIT = "instruments.edit"
    PUBLISH = "instruments.publish"
    REVIEW = "instruments.review"
    VIEW = "instruments.view"


class VersionState(StrEnum):
    """A version made here. What was ``published`` once can be found for ever, also when it is ``retired``."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"
    DISCARDED = "discarded"


class VersionAct(StrEnum):
    """A line of the history of a version."""

    DRAFTED = "drafted"
    SAVED = "saved"
    SENT = "sent"
    TAKEN_BACK = "taken_back"
    GIVEN_BACK = "given_back"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETIRED = "retired"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class TextState(StrEnum):
    """A licensed text bound to a key. It is shown while it is ``active`` and its permission has not expired."""

    RECORDED = "recorded"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class LicenceRecord:
    """The permission to show a text that is not free. ``evidence_sha256``: of the file the permission came in."""

    holder: str = ""
    number: str = ""
    scope: str = ""
    expires_on: date | None = None
    evidence_name: str = ""
    evidence_sha256: str = ""


@dataclass(frozen=True, slots=True)
class BoundText:
    """The words of one form in one language.

    ``questions``: item number ("3"), code of an unscored question, or "gate" → words. ``options``: the same names →
    the words of its options in form order; ``"*"`` stands for every question that has as many options.
    """

    questions: Mapping[str, str]
    options: Mapping[str, tuple[str, ...]]
    instruction: str = ""
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two definitions differ, as a path like items/3/text/en; an empty side does not have it."""

    place: tuple[str, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks say of a definition. With ``unreadable`` faults it cannot even be kept as a draft."""

    unreadable: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = field(default=())

    @property
    def faults(self) -> tuple[str, ...]:
        """All of them, in the order they have to be mended in."""
        return (*self.unreadable, *self.contradictions)


class VersionNotFound(NotFound):
    """No such version for this person."""


class TextNotFound(NotFound):
    """No such licensed text for this person."""


class VersionChanged(Conflict):
    """Somebody saved it in between."""

    code = "instrument-version-changed"
    message = "Somebody else has changed this version. What you typed is still here; compare before you save."


class VersionFixed(Refused):
    """Only a draft can be written."""

    code = "instrument-version-fixed"
    message = "This version is no draft any more and cannot be changed. Make a new version of it."


class AlreadyPublished(Conflict):
    """Somebody else was faster."""

    code = "instrument-already-published"
    message = "This version, or a newer one, was published by somebody else a moment ago."


class OwnWork(Refused):
    """The author neither reviews nor publishes."""

    code = "instrument-own-work"
    message = "You wrote this yourself. Somebody else has to review and publish it."


class NotTheAuthor(Refused):
    """Who writes is the author, so that the second person is somebody else for certain."""

    code = "instrument-not-the-author"
    message = "Only its author can change this draft. Make a version of your own from it instead."


class NotReviewed(Refused):
    """A second person has not agreed yet."""

    code = "instrument-not-reviewed"
    message = "A second person has to approve this version before it is published."


class EditReasonMissing(Refused):
    """Decisions carry their reason."""

    code = "instrument-reason-missing"
    message = "Write down the reason."


class InstrumentNameTaken(Refused):
    """The id belongs to another instrument."""

    code = "instrument-name-taken"
    message = "There is an instrument with this short name already."


class InstrumentNameRefused(Refused):
    """The id belongs to an instrument that is kept out on purpose."""

    code = "instrument-name-refused"
    message = "This instrument is kept out of the library on purpose, because of its terms: %(reason)s"


class InstrumentNameFixed(Refused):
    """A version belongs to its instrument."""

    code = "instrument-name-fixed"
    message = (
        "The short name and the version number of a draft are fixed. Make a copy under another name instead."
    )


class DefinitionFaulty(Refused):
    """The checks found something; ``faults`` names each of them."""

    code = "instrument-definition-faulty"
    message = "The definition has faults. Each is named below."

    def __init__(self, faults: tuple[str, ...], *, field: str = "") -> None:
        self.faults = faults
        super().__init__(field=field)


class NotKeyOnly(Refused):
    """Only a key without words takes a licensed text."""

    code = "instrument-not-key-only"
    message = "A licensed text can only be bound to an instrument whose key is here without its words."


class TextIncomplete(Refused):
    """The text does not fit the form; ``faults`` names each gap."""

    code = "instrument-text-incomplete"
    message = "The text does not fit the form. Each gap is named below."

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__()


class LicenceMissing(Refused):
    """No text without its permission record."""

    code = "instrument-licence-missing"
    message = (
        "The permission is not complete: holder, number, scope, last day and the file it came in are needed."
    )


class LicenceExpired(Refused):
    """The permission has run out."""

    code = "instrument-licence-expired"
    message = "The permission has expired. Record the new one with the text."


class TextStands(Conflict):
    """A text in force is replaced on purpose only."""

    code = "instrument-text-stands"
    message = "A licensed text in this language is in force. End it first, then activate this one."


class TextSettled(Refused):
    """Decided already."""

    code = "instrument-text-settled"
    message = "This text was decided on already."
