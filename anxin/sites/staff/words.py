"""Words the staff pages share. Values come from the rooms; here they get the words a colleague reads."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.cases.contracts import CaseStage, CaseState, EntryKind, LegalBasis
from anxin.domains.deadlines.contracts import RungName
from anxin.domains.risk.contracts import (
    ContactChannel,
    ContactOutcome,
    Ending,
    Level,
    Source,
    Stage,
    WarningState,
)

Words = str | Promise

RUNGS: dict[RungName, Words] = {
    RungName.STATION: pgettext_lazy("rung", "station"),
    RungName.COUNTY: pgettext_lazy("rung", "county centre"),
    RungName.CITY: pgettext_lazy("rung", "city centre"),
}
RUNG_NUMBERS: dict[RungName, int] = {RungName.STATION: 1, RungName.COUNTY: 2, RungName.CITY: 3}

STATES: dict[WarningState, Words] = {
    WarningState.NEW: pgettext_lazy("warning", "new"),
    WarningState.ACKNOWLEDGED: pgettext_lazy("warning", "taken over"),
    WarningState.CONTACTED: pgettext_lazy("warning", "reached"),
    WarningState.ASSESSED: pgettext_lazy("warning", "assessed"),
    WarningState.CASE_OPENED: pgettext_lazy("warning", "case opened"),
    WarningState.WATCH: pgettext_lazy("warning", "kept in view"),
    WarningState.FALSE_POSITIVE: pgettext_lazy("warning", "no risk found"),
    WarningState.NOT_REACHABLE: pgettext_lazy("warning", "not reachable"),
    WarningState.CLOSED: pgettext_lazy("warning", "ended"),
}

STAGES: dict[Stage, Words] = {
    Stage.ACKNOWLEDGE: pgettext_lazy("stage", "take over"),
    Stage.CONTACT: pgettext_lazy("stage", "first contact"),
    Stage.ASSESS: pgettext_lazy("stage", "risk assessment"),
    Stage.DECIDE: pgettext_lazy("stage", "decide what follows"),
    Stage.SIGN: pgettext_lazy("stage", "second signature"),
    Stage.REVIEW: pgettext_lazy("stage", "look again"),
}

SOURCES: dict[Source, Words] = {
    Source.SELF_TEST: pgettext_lazy("source", "self-test"),
    Source.CHECK_IN: pgettext_lazy("source", "safety check-in"),
    Source.CONTACT_REQUEST: pgettext_lazy("source", "asked to be contacted"),
    Source.STAFF: pgettext_lazy("source", "reported by staff"),
    Source.CAMPAIGN: pgettext_lazy("source", "screening campaign"),
}

ENDINGS: dict[Ending, Words] = {
    Ending.CASE_OPENED: _("Open a case"),
    Ending.WATCH: _("Keep in view, and look again"),
    Ending.WATCH_OVER: _("End the watch"),
    Ending.FALSE_POSITIVE: _("No risk found"),
    Ending.NOT_REACHABLE: _("Not reachable"),
}

CHANNELS: dict[ContactChannel, Words] = {
    ContactChannel.PHONE: pgettext_lazy("channel", "phone"),
    ContactChannel.SMS: pgettext_lazy("channel", "text message"),
    ContactChannel.CHAT: pgettext_lazy("channel", "online chat"),
    ContactChannel.VISIT: pgettext_lazy("channel", "visit at home"),
    ContactChannel.FAMILY: pgettext_lazy("channel", "through the family"),
    ContactChannel.SCHOOL: pgettext_lazy("channel", "through the school"),
}

OUTCOMES: dict[ContactOutcome, Words] = {
    ContactOutcome.REACHED: pgettext_lazy("outcome", "reached"),
    ContactOutcome.NO_ANSWER: pgettext_lazy("outcome", "no answer"),
    ContactOutcome.WRONG_NUMBER: pgettext_lazy("outcome", "wrong number"),
    ContactOutcome.REFUSED: pgettext_lazy("outcome", "did not want to talk"),
}

FINDINGS: dict[str, Words] = {
    "ideation": _("Thoughts of not wanting to live"),
    "plan": _("A plan"),
    "means": _("Means within reach"),
    "intent": _("Intends to act"),
    "past_attempt": _("An attempt in the past"),
    "substance": _("Alcohol or other substances"),
    "psychosis": _("Voices, or beliefs out of touch with reality"),
    "abuse": _("Harmed or threatened by somebody"),
    "protective": _("Reasons and people that hold"),
}
FINDING_VALUES: dict[str, Words] = {
    "yes": pgettext_lazy("finding", "yes"),
    "no": pgettext_lazy("finding", "no"),
    "unknown": pgettext_lazy("finding", "not known"),
}

LEVELS: dict[Level, Words] = {
    Level.L4: _("L4 critical: danger now"),
    Level.L3: _("L3 high"),
    Level.L2: _("L2 moderate"),
    Level.L1: _("L1 watch"),
    Level.L0: _("L0 steady"),
}

SEXES: dict[str, Words] = {"f": pgettext_lazy("sex", "female"), "m": pgettext_lazy("sex", "male")}

# On what ground a case is opened (PIPL art. 13).
LEGAL_BASES: dict[LegalBasis, Words] = {
    LegalBasis.CONSENT: _("The person agrees"),
    LegalBasis.EMERGENCY: _("To protect life and health in an emergency"),
    LegalBasis.STATUTORY_DUTY: _("A duty in law, such as the protection of minors"),
}

CASE_STATES: dict[CaseState, Words] = {
    CaseState.OPENED: pgettext_lazy("case", "opened"),
    CaseState.RISK_ASSESSED: pgettext_lazy("case", "risk assessed"),
    CaseState.SAFETY_PLANNED: pgettext_lazy("case", "safety plan made"),
    CaseState.INTERVENING: pgettext_lazy("case", "in support"),
    CaseState.REFERRED: pgettext_lazy("case", "referred"),
    CaseState.FOLLOWUP: pgettext_lazy("case", "follow-up"),
    CaseState.CLOSED: pgettext_lazy("case", "closed"),
    CaseState.TRANSFERRED: pgettext_lazy("case", "moved to another place"),
    CaseState.DECEASED_REVIEW: pgettext_lazy("case", "the person died, review"),
    CaseState.LOST: pgettext_lazy("case", "contact lost"),
}

CASE_STAGES: dict[CaseStage, Words] = {
    CaseStage.ASSESS: pgettext_lazy("case stage", "risk assessment"),
    CaseStage.PLAN: pgettext_lazy("case stage", "safety plan"),
    CaseStage.CONTACT: pgettext_lazy("case stage", "contact"),
    CaseStage.REFERRAL: pgettext_lazy("case stage", "answer to the referral"),
    CaseStage.FOLLOWUP: pgettext_lazy("case stage", "follow-up"),
    CaseStage.REVIEW: pgettext_lazy("case stage", "review for closing"),
    CaseStage.LEARNING: pgettext_lazy("case stage", "learning review"),
}

CASE_ENTRIES: dict[EntryKind, Words] = {
    EntryKind.CONTACT: pgettext_lazy("case entry", "Contact"),
    EntryKind.SESSION: pgettext_lazy("case entry", "Session"),
    EntryKind.FAMILY: pgettext_lazy("case entry", "Talk with the family"),
    EntryKind.MEANS_ADVICE: pgettext_lazy("case entry", "Advice on safe surroundings"),
    EntryKind.SCHOOL_PLAN: pgettext_lazy("case entry", "Plan for going back to school"),
    EntryKind.NOTE: pgettext_lazy("case entry", "Note"),
}
