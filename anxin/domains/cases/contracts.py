"""What others may see of the cases room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from anxin.domains.deadlines.contracts import Ladder
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Findings, Level
from anxin.kernel.errors import Conflict, NotFound, Refused

SUBJECT = "case"


class Permission(StrEnum):
    """Rights of this room."""

    ASSIGN = "cases.assign"
    CLOSE = "cases.close"
    OPEN = "cases.open"
    VIEW = "cases.view"
    VIEW_COUNTS = "cases.view_counts"
    WRITE = "cases.write"


class CaseState(StrEnum):
    """Workflow 4.3."""

    OPENED = "opened"
    RISK_ASSESSED = "risk_assessed"
    SAFETY_PLANNED = "safety_planned"
    INTERVENING = "intervening"
    REFERRED = "referred"
    FOLLOWUP = "followup"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    DECEASED_REVIEW = "deceased_review"
    LOST = "lost"


class CaseStage(StrEnum):
    """What the running clock of a case waits for."""

    ASSESS = "assess"
    PLAN = "plan"
    CONTACT = "contact"
    REFERRAL = "referral"
    FOLLOWUP = "followup"
    REVIEW = "review"
    LEARNING = "learning"


class LegalBasis(StrEnum):
    """Why the person's data may be worked with (PIPL art. 13): consent, danger to life, or a duty in law."""

    CONSENT = "consent"
    EMERGENCY = "emergency"
    STATUTORY_DUTY = "statutory_duty"


class EntryKind(StrEnum):
    """Lines of a case's timeline."""

    OPENED = "opened"
    ATTACHED = "attached"
    LEVEL_RAISED = "level_raised"
    ASSESSED = "assessed"
    STATE_ENTERED = "state_entered"
    CONTACT = "contact"
    SESSION = "session"
    FAMILY = "family"
    MEANS_ADVICE = "means_advice"
    SCHOOL_PLAN = "school_plan"
    NOTE = "note"
    LOWERING_PROPOSED = "lowering_proposed"
    LOWERING_DECLINED = "lowering_declined"
    LOWERING_LAPSED = "lowering_lapsed"
    FOLLOWUPS_PLANNED = "followups_planned"
    FOLLOWUP_MOVED = "followup_moved"
    PLAN_WRITTEN = "plan_written"
    PLAN_AGREED = "plan_agreed"
    GOAL_SET = "goal_set"
    GOAL_REVIEWED = "goal_reviewed"
    TASK_SET = "task_set"
    TASK_DONE = "task_done"
    CONFERENCE_CALLED = "conference_called"
    CONFERENCE_ENDED = "conference_ended"
    ASSIGNED = "assigned"
    BREACHED = "breached"
    CLIMBED = "climbed"
    PAGED = "paged"
    ENDED = "ended"


WRITABLE_KINDS = frozenset(
    {
        EntryKind.CONTACT,
        EntryKind.SESSION,
        EntryKind.FAMILY,
        EntryKind.MEANS_ADVICE,
        EntryKind.SCHOOL_PLAN,
        EntryKind.NOTE,
    }
)


class FollowUpState(StrEnum):
    """What became of one follow-up. ``MISSED``: a later contact stands for it; ``SUPERSEDED``: a new ladder began."""

    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"
    SUPERSEDED = "superseded"


class LoweringState(StrEnum):
    """A lowering of L3 or L4 counts once a second competent person has read it; a raise in between makes it lapse."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"


class PlanPart(StrEnum):
    """The six parts of a safety plan, in the order they are read."""

    SIGNS = "signs"
    OWN_WAYS = "own_ways"
    PEOPLE_PLACES = "people_places"
    WHO_TO_ASK = "who_to_ask"
    PROFESSIONALS = "professionals"
    SURROUNDINGS = "surroundings"


class PlanSide(StrEnum):
    """Who agrees to a plan: the person it is for, and the colleague who wrote it with them."""

    PERSON = "person"
    STAFF = "staff"


class AgreedHow(StrEnum):
    """How somebody agreed: in the page itself, or said so to the colleague who notes it."""

    ONLINE = "online"
    FACE_TO_FACE = "face_to_face"
    PHONE = "phone"


class GoalState(StrEnum):
    """A goal is looked at together before a case is closed: reached, or let go for a reason."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class SharedField(StrEnum):
    """What of a case a conference may be shown. Nothing else travels: no name, no note, no answer."""

    LEVEL = "level"
    STATE = "state"
    FINDINGS = "findings"
    COURSE = "course"
    PLAN = "plan"
    GOALS = "goals"


@dataclass(frozen=True, slots=True)
class CaseStep:
    """What is owed next, and by when.

    ``planned_at`` and ``opens_at`` belong to follow-ups: the day meant, and the first moment that counts for
    it; ``due_at`` is the last. ``climbs_at`` says when further rungs are called. ``number`` of ``total``
    counts follow-ups.
    """

    stage: CaseStage
    due_at: datetime
    climbs_at: tuple[datetime, ...]
    page_every: timedelta
    planned_at: datetime | None = None
    opens_at: datetime | None = None
    number: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class FollowUpWindow:
    """One follow-up of a ladder: the day meant, and the first and last moment that count for it."""

    number: int
    total: int
    planned_at: datetime
    opens_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LadderStanding:
    """Where a case's ladder of follow-ups stands: the one owed next, or none when all are behind."""

    owed: FollowUpWindow | None


Draw = Callable[[CaseStep], Ladder]
"""Given by the flow: who is called for this step, first, next and last."""


@dataclass(frozen=True, slots=True)
class AssessmentDraft:
    """A structured assessment before it is kept. ``second_reader_id``: the member of staff who read it as well."""

    level: Level
    findings: Findings
    summary: str
    second_reader_id: int | None = None


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """Something that happened, before it is kept. A contact says how it was tried and what came of it.

    ``without_plan``: why a contact at L3 or L4 ended although there is no agreed safety plan yet. ``once_uid``: a name
    the page gave this entry, so that it is kept once however often it is sent.
    """

    kind: EntryKind
    note: str = ""
    channel: ContactChannel | None = None
    outcome: ContactOutcome | None = None
    without_plan: str = ""
    once_uid: str = ""


PlanContent = Mapping[PlanPart, str]


@dataclass(frozen=True, slots=True)
class PlanView:
    """One version. ``agreed``: side to moment; ``by_person``: the person wrote this version."""

    case_uid: str
    version: int
    content: dict[PlanPart, str]
    by_person: bool
    author: str
    written_at: datetime
    agreed: dict[PlanSide, datetime]

    @property
    def is_in_force(self) -> bool:
        """Whether both sides agreed to it."""
        return set(self.agreed) == set(PlanSide)


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """What the person has: the newest version, the one both agreed to (often the same), and whether they may write."""

    case_uid: str
    unit: str
    latest: PlanView | None
    in_force: PlanView | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Load:
    """One colleague's cases in hand: by level, and how many are overdue."""

    posting_id: int
    by_level: Mapping[int, int]
    overdue: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_level.values())


@dataclass(frozen=True, slots=True)
class ClosingStanding:
    """How far a case is from being closed: what the rule looks at, and what is missing."""

    latest_level: int | None
    low_since: datetime | None
    ready_at: datetime | None
    level_is_low: bool
    is_long_enough: bool

    @property
    def is_met(self) -> bool:
        """Whether the assessments allow closing; goals and the supervisor come on top."""
        return self.level_is_low and self.is_long_enough


class CaseNotFound(NotFound):
    """No such case for this actor."""

    code = "case-not-found"


class CaseAlreadyOpen(Refused):
    """One open crisis case per person."""

    code = "case-already-open"
    message = "There is already an open case for this person."


class CaseEnded(Refused):
    """Nothing is written on a case that has ended."""

    code = "case-ended"
    message = "This case has ended. Open a new one if the person needs help again."


class CaseChanged(Conflict):
    """Somebody else wrote on the case since it was read; ``params`` name who and when."""

    code = "case-changed"
    message = "%(who)s changed this case at %(at)s. Read it again; what you typed is kept."


class ClosingRuleUnmet(Refused):
    """Closing needs L1 or below on two assessments at least 14 days apart, and nothing higher since."""

    code = "closing-rule-unmet"
    message = "Closing needs L1 or below on two assessments at least 14 days apart."


class GoalsNotReviewed(Refused):
    """The goals are looked at together before a case is closed."""

    code = "goals-not-reviewed"
    message = "Review the goals before you close the case."


class SupervisorNeeded(Refused):
    """The end of a case is approved by somebody who is not its manager."""

    code = "supervisor-needed"
    message = "The end of a case is approved by a supervisor who is not the case manager."


class SecondReaderNeeded(Refused):
    """L3 and L4 are lowered by two people."""

    code = "second-reader-needed"
    message = "Lowering L3 or L4 needs a second competent person who has read the assessment."


class CaseReasonMissing(Refused):
    """Opening, handing over and ending need a reason in words."""

    code = "case-reason-missing"
    message = "Write the reason. It goes into the timeline of the case."


class CaseNoteMissing(Refused):
    """An entry without words says nothing."""

    code = "case-note-missing"
    message = "Write what happened."


class ContactIncomplete(Refused):
    """A contact says how it was tried and what came of it."""

    code = "contact-incomplete"
    message = "Choose how you tried to reach the person and what came of it."


class FindingsUnreadable(Refused):
    """Each finding is yes, no or unknown."""

    code = "findings-unreadable"
    message = "Answer each point with yes, no or unknown."


class ManagerUnfit(Refused):
    """The new manager holds another posting than the old one, in force today."""

    code = "manager-unfit"
    message = "Choose another colleague who is in post today."


class LevelChanged(Conflict):
    """A level is never lowered from a page that is older than the level; ``params`` name both values."""

    code = "level-changed"
    message = (
        "You wanted to lower the level to L%(yours)s, but the case was changed by %(who)s at %(at)s and stands at "
        "L%(now)s. Nothing was lowered. Read it again and assess anew; what you typed is kept."
    )


class LoweringWaits(Refused):
    """One lowering at a time waits for its second reader."""

    code = "lowering-waits"
    message = "A lowering waits already for its second reader."


class LoweringDecided(Conflict):
    """The lowering was confirmed, declined, or lapsed because the level rose."""

    code = "lowering-decided"
    message = "This lowering was already decided, or the level has risen since."


class SafetyPlanMissing(Refused):
    """A contact at L3 or L4 does not end, and the case does not move on, before there is an agreed safety plan."""

    code = "safety-plan-missing"
    message = (
        "There is no safety plan both sides agreed to yet. Make it first, or write why it was not possible."
    )


class PlanEmpty(Refused):
    """A plan says at least who to turn to and what to do; an empty one helps nobody."""

    code = "plan-empty"
    message = "Write at least the signs, and who to ask or which professionals to turn to."


class PlanChanged(Conflict):
    """The other side wrote a newer version of the plan in between."""

    code = "plan-changed"
    message = "The plan was changed in the meantime. Read the newer version; what you typed is kept."


class PlanNotFound(NotFound):
    """No such plan for this actor."""

    code = "plan-not-found"


class LostRuleUnmet(Refused):
    """Lost contact: attempts by two ways on three days, and for L3 and L4 a check at home or school."""

    code = "lost-rule-unmet"
    message = (
        "Contact counts as lost after attempts by two ways on at least three days since the person was last reached, "
        "and for L3 and L4 a check at home or at school."
    )


class GoalsOpen(Refused):
    """Goals that nobody has looked at keep a case open."""

    code = "goals-open"
    message = "There are goals nobody has reviewed yet. Look at each of them first."


class FollowUpNotMovable(Refused):
    """A follow-up is moved for a reason, ahead, and not behind the next one or out of its window at L3 and L4."""

    code = "follow-up-not-movable"
    message = (
        "Choose a time ahead: before the next follow-up and, at L3 and L4, within the window of this one."
    )


class TaskUnreadable(Refused):
    """A task has an owner and a day ahead."""

    code = "task-unreadable"
    message = "A task needs words, somebody who does it, and a day that has not passed."


class TaskNotFound(NotFound):
    """No such task, goal or follow-up in this case."""

    code = "task-not-found"


class ConferenceUnreadable(Refused):
    """A conference has a question, members of at least one unit, and an end within two weeks."""

    code = "conference-unreadable"
    message = "A conference needs its question, at least one member, and an end within fourteen days."


class ConferenceOver(Refused):
    """A conference is open for its time only."""

    code = "conference-over"
    message = "This conference is over."


class ConferenceNotFound(NotFound):
    """No such conference for this actor, or its time is over."""

    code = "conference-not-found"


class ReviewNotFound(NotFound):
    """No such learning review for this actor."""

    code = "review-not-found"


class CoverUnreadable(Refused):
    """A cover names another colleague of the same place, and days ahead."""

    code = "cover-unreadable"
    message = "Choose another colleague who may work on these cases, and days that have not passed."
