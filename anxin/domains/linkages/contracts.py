"""What others may see of the linkages room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from anxin.domains.deadlines.contracts import Ladder
from anxin.kernel.errors import Conflict, NotFound, Refused

if TYPE_CHECKING:
    from anxin.domains.linkages.models import Linkage

SUBJECT = "linkage"


class Permission(StrEnum):
    """Rights of this room."""

    ANSWER_INBOUND = "linkages.answer_inbound"
    APPROVE_RELEASE = "linkages.approve_release"
    BEGIN = "linkages.begin"
    READ = "linkages.read"
    RESPOND = "linkages.respond"
    SUBMIT = "linkages.submit"


class Kind(StrEnum):
    """What passes between the house and somebody outside."""

    HANDOFF = "handoff"
    EXPERTS = "experts"
    INBOUND = "inbound"
    RELEASE = "release"
    REPORT = "report"


class State(StrEnum):
    """It waits for the other side; it was answered, refused, or is not needed any more."""

    WAITING = "waiting"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Fact(StrEnum):
    """The only facts that can leave the house by a linkage. No result, no note, no answer is among them."""

    NAME = "name"
    CALLBACK = "callback"
    PLACE = "place"
    DANGER = "danger"
    CONDITION = "condition"


class EntryKind(StrEnum):
    """Lines of the log."""

    BEGUN = "begun"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CALLBACK = "callback"
    RESPONDED = "responded"
    CLIMBED = "climbed"


@dataclass(frozen=True, slots=True)
class Basis:
    """On what ground in law something leaves without the person's consent."""

    code: str
    law: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class KindRules:
    """One kind as data: to whom, which facts at most, how long it may wait, and on what grounds."""

    within: timedelta
    recipients: tuple[str, ...] = ()
    facts: frozenset[Fact] = frozenset()
    required: frozenset[Fact] = frozenset()
    bases: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What the linkage is about, by value: the unit that answers for it, and the person if there is one."""

    unit_id: int
    scope_path: str
    resident_id: int | None = None
    person_uid: str = ""
    case_id: int | None = None
    warning_id: int | None = None


@dataclass(frozen=True, slots=True)
class LinkageDraft:
    """A linkage before it is kept. ``facts`` hold exactly what is passed on."""

    kind: Kind
    recipient: str
    reason: str
    facts: Mapping[Fact, str] = field(default_factory=dict)
    basis: str = ""


Draw = Callable[["Linkage", datetime], Ladder]
"""Given by the flow: who is called until the moment it is due, first, next and last."""


@dataclass(frozen=True, slots=True)
class OwnSubmission:
    """What a department learns of what it handed in: that it arrived, and whether it was accepted. Nothing else."""

    number: str
    unit: str
    handed_in_at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class OwnCall:
    """What an expert is told: where, what is asked, no name."""

    uid: str
    number: str
    unit: str
    reason: str
    called_at: datetime
    responded_at: datetime | None
    is_coming: bool | None


class LinkageNotFound(NotFound):
    """No such linkage for this actor."""

    code = "linkage-not-found"


class AlreadyAnswered(Conflict):
    """Somebody wrote the answer down before."""

    code = "linkage-answered"
    message = "A colleague has already written this down."


class FactsTooMany(Refused):
    """Only the facts of this kind are passed on."""

    code = "facts-too-many"
    message = "This cannot be passed on here. Leave it out."


class FactsMissing(Refused):
    """Without these, nobody can help."""

    code = "facts-missing"
    message = "Write this. Without it nobody can come to help."


class RecipientUnknown(Refused):
    """The recipients are data."""

    code = "recipient-unknown"
    message = "Choose who is told."


class BasisMissing(Refused):
    """Police data leaves on a ground in law, named by its code."""

    code = "basis-missing"
    message = "Choose the ground in law."


class LinkageReasonMissing(Refused):
    """A reason in words."""

    code = "linkage-reason-missing"
    message = "Write the reason in a sentence or two."


class OwnRelease(Refused):
    """Whoever asks for a release does not approve it."""

    code = "own-release"
    message = "Nobody approves what they asked for themselves. Another person has to do it."


class NobodyApproves(Refused):
    """Without somebody else who may decide, a release cannot be asked for."""

    code = "nobody-approves"
    message = (
        "Nobody else in office could approve this. If life is in danger, ring 110 and note it as a hand-off."
    )


class NoExperts(Refused):
    """The group is empty."""

    code = "no-experts"
    message = "Nobody is in the expert group of this area yet."


class ConsentUnconfirmed(Refused):
    """A department hands in only with the person's consent."""

    code = "consent-unconfirmed"
    message = "Confirm that the person agrees. In danger, ring 120 or 110 instead."
