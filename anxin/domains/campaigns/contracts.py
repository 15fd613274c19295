"""What others may see of a screening campaign (筛查活动)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from anxin.domains.audit.contracts import Subject
from anxin.domains.deadlines.contracts import Ladder
from anxin.kernel.errors import Conflict, NotFound, Refused

CAMPAIGN_SUBJECT = "campaign"
TRIAGE_SUBJECT = "triage"


class Permission(StrEnum):
    """Rights of this room. ``VIEW_REPORT`` shows sums only; ``READ_NAMES`` is the need that opens a name."""

    INTERVIEW = "campaigns.interview"
    PLAN = "campaigns.plan"
    READ_NAMES = "campaigns.read_names"
    REVIEW = "campaigns.review"
    RUN = "campaigns.run"
    VIEW_REPORT = "campaigns.view_report"


class CampaignState(StrEnum):
    """Workflow 4.1, in order; a campaign may be cancelled from any state before it is reported."""

    DRAFT = "draft"
    ETHICS_CHECK = "ethics_check"
    APPROVED = "approved"
    CONSENT_OPEN = "consent_open"
    RUNNING = "running"
    QUALITY_CHECK = "quality_check"
    TRIAGED = "triaged"
    INTERVIEWING = "interviewing"
    REPORTED = "reported"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class Segment(StrEnum):
    """Who is asked."""

    STUDENT = "student"
    WORKER = "worker"
    ELDER = "elder"
    PREGNANT = "pregnant"
    RESIDENT = "resident"
    AFTER_EVENT = "after_event"


class ConsentState(StrEnum):
    """Where one person's agreement stands. A refusal is neutral: nobody is pressed or marked for it."""

    AWAITED = "awaited"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ParticipantState(StrEnum):
    """Listed on the roster, answering, done; or excused without a reason being asked."""

    LISTED = "listed"
    STARTED = "started"
    SUBMITTED = "submitted"
    EXCUSED = "excused"


class TriageLevel(StrEnum):
    """0 normal, 1 attention, 2 focus, 3 urgent (workflow 4.1). Proposed by rule, confirmed by a human only."""

    NORMAL = "0"
    ATTENTION = "1"
    FOCUS = "2"
    URGENT = "3"


class ImportState(StrEnum):
    """A roster file on its way in."""

    WAITING = "waiting"
    READING = "reading"
    FINISHED = "finished"
    FAILED = "failed"


class SubmissionChannel(StrEnum):
    """How the answers came in. Offline ones may be late."""

    ONLINE = "online"
    OFFLINE = "offline"
    PAPER = "paper"


ENVELOPE_LIMIT = 24 * 1024
"""Bytes of one sealed answer sheet, base64 and all."""


class Verdict(StrEnum):
    """What became of a form or a critical answer that was sent. The first three end it; the rest is tried again."""

    STORED = "stored"
    ALREADY_THERE = "already-there"
    CONFLICT = "conflict"
    TOKEN_MALFORMED = "token-malformed"
    TOKEN_FORGED = "token-forged"
    TOKEN_EXPIRED = "token-expired"
    TOKEN_UNKNOWN = "token-unknown"
    TOKEN_REPLACED = "token-replaced"
    CONSENT_MISSING = "consent-missing"
    CAMPAIGN_CLOSED = "campaign-closed"
    STEP_UNKNOWN = "step-unknown"
    ORIGIN = "foreign-origin"
    TOO_LARGE = "too-large"
    BAD_FORM = "bad-form"
    BAD_ANSWERS = "bad-answers"
    TOO_MANY = "too-many"
    BUSY = "busy"


class FormRefused(Refused):
    """A form that is not taken in; ``verdict`` says why. ``help_first`` holds all the same."""

    code = "form-refused"
    message = "These answers were not taken in."

    def __init__(self, verdict: Verdict, *, help_first: bool = False) -> None:
        super().__init__()
        self.verdict = verdict
        self.help_first = help_first


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """What is asked in one step of a campaign."""

    instrument: str
    instrument_version: str


NO_STEP = StepDefinition(instrument="", instrument_version="")


class Draft(msgspec.Struct, frozen=True):
    """A form that was read, checked and scored, and is ready to be kept."""

    participant_id: int
    campaign_id: int
    token_version: int
    step: int
    instrument: str
    instrument_version: str
    answers: tuple[int | None, ...]
    deciseconds: tuple[int, ...]
    digest: bytes
    scores: dict[str, int | float | None]
    is_critical: bool
    channel: SubmissionChannel
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class SignalDraft:
    """A critical answer given just now, or late, ready to be kept."""

    participant_id: int
    campaign_id: int
    token_version: int
    step: int
    instrument: str
    instrument_version: str
    item: str
    code: int
    is_late: bool
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told, and what the trail keeps of it."""

    verdict: Verdict
    uid: str
    help_first: bool
    subject: Subject

    def audit_subject(self) -> Subject:
        """For the trail."""
        return self.subject


class DataKind(StrEnum):
    """What is collected about a person; named in the notice and in the impact assessment (PIPL art. 17 and 56)."""

    ROSTER = "roster"
    ANSWERS = "answers"
    SCORES = "scores"
    INTERVIEW = "interview"
    CONTACT = "contact"


class CampaignStage(StrEnum):
    """What the running clock of a campaign waits for."""

    REVIEW = "review"
    TRIAGE = "triage"
    REPORT = "report"


class TriageStage(StrEnum):
    """What the running clock of one participant waits for."""

    CONFIRM = "confirm"
    INTERVIEW = "interview"
    SECOND_READING = "second_reading"
    PLAN = "plan"
    FOLLOW_UP = "follow_up"


class InterviewOutcome(StrEnum):
    """What came of asking somebody for a talk. Nobody is forced to one."""

    HELD = "held"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"


class TriageReason(StrEnum):
    """Why the rule proposes a level."""

    CRITICAL_ANSWER = "critical_answer"
    HEAVY_BURDEN = "heavy_burden"
    STILL_POSITIVE = "still_positive"
    FIRST_STEP_POSITIVE = "first_step_positive"
    SECOND_STEP_MISSING = "second_step_missing"
    ANSWERS_DOUBTFUL = "answers_doubtful"
    ANSWERS_INCOMPLETE = "answers_incomplete"


class Missing(StrEnum):
    """What keeps a campaign from its next state. A site puts each into words."""

    TITLE = "title"
    PURPOSE = "purpose"
    DATA_KINDS = "data_kinds"
    RECIPIENTS = "recipients"
    RETENTION = "retention"
    IMPACT_ASSESSMENT = "impact_assessment"
    AGE_RANGE = "age_range"
    TOO_YOUNG = "too_young"
    NO_INSTRUMENT = "no_instrument"
    STEP_ORDER = "step_order"
    INSTRUMENT_UNKNOWN = "instrument_unknown"
    KEY_UNVERIFIED = "key_unverified"
    WORDING_MISSING = "wording_missing"
    WRONG_CHANNEL = "wrong_channel"
    NOT_SELF_REPORT = "not_self_report"
    WRONG_AGE = "wrong_age"
    LICENCE_MISSING = "licence_missing"
    CAPACITY_FIGURES = "capacity_figures"
    CAPACITY_SHORT = "capacity_short"
    REVIEWER_IS_OWNER = "reviewer_is_owner"
    REVIEWER_NOT_ABOVE = "reviewer_not_above"
    CONSENT_TEXT = "consent_text"
    WINDOW_SHORT = "window_short"
    TIMES = "times"
    WINDOW_RUNNING = "window_running"
    NOT_YET = "not_yet"
    PAST_END = "past_end"
    ROSTER_EMPTY = "roster_empty"
    NOBODY_AGREED = "nobody_agreed"
    GROUP_WITHOUT_PLACE = "group_without_place"
    GROUP_WITHOUT_STANDBY = "group_without_standby"
    STILL_RUNNING = "still_running"
    FORMS_NOT_LOOKED_AT = "forms_not_looked_at"
    LEVELS_UNCONFIRMED = "levels_unconfirmed"
    INTERVIEWS_OPEN = "interviews_open"
    SECOND_READING_OPEN = "second_reading_open"
    PLANS_MISSING = "plans_missing"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing; ``about`` names the instrument or group it concerns."""

    what: Missing
    about: str = ""


class CampaignNotFound(NotFound):
    """No such campaign for this actor."""

    code = "campaign-not-found"


class TriageNotFound(NotFound):
    """No such participant for this actor."""

    code = "triage-not-found"


class GuardsOpen(Refused):
    """Something is missing before the next state; ``gaps`` says what."""

    code = "guards-open"
    message = "Some things are still missing before this step. They are listed on the page."

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        super().__init__()
        self.gaps = gaps


class CampaignReasonMissing(Refused):
    """This step needs its reason in words."""

    code = "campaign-reason-missing"
    message = "Write the reason. It goes into the history of the campaign."


class PlanFixed(Refused):
    """What was approved is not changed afterwards."""

    code = "plan-fixed"
    message = "The plan can be changed only while it is a draft."


class CampaignChanged(Conflict):
    """Somebody wrote in between."""

    code = "campaign-changed"
    message = "This was changed in the meantime. What you typed is still here; please look at what is new."


class GroupNotFound(NotFound):
    """No such group in this campaign."""

    code = "group-not-found"


class StandbyUnfit(Refused):
    """Nobody of this campaign's unit or of those above it."""

    code = "standby-unfit"
    message = "Choose somebody who works at this unit or at a unit above it."


class LevelNotLower(Refused):
    """A proposal is confirmed or raised; lowering needs a talk with the person."""

    code = "level-not-lower"
    message = "A level is lowered only after a talk with the person."


class TriageSettled(Refused):
    """This step was done already."""

    code = "triage-settled"
    message = "This step was already done by somebody else."


class FindingsMissing(Refused):
    """A worksheet without words."""

    code = "findings-missing"
    message = "Write what was found. Nobody else was in the room."


class TalkNeeded(Refused):
    """An urgent level is settled by a talk, by nothing else."""

    code = "talk-needed"
    message = "Somebody at level 3 is not left without a talk. Keep trying, and call the duty lead."


class OtherReaderNeeded(Refused):
    """The second reader is a second person."""

    code = "other-reader-needed"
    message = "Somebody other than the interviewer reads it, signed in with their own account."


class InterviewerUnfit(Refused):
    """Level 3 is confirmed and lowered by the qualified only."""

    code = "interviewer-unfit"
    message = "Level 3 needs a counsellor with crisis training, or above."


class PlanIncomplete(Refused):
    """A plan says what for, what is done, by whom, and when it is looked at again."""

    code = "plan-incomplete"
    message = "A plan needs goals, measures and a date after today to look at it again."


class NotDueYet(Refused):
    """Names are taken off when the retention time is over, not before."""

    code = "not-due-yet"
    message = "The retention time is not over yet."


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One instrument of a plan. ``follows`` 0: asked of everybody; n: only who was positive at step n."""

    instrument: str
    language: str = "zh-Hans"
    follows: int = 0


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What the owner writes down before a campaign is reviewed."""

    title: str
    segment: Segment
    age_min: int
    age_max: int
    purpose: str = ""
    data_kinds: tuple[DataKind, ...] = ()
    recipients: tuple[str, ...] = ()
    retention_months: int = 36
    impact_assessment: str = ""
    expected_participants: int = 0
    expected_positive_permille: int = 0
    interviewer_minutes: int = 0
    target_permille: int = 950
    steps: tuple[StepPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """When answers are taken: from, until."""

    runs_from: datetime
    runs_until: datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed next, by when, and when higher rungs are called."""

    stage: str
    due_at: datetime
    climbs_at: tuple[datetime, ...]
    page_every: timedelta
    level: TriageLevel = TriageLevel.NORMAL


Draw = Callable[[Owed], Ladder]
"""Finds the people who are called for what is owed."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rule says of one participant. ``credible`` false asks for a second look and never lowers anything."""

    level: TriageLevel
    reasons: tuple[TriageReason, ...]
    credible: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """A participant whose forms were looked at: the proposal, and the form that is critical, for its warning."""

    participant_id: int
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Worksheet:
    """The structured talk: what was asked and found, the level the interviewer sees, and the words."""

    outcome: InterviewOutcome
    level: TriageLevel
    summary: str
    findings: Mapping[str, str] = field(default_factory=dict)
    guardian_told: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """一生一策: goals, measures, who, and the day to look at it again."""

    goals: str
    measures: str
    responsible_id: int
    review_on: date


@dataclass(frozen=True, slots=True)
class ClockSubject:
    """What a clock of this room is about, for calling people: no name, no level."""

    uid: str
    number: str
    scope_path: str


# Names come in after the review, not before anybody has said that they may; people are asked in the window and while it
# runs.
ROSTER_TAKEN = frozenset({CampaignState.APPROVED, CampaignState.CONSENT_OPEN, CampaignState.RUNNING})
CONSENT_ASKED = frozenset({CampaignState.CONSENT_OPEN, CampaignState.RUNNING})


class RowFault(StrEnum):
    """What can be wrong with one row of a roster. A site puts each into words; none repeats what the cell says."""

    NAME_MISSING = "name_missing"
    NAME_ODD = "name_odd"
    ID_MISSING = "id_missing"
    ID_LENGTH = "id_length"
    ID_ROUNDED = "id_rounded"
    ID_CHECK = "id_check"
    ID_SWAPPED = "id_swapped"
    ID_DATE = "id_date"
    ID_OTHER = "id_other"
    SEX_UNREADABLE = "sex_unreadable"
    SEX_CONTRADICTS = "sex_contradicts"
    BORN_MISSING = "born_missing"
    BORN_UNREADABLE = "born_unreadable"
    BORN_CONTRADICTS = "born_contradicts"
    AGE_ODD = "age_odd"
    CLASS_MISSING = "class_missing"
    PHONE = "phone"
    GUARDIAN_PHONE = "guardian_phone"
    TEXT_TOO_LONG = "text_too_long"
    TWICE = "twice"
    TWICE_OTHER_NAME = "twice_other_name"
    NUMBER_TAKEN = "number_taken"
    KNOWN_OTHER_NAME = "known_other_name"
    KNOWN_OTHER_CLASS = "known_other_class"


class RosterColumn(StrEnum):
    """What a column of a roster can hold."""

    NAME = "name"
    ID_KIND = "id_kind"
    ID_NUMBER = "id_number"
    GRADE = "grade"
    GROUP = "group"
    ROSTER_NUMBER = "roster_number"
    SEX = "sex"
    BORN_ON = "born_on"
    PHONE = "phone"
    GUARDIAN_PHONE = "guardian_phone"


class FileFault(StrEnum):
    """Why a whole file is not taken. A site puts each into words that say what to do."""

    EMPTY = "empty"
    OLD_EXCEL = "old_excel"
    NOT_A_TABLE = "not_a_table"
    PROTECTED = "protected"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_WIDE = "too_wide"
    ENCODING = "encoding"
    OPEN_QUOTE = "open_quote"
    NO_HEADER = "no_header"
    NO_NAME_COLUMN = "no_name_column"
    NO_ID_COLUMN = "no_id_column"
    COLUMN_TWICE = "column_twice"
    TOO_MANY_FAULTS = "too_many_faults"
    FILE_GONE = "file_gone"
    GIVEN_UP = "given_up"


class FileRefused(Refused):
    """A file that is not taken; ``fault`` says why, ``detail`` where."""

    code = "file-refused"
    message = "This file cannot be taken in."

    def __init__(self, fault: FileFault, detail: str = "") -> None:
        super().__init__()
        self.fault = fault
        self.detail = detail


class RosterClosed(Refused):
    """Names come in only after the review and before the campaign's evaluation."""

    code = "roster-closed"
    message = "Names can be brought in once the campaign is approved, and until it ends."


class EntryRefused(Refused):
    """Code, number and birthday do not open a form. Which of them is wrong is not said: it would say who exists."""

    code = "entry-refused"
    message = "These do not belong together. Please look at your slip again, or ask your teacher."


class EntryTooOften(Refused):
    """Too many wrong tries on one device, or with one code."""

    code = "entry-too-often"
    message = "That did not work several times. Please wait ten minutes, or ask your teacher for your slip."


class ConsentAddressInvalid(NotFound):
    """The address of a consent page is unknown, replaced, or its time is over."""

    code = "consent-address-invalid"


class ConsentTextReplaced(Refused):
    """Nobody answers a text they have not read."""

    code = "consent-text-replaced"
    message = "The text has changed meanwhile. Please read the new one."


class ConsentNotTheirs(Refused):
    """Under 14 a guardian answers, from 14 on the person."""

    code = "consent-not-theirs"
    message = "Somebody else has to answer this."


class Answerer(StrEnum):
    """Who answers a consent text."""

    GUARDIAN = "guardian"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one row. ``detail`` is a place, never a content."""

    column: RosterColumn
    rule: RowFault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row that was read. ``number`` is the row people see in ``sheet``; ``identity`` is hashed before it is kept."""

    sheet: str
    number: int
    name: str = ""
    identity: str = ""
    grade: str = ""
    group: str = ""
    roster_number: str = ""
    sex: str = ""
    born_on: date | None = None
    phone: str = ""
    guardian_phone: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterHeader:
    """Where each column stands, and in which row of the sheet that was said."""

    row: int
    places: tuple[tuple[RosterColumn, int], ...]
    titles: tuple[str, ...]

    @property
    def columns(self) -> dict[RosterColumn, int]:
        """Place by column."""
        return dict(self.places)


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of one set of rows."""

    uid: str
    accepted: int
    unchanged: int
    refused: int

    def audit_subject(self) -> Subject:
        """For the trail: the file, nobody by name."""
        return Subject(uid=self.uid)


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A class in numbers."""

    uid: str
    code: str
    grade: str
    name: str
    listed: int
    consent_given: int
    consent_refused: int
    consent_awaited: int
    submitted: int


@dataclass(frozen=True, slots=True)
class ConsentCounts:
    """The roster by answer. A refusal is one number among the others."""

    listed: int
    given: int
    refused: int
    awaited: int
    withdrawn: int
    without_phone: int


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One text in one language and one version."""

    kind: str
    version: str
    title: str
    paragraphs: tuple[str, ...]
    agree: str
    decline: str
