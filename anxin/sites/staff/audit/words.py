"""Words of the trail's pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.kernel.actor import ActorKind

ACTOR_KINDS = {
    ActorKind.STAFF: pgettext_lazy("trail", "staff"),
    ActorKind.RESIDENT: pgettext_lazy("trail", "residents"),
    ActorKind.SYSTEM: pgettext_lazy("trail", "programs"),
}
ROOMS = {
    "access": _("Rights and openings"),
    "accounts": pgettext_lazy("trail", "Accounts"),
    "archives": pgettext_lazy("trail", "Archives"),
    "assessments": _("Self-tests and interviews"),
    "audit": _("The trail itself"),
    "campaigns": _("Screening campaigns"),
    "cases": _("Cases"),
    "conversations": pgettext_lazy("trail", "Conversations"),
    "deadlines": pgettext_lazy("trail", "Clocks"),
    "instruments": _("Questionnaires"),
    "keys": pgettext_lazy("trail", "Keys"),
    "network": _("Stations and people"),
    "notices": _("Notices"),
    "residents": _("Residents and consents"),
    "rights": _("Requests of the person"),
    "risk": _("Warnings"),
    "workforce": pgettext_lazy("trail", "Credentials"),
}
