"""Words of openings, as a colleague reads them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.access.contracts import Cause, Verdict
from anxin.sites.staff.words import Words

CAUSES: dict[Cause, Words] = {
    Cause.LIFE_AT_RISK: _("A life is at risk now"),
    Cause.PERSON_IS_HERE: _("The person is with me, or on the line, and asks for help"),
    Cause.COLLEAGUE_UNREACHABLE: _("The colleague in charge cannot be reached"),
    Cause.LEGAL_DUTY: _("A duty by law"),
    Cause.OTHER: _("Something else"),
}
VERDICTS: dict[Verdict, Words] = {
    Verdict.JUSTIFIED: pgettext_lazy("opening", "Justified"),
    Verdict.NOT_JUSTIFIED: pgettext_lazy("opening", "Not justified"),
}
