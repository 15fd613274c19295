"""Words of the campaign pages. Values come from the room; here they get the words a colleague reads."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.campaigns.contracts import (
    CampaignStage,
    CampaignState,
    DataKind,
    InterviewOutcome,
    Missing,
    Segment,
    TriageLevel,
    TriageReason,
    TriageStage,
)

Words = str | Promise
S, M = CampaignState, Missing

STATES: dict[CampaignState, Words] = {
    S.DRAFT: pgettext_lazy("campaign", "draft"),
    S.ETHICS_CHECK: pgettext_lazy("campaign", "in review"),
    S.APPROVED: pgettext_lazy("campaign", "approved"),
    S.CONSENT_OPEN: pgettext_lazy("campaign", "asking for consent"),
    S.RUNNING: pgettext_lazy("campaign", "answering"),
    S.QUALITY_CHECK: pgettext_lazy("campaign", "quality check"),
    S.TRIAGED: pgettext_lazy("campaign", "triaged"),
    S.INTERVIEWING: pgettext_lazy("campaign", "talks"),
    S.REPORTED: pgettext_lazy("campaign", "reported"),
    S.ARCHIVED: pgettext_lazy("campaign", "archived"),
    S.CANCELLED: pgettext_lazy("campaign", "cancelled"),
}

# What a button says that leads there.
STEPS: dict[CampaignState, Words] = {
    S.ETHICS_CHECK: _("Send to review"),
    S.APPROVED: _("Approve the plan"),
    S.DRAFT: _("Give the plan back"),
    S.CONSENT_OPEN: _("Send the notice and ask for consent"),
    S.RUNNING: _("Begin taking answers"),
    S.QUALITY_CHECK: _("End taking answers"),
    S.TRIAGED: _("Finish the triage"),
    S.INTERVIEWING: _("Begin the talks"),
    S.REPORTED: _("Release the report"),
    S.ARCHIVED: _("Archive"),
    S.CANCELLED: _("Cancel the campaign"),
}

SEGMENTS: dict[Segment, Words] = {
    Segment.STUDENT: pgettext_lazy("segment", "students"),
    Segment.WORKER: pgettext_lazy("segment", "people at work"),
    Segment.ELDER: pgettext_lazy("segment", "older people"),
    Segment.PREGNANT: pgettext_lazy("segment", "pregnant women and new mothers"),
    Segment.RESIDENT: pgettext_lazy("segment", "residents of a place"),
    Segment.AFTER_EVENT: pgettext_lazy("segment", "people after an event"),
}

DATA_KINDS: dict[DataKind, Words] = {
    DataKind.ROSTER: _("Name, class and identity number as a keyed hash"),
    DataKind.CONTACT: _("Telephone of the person and the guardian"),
    DataKind.ANSWERS: _("Answers to the questionnaires"),
    DataKind.SCORES: _("Scores"),
    DataKind.INTERVIEW: _("Notes of talks, and support plans"),
}

MISSING: dict[Missing, Words] = {
    M.TITLE: _("Give the campaign a name."),
    M.PURPOSE: _("Write what it is for."),
    M.DATA_KINDS: _("Say which data are collected."),
    M.RECIPIENTS: _("Say who receives which results."),
    M.RETENTION: _("Say how long the data are kept."),
    M.IMPACT_ASSESSMENT: _("Write the impact assessment. Health data are sensitive, so it is always needed."),
    M.AGE_RANGE: _("The age range goes from the younger to the older."),
    M.TOO_YOUNG: _("Under 8 nobody is asked to fill in a form about themselves."),
    M.NO_INSTRUMENT: _("Choose at least one questionnaire."),
    M.STEP_ORDER: _("A second step follows an earlier one."),
    M.INSTRUMENT_UNKNOWN: _("The library does not have this questionnaire."),
    M.KEY_UNVERIFIED: _("Its scoring key was not verified."),
    M.WORDING_MISSING: _("Its wording is not there in this language."),
    M.WRONG_CHANNEL: _("It may not be used in a campaign."),
    M.NOT_SELF_REPORT: _("People do not fill it in about themselves."),
    M.WRONG_AGE: _("It is not meant for the whole age range."),
    M.LICENCE_MISSING: _("The proof of its licence is missing."),
    M.CAPACITY_FIGURES: _(
        "Fill in how many people, how many will be found, and how many hours there are for talks."
    ),
    M.CAPACITY_SHORT: _("There are not enough hours to talk to everybody who will be found."),
    M.REVIEWER_IS_OWNER: _("Nobody approves their own plan."),
    M.REVIEWER_NOT_ABOVE: _("The reviewer stands above the unit whose plan it is."),
    M.CONSENT_TEXT: _("There is no consent text of this version."),
    M.WINDOW_SHORT: _("People have at least seven days to answer before the first form."),
    M.TIMES: _("Say from when until when answers are taken."),
    M.WINDOW_RUNNING: _("The seven days for consent are not over."),
    M.NOT_YET: _("The first day has not come yet."),
    M.PAST_END: _("The last day has passed."),
    M.ROSTER_EMPTY: _("Nobody is on the roster."),
    M.NOBODY_AGREED: _("Nobody has agreed yet."),
    M.GROUP_WITHOUT_PLACE: _("Room or time is missing."),
    M.GROUP_WITHOUT_STANDBY: _("Nobody stands by."),
    M.STILL_RUNNING: _("Neither the end nor the target is reached."),
    M.FORMS_NOT_LOOKED_AT: _("Some forms were not looked at yet. The system is working on it."),
    M.LEVELS_UNCONFIRMED: _("Some levels wait for a human."),
    M.INTERVIEWS_OPEN: _("Some talks are still owed."),
    M.SECOND_READING_OPEN: _("A second reading is still owed."),
    M.PLANS_MISSING: _("Some people have no support plan yet."),
}

LEVELS: dict[TriageLevel, Words] = {
    TriageLevel.NORMAL: _("Level 0: nothing found"),
    TriageLevel.ATTENTION: _("Level 1: attention"),
    TriageLevel.FOCUS: _("Level 2: focus"),
    TriageLevel.URGENT: _("Level 3: urgent"),
}

REASONS: dict[TriageReason, Words] = {
    TriageReason.CRITICAL_ANSWER: _("An answer asks for a safety check"),
    TriageReason.HEAVY_BURDEN: _("Heavy burden"),
    TriageReason.STILL_POSITIVE: _("Still above the limit when asked more closely"),
    TriageReason.FIRST_STEP_POSITIVE: _("Above the limit in the first step"),
    TriageReason.SECOND_STEP_MISSING: _("The second step was not handed in"),
    TriageReason.ANSWERS_DOUBTFUL: _("Answers doubtful: look a second time"),
    TriageReason.ANSWERS_INCOMPLETE: _("Answers incomplete"),
}

TRIAGE_STAGES: dict[TriageStage, Words] = {
    TriageStage.CONFIRM: pgettext_lazy("triage stage", "confirm the level"),
    TriageStage.INTERVIEW: pgettext_lazy("triage stage", "talk"),
    TriageStage.SECOND_READING: pgettext_lazy("triage stage", "second reading"),
    TriageStage.PLAN: pgettext_lazy("triage stage", "support plan"),
    TriageStage.FOLLOW_UP: pgettext_lazy("triage stage", "look at the plan again"),
}

CAMPAIGN_STAGES: dict[CampaignStage, Words] = {
    CampaignStage.REVIEW: pgettext_lazy("campaign stage", "review of the plan"),
    CampaignStage.TRIAGE: pgettext_lazy("campaign stage", "triage"),
    CampaignStage.REPORT: pgettext_lazy("campaign stage", "report"),
}

OUTCOMES: dict[InterviewOutcome, Words] = {
    InterviewOutcome.HELD: _("We talked"),
    InterviewOutcome.DECLINED: _("Does not want a talk"),
    InterviewOutcome.NOT_REACHED: _("Not reached yet"),
}

# The structured talk: risk first, then what else weighs and what holds.
FINDINGS: dict[str, Words] = {
    "ideation": _("Thoughts of not wanting to live"),
    "plan": _("A plan"),
    "past_attempt": _("An attempt in the past"),
    "self_harm": _("Hurts themselves"),
    "abuse": _("Harmed or threatened by somebody"),
    "sleep": _("Sleep is disturbed"),
    "school": _("Cannot cope with school or work"),
    "family": _("Trouble at home"),
    "friends": _("Bullied or alone"),
    "protective": _("Reasons and people that hold"),
}

GUARDIAN_TOLD: dict[str, Words] = {
    "": _("not needed"),
    "yes": _("The guardian was told"),
    "later": _("The guardian will be told"),
    "protected": _("Not told, because telling could put the person in danger"),
}
