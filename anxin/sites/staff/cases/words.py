"""Words of the course of a case."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.cases.contracts import AgreedHow, GoalState, PlanPart, SharedField
from anxin.sites.staff.words import Words

# Part, icon, heading, what belongs there.
PLAN_PARTS: dict[PlanPart, tuple[str, Words, Words]] = {
    PlanPart.SIGNS: (
        "cloud",
        _("Changes I watch for"),
        _("What you notice first when it gets hard: thoughts, sleep, mood, situations."),
    ),
    PlanPart.OWN_WAYS: (
        "leaf",
        _("What I can do myself"),
        _("Things that have helped before, without anybody else."),
    ),
    PlanPart.PEOPLE_PLACES: (
        "friends",
        _("People and places that do me good"),
        _("Where you are not alone, without having to explain anything."),
    ),
    PlanPart.WHO_TO_ASK: ("user-heart", _("Whom I can tell"), _("Who may know how you are; with a number.")),
    PlanPart.PROFESSIONALS: (
        "phone-call",
        _("Professional help"),
        _("The station, the colleague who knows you, the doctor, and the numbers above."),
    ),
    PlanPart.SURROUNDINGS: (
        "home-heart",
        _("Making things around me safer"),
        _("What was agreed, and who helps with it. Agreements only, nothing in detail."),
    ),
}

AGREED: dict[AgreedHow, Words] = {
    AgreedHow.FACE_TO_FACE: _("said so face to face"),
    AgreedHow.PHONE: _("said so on the phone"),
}
NOT_YET = _("not yet; the person looks at it first")

GOALS: dict[GoalState, Words] = {
    GoalState.OPEN: pgettext_lazy("goal", "still open"),
    GoalState.REACHED: pgettext_lazy("goal", "reached"),
    GoalState.DROPPED: pgettext_lazy("goal", "let go"),
}

SHARED: dict[SharedField, Words] = {
    SharedField.LEVEL: _("The level now"),
    SharedField.STATE: _("Where the case stands"),
    SharedField.FINDINGS: _("The latest assessment, point by point"),
    SharedField.COURSE: _("How the level went"),
    SharedField.PLAN: _("The safety plan"),
    SharedField.GOALS: _("The goals"),
}
