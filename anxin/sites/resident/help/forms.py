"""让人联系我: an area and a phone number. A name only if one likes."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from anxin.sites.resident.results.forms import SAFETY
from anxin.sites.resident.tongues import is_untranslated

_SEPARATORS = re.compile(r"[\s\-()（）]+")
_MOBILE_DIGITS = 11


class AreaSelect(forms.Select):
    """A choice whose names may exist in Chinese only."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Mark such a name for screen readers."""
        option = super().create_option(*args, **kwargs)
        if is_untranslated(str(option["label"])):
            option["attrs"]["lang"] = "zh-Hans"
        return option


class ContactForm(forms.Form):
    """Where to call, and how urgent it is in the person's own view."""

    area = forms.ChoiceField(
        label=_("Which area are you in?"),
        widget=AreaSelect,
        error_messages={"required": _("Please choose an area.")},
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Without a number nobody can call you.")},
    )
    call_name = forms.CharField(
        label=_("What shall we call you?"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_safe_now = forms.ChoiceField(
        label=_("Are you safe right now?"),
        choices=SAFETY,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose the closest one.")},
    )

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("Choose")), *areas]

    def clean_phone(self) -> str:
        """Say how many digits are missing, not that the number is wrong."""
        number = _SEPARATORS.sub("", self.cleaned_data["phone"]).removeprefix("+86")
        if not number.isascii() or not number.isdecimal():
            raise forms.ValidationError(gettext("A phone number has only digits. Please look at it again."))
        if number.startswith("1") and len(number) != _MOBILE_DIGITS:
            off = abs(_MOBILE_DIGITS - len(number))
            words = (
                ngettext(
                    "The number is %(off)d digit short. Please look at it again.",
                    "The number is %(off)d digits short. Please look at it again.",
                    off,
                )
                if len(number) < _MOBILE_DIGITS
                else ngettext(
                    "The number has %(off)d digit too many. Please look at it again.",
                    "The number has %(off)d digits too many. Please look at it again.",
                    off,
                )
            )
            raise forms.ValidationError(words % {"off": off})
        return number
