"""What stands on the blackboard, and what only the person knows."""

from django import forms
from django.utils.translation import gettext_lazy as _

_WRONG_DAY = _("A day is a number from 1 to 31.")
_WRONG_MONTH = _("A month is a number from 1 to 12.")


class EntryForm(forms.Form):
    """Four short fields. Nothing here says which of them is wrong."""

    code = forms.CharField(
        label=_("Class code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("The class code is on the blackboard.")},
    )
    number = forms.CharField(
        label=_("Your number in the class"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        error_messages={"required": _("Your teacher knows your number.")},
    )
    month = forms.IntegerField(
        label=_("Month of your birthday"),
        min_value=1,
        max_value=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={
            "required": _WRONG_MONTH,
            "invalid": _WRONG_MONTH,
            "min_value": _WRONG_MONTH,
            "max_value": _WRONG_MONTH,
        },
    )
    day = forms.IntegerField(
        label=_("Day of your birthday"),
        min_value=1,
        max_value=31,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={
            "required": _WRONG_DAY,
            "invalid": _WRONG_DAY,
            "min_value": _WRONG_DAY,
            "max_value": _WRONG_DAY,
        },
    )
