"""What is said before a file leaves."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.sites.staff.fields import note_field, radios_field

APPROVE, REFUSE = "approve", "refuse"


class PurposeForm(forms.Form):
    """What the file is for."""

    purpose = note_field(_("What you need the file for"), required=True)


class DecisionForm(forms.Form):
    """The second person's yes or no."""

    decision = radios_field(
        _("Decision"),
        ((APPROVE, pgettext_lazy("export", "Approve")), (REFUSE, pgettext_lazy("export", "Refuse"))),
    )
    text = note_field(_("Why (needed for a refusal)"), required=False)
