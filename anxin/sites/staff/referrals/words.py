"""The words of referrals. Values come from the room; here they get the words a colleague reads."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.referrals.contracts import (
    Act,
    Direction,
    Disposition,
    Evidence,
    LegalBasis,
    Stage,
    State,
    Urgency,
)
from anxin.domains.workforce.contracts import Tier
from anxin.sites.staff.words import Words

STATES: dict[State, Words] = {
    State.DRAFTED: pgettext_lazy("referral", "draft"),
    State.CONSENT_RECORDED: pgettext_lazy("referral", "agreed, not sent yet"),
    State.SENT: pgettext_lazy("referral", "sent"),
    State.RECEIVED: pgettext_lazy("referral", "arrived"),
    State.ACCEPTED: pgettext_lazy("referral", "accepted"),
    State.REDIRECTED: pgettext_lazy("referral", "redirected, back with the sender"),
    State.REJECTED: pgettext_lazy("referral", "not accepted, back with the sender"),
    State.SCHEDULED: pgettext_lazy("referral", "appointment made"),
    State.ATTENDED: pgettext_lazy("referral", "the person came"),
    State.NOT_ATTENDED: pgettext_lazy("referral", "the person did not come"),
    State.FEEDBACK_GIVEN: pgettext_lazy("referral", "feedback given"),
    State.RETURNED_DOWN: pgettext_lazy("referral", "returned"),
    State.ACCEPTED_BACK: pgettext_lazy("referral", "taken back"),
    State.CLOSED: pgettext_lazy("referral", "ended"),
    State.WITHDRAWN: pgettext_lazy("referral", "withdrawn"),
}

STAGES: dict[Stage, Words] = {
    Stage.PREPARE: pgettext_lazy("referral stage", "send it"),
    Stage.RECEIVE: pgettext_lazy("referral stage", "confirm that it arrived"),
    Stage.DECIDE: pgettext_lazy("referral stage", "accept or pass on"),
    Stage.SEND_ON: pgettext_lazy("referral stage", "ask another unit"),
    Stage.SEE: pgettext_lazy("referral stage", "see the person"),
    Stage.FEEDBACK: pgettext_lazy("referral stage", "feedback"),
    Stage.READ: pgettext_lazy("referral stage", "read the feedback"),
    Stage.TAKE_BACK: pgettext_lazy("referral stage", "take the person back"),
    Stage.FOLLOW_UP: pgettext_lazy("referral stage", "first follow-up"),
}

URGENCIES: dict[Urgency, Words] = {
    Urgency.EMERGENCY: pgettext_lazy("urgency", "Emergency"),
    Urgency.URGENT: pgettext_lazy("urgency", "Urgent"),
    Urgency.ROUTINE: pgettext_lazy("urgency", "Routine"),
}

DIRECTIONS: dict[Direction, Words] = {
    Direction.UP: pgettext_lazy("direction", "up"),
    Direction.DOWN: pgettext_lazy("direction", "down"),
    Direction.SIDEWAYS: pgettext_lazy("direction", "sideways"),
}

TIERS: dict[Tier, Words] = {
    Tier.TUTOR: pgettext_lazy("tier", "counselling tutor"),
    Tier.COUNSELLOR: pgettext_lazy("tier", "counsellor"),
    Tier.THERAPIST: pgettext_lazy("tier", "therapist"),
    Tier.PSYCHIATRIST: pgettext_lazy("tier", "psychiatrist"),
}

BASES: dict[LegalBasis, Words] = {
    LegalBasis.CONSENT: _("The person agrees; what they agree to is recorded next"),
    LegalBasis.EMERGENCY: _("Life in danger, and the person cannot be asked first (L3 and L4)"),
}

EVIDENCE: dict[Evidence, Words] = {
    Evidence.SCORES: _("Results of questionnaires"),
    Evidence.ASSESSMENT: _("The latest risk assessment"),
    Evidence.PLAN: _("The safety plan"),
    Evidence.CONTACTS: _("When and how contact was made"),
}

DISPOSITIONS: dict[Disposition, Words] = {
    Disposition.ADVICE_ONLY: _("Seen once, with advice for the station"),
    Disposition.CONTINUES_HERE: _("Goes on here"),
    Disposition.BACK_TO_STATION: _("Goes on at the station"),
    Disposition.FURTHER_REFERRAL: _("Needs another place"),
    Disposition.NOT_SEEN: _("Could not be seen"),
}

# What the timeline says of each act.
DONE: dict[Act, Words] = {
    Act.RECORD_CONSENT: _("Recorded what the person agreed to"),
    Act.SEND: _("Sent to %(to)s"),
    Act.RECEIVE: _("Confirmed that it arrived"),
    Act.ACCEPT: _("Accepted"),
    Act.REDIRECT: _("Redirected: %(to)s is right"),
    Act.REJECT: _("Not accepted; %(to)s is right"),
    Act.SEND_ON: _("Sent on to %(to)s"),
    Act.SCHEDULE: _("Made an appointment"),
    Act.ATTEND: _("The person came"),
    Act.MISS: _("The person did not come"),
    Act.FEED_BACK: _("Gave feedback"),
    Act.RETURN: _("Returned the person to the station"),
    Act.TAKE_BACK: _("Took the person back"),
    Act.FOLLOW_UP: _("Followed up"),
    Act.CLOSE: _("Read the feedback and ended the referral"),
    Act.WITHDRAW: _("Withdrew the referral"),
}
