"""What was done about somebody who was not reached."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.notices.contracts import Settlement
from anxin.sites.staff.fields import note_field, radios_field

SETTLEMENTS = {
    Settlement.DUTY_PHONE: pgettext_lazy("unreached", "Reached by the duty phone"),
    Settlement.HOME_VISIT: pgettext_lazy("unreached", "Visited, two of us"),
    Settlement.MET: pgettext_lazy("unreached", "Met or spoken to in another way"),
    Settlement.NOT_NEEDED: pgettext_lazy("unreached", "No longer needed"),
}


class SettleForm(forms.Form):
    """The act, and a sentence about it."""

    how = radios_field(_("What you did"), [(one.value, words) for one, words in SETTLEMENTS.items()])
    note = note_field(_("In a sentence"), required=True)
