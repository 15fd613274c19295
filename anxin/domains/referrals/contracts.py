"""What others may see of the referrals room."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from anxin.domains.deadlines.contracts import Ladder
from anxin.kernel.errors import Conflict, NotFound, Refused

if TYPE_CHECKING:
    from anxin.domains.referrals.models import Referral

SUBJECT = "referral"


class Permission(StrEnum):
    """Rights of this room. ``VIEW_STATUS``: that a referral exists and where it stands, without its content."""

    ANSWER = "referrals.answer"
    READ = "referrals.read"
    SEND = "referrals.send"
    VIEW_COUNTS = "referrals.view_counts"
    VIEW_STATUS = "referrals.view_status"


class State(StrEnum):
    """Workflow 4.6, and ``withdrawn``: it never came to be seen, for a reason that is written down."""

    DRAFTED = "drafted"
    CONSENT_RECORDED = "consent_recorded"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REDIRECTED = "redirected"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    ATTENDED = "attended"
    NOT_ATTENDED = "not_attended"
    FEEDBACK_GIVEN = "feedback_given"
    RETURNED_DOWN = "returned_down"
    ACCEPTED_BACK = "accepted_back"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody can do with a referral."""

    RECORD_CONSENT = "record_consent"
    SEND = "send"
    RECEIVE = "receive"
    ACCEPT = "accept"
    REDIRECT = "redirect"
    REJECT = "reject"
    SEND_ON = "send_on"
    SCHEDULE = "schedule"
    ATTEND = "attend"
    MISS = "miss"
    FEED_BACK = "feed_back"
    RETURN = "return"
    TAKE_BACK = "take_back"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """The two sides of a referral."""

    SENDER = "sender"
    RECEIVER = "receiver"


class Stage(StrEnum):
    """What the running clock waits for."""

    PREPARE = "prepare"
    RECEIVE = "receive"
    DECIDE = "decide"
    SEND_ON = "send_on"
    SEE = "see"
    FEEDBACK = "feedback"
    READ = "read"
    TAKE_BACK = "take_back"
    FOLLOW_UP = "follow_up"


class Urgency(StrEnum):
    """Which column of the timers holds."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class Direction(StrEnum):
    """Up the network, down it, or to a neighbour."""

    UP = "up"
    DOWN = "down"
    SIDEWAYS = "sideways"


class LegalBasis(StrEnum):
    """Why the person's data may travel (PIPL art. 13)."""

    CONSENT = "consent"
    EMERGENCY = "emergency"


class Evidence(StrEnum):
    """What can travel beside the referral itself."""

    SCORES = "scores"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    CONTACTS = "contacts"


class Part(StrEnum):
    """The parts of a referral that one side or both may see."""

    STATUS = "status"
    PREVIEW = "preview"
    EVIDENCE = "evidence"
    WORK = "work"
    FEEDBACK = "feedback"


class Disposition(StrEnum):
    """What became of the person at the receiving side, in categories that name no illness."""

    ADVICE_ONLY = "advice_only"
    CONTINUES_HERE = "continues_here"
    BACK_TO_STATION = "back_to_station"
    FURTHER_REFERRAL = "further_referral"
    NOT_SEEN = "not_seen"


class EntryKind(StrEnum):
    """Lines of the timeline: the acts, and what the clock did."""

    ACT = "act"
    BREACHED = "breached"
    CLIMBED = "climbed"
    PAGED = "paged"


@dataclass(frozen=True, slots=True)
class Step:
    """What is owed next, by when, and when further people are called."""

    stage: Stage
    side: Side
    due_at: datetime
    climbs_at: tuple[datetime, ...]
    page_every: timedelta


Draw = Callable[["Referral", Step], Ladder]
"""Given by the flow: who is called for this step of this referral, first, next and last."""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence, by value, as it is when it is put in."""

    kind: Evidence
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How the person is reached, and who has custody of a child. ``hours``: when it is safe to ring."""

    name: str
    phone: str = ""
    hours: str = ""
    guardian: str = ""


@dataclass(frozen=True, slots=True)
class ReferralDraft:
    """A referral before it is kept: the minimum of workflow 4.6.

    ``tier`` is the rung of the four-tier ladder that is asked for, ``own_tier`` the sender's; ``ranks`` are the levels
    of the network of both sides. ``previous_uid`` continues an earlier chain.
    """

    urgency: Urgency
    level: int
    basis: str
    reason: str
    measures: str
    scores: str
    contact: Contact
    own_tier: int
    tier: int
    ranks: tuple[int, int]
    legal_basis: LegalBasis
    evidence: tuple[Item, ...] = ()
    previous_uid: str = ""


@dataclass(frozen=True, slots=True)
class ConsentScope:
    """What the person agreed to: which evidence, whether another unit may be asked, whether a diagnosis comes back."""

    evidence: frozenset[Evidence] = field(default_factory=frozenset)
    allows_onward: bool = False
    allows_diagnosis: bool = False
    how: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What comes back. ``diagnosis`` and ``medication`` only where the person agreed to it."""

    disposition: Disposition
    advice: str
    next_review_on: date | None = None
    diagnosis: str = ""
    medication: str = ""


@dataclass(frozen=True, slots=True)
class LoopCount:
    """KPI-17 in one direction: distinct chains that were sent, and those whose feedback came in time."""

    direction: Direction
    sent: int
    in_time: int
    late: int
    waiting: int

    @property
    def rate(self) -> float | None:
        """The share in time; nothing where nothing was sent."""
        return self.in_time / self.sent if self.sent else None


@dataclass(frozen=True, slots=True)
class OwnReferral:
    """What the person is shown about a referral of theirs."""

    uid: str
    number: str
    from_unit: str
    to_unit: str
    state: State
    sent_at: datetime | None
    appointment_at: datetime | None
    evidence: tuple[Evidence, ...]
    without_consent: bool


class ReferralNotFound(NotFound):
    """No such referral for this actor."""

    code = "referral-not-found"


class ReferralChanged(Conflict):
    """Somebody else wrote since it was read."""

    code = "referral-changed"
    message = "%(who)s changed this referral at %(at)s. Read it again; what you typed is kept."


class ReferralIncomplete(Refused):
    """The minimum content is missing."""

    code = "referral-incomplete"
    message = "Write this part. The other side needs it to decide."


class ReferralReasonMissing(Refused):
    """Saying no, passing on, taking back and withdrawing need a reason in words."""

    code = "referral-reason-missing"
    message = "Write the reason. The other side reads it."


class DestinationMissing(Refused):
    """A no names who is right instead."""

    code = "destination-missing"
    message = "Name the unit that is right for this person."


class DestinationUnfit(Refused):
    """A referral does not go to the unit it is at."""

    code = "destination-unfit"
    message = "Choose another unit than this one."


class NobodyReceives(Refused):
    """Nobody at the destination could answer, so nothing is sent there."""

    code = "nobody-receives"
    message = "At this unit nobody with this qualification is in post who could answer. Choose another unit."


class TierTooLow(Refused):
    """Up means to the next qualification (R-083)."""

    code = "tier-too-low"
    message = "Referring up asks for a higher qualification than your own."


class StepSkipped(Refused):
    """Only a high risk skips a rung of the ladder."""

    code = "step-skipped"
    message = "A rung of the ladder can be left out at L3 and L4 only. Ask for the next qualification."


class ConsentNeeded(Refused):
    """Without consent only in an emergency."""

    code = "consent-needed"
    message = "Record what the person agreed to first. Without it, only an emergency at L3 or L4 can be sent."


class NoEmergency(Refused):
    """The emergency path is for L3 and L4."""

    code = "no-emergency"
    message = "Without consent only L3 and L4 are sent, as an emergency."


class DiagnosisNotAgreed(Refused):
    """Diagnosis and medication travel back by the person's consent only."""

    code = "diagnosis-not-agreed"
    message = "The person has not agreed that a diagnosis or medication is passed back. Leave both out."


class FeedbackIncomplete(Refused):
    """Feedback says what the station should do, or how the person was lost."""

    code = "feedback-incomplete"
    message = "Write the advice for the station, or how it was tried to reach the person."


class AppointmentMissing(Refused):
    """An appointment lies ahead."""

    code = "appointment-missing"
    message = "Give a time that lies ahead."


class ChainStillOpen(Refused):
    """A chain has one referral on its way at a time."""

    code = "chain-still-open"
    message = "An earlier referral of this person is still on its way. Wait for its end, or withdraw it."
