"""The six parts in the words of the person."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxin.domains.cases.contracts import PlanPart

# Part, icon, heading, what may stand there.
PARTS: dict[PlanPart, tuple[str, str | Promise, str | Promise]] = {
    PlanPart.SIGNS: ("cloud", _("Changes I watch for"), _("What I notice first when it gets hard.")),
    PlanPart.OWN_WAYS: ("leaf", _("What I can do myself"), _("What has helped me before.")),
    PlanPart.PEOPLE_PLACES: (
        "friends",
        _("People and places that do me good"),
        _("Where I am not alone and need not explain anything."),
    ),
    PlanPart.WHO_TO_ASK: ("user-heart", _("Whom I can tell"), _("Who may know how I am, and their number.")),
    PlanPart.PROFESSIONALS: (
        "phone-call",
        _("Professional help"),
        _("My station, the person there who knows me, my doctor."),
    ),
    PlanPart.SURROUNDINGS: (
        "home-heart",
        _("Making things around me safer"),
        _("What I have agreed on, and with whom."),
    ),
}
