"""让人联系我: an area and a phone number. A name only if one likes."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from anxin.domains.conversations.contracts import MAX_LETTERS
from anxin.sites.resident.results.forms import SAFETY
from anxin.sites.resident.tongues import is_untranslated

_SEPARATORS = re.compile(r"[\s\-()（）]+")
_MOBILE_DIGITS = 11
BY_PHONE, IN_WRITING = "phone", "chat"
WAYS = (
    (BY_PHONE, _("Call me")),
    (IN_WRITING, _("Write to me here; I leave no number")),
)


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
    way = forms.ChoiceField(
        label=_("How shall we reach you?"),
        choices=WAYS,
        initial=BY_PHONE,
        required=False,
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
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

    @property
    def wants_writing(self) -> bool:
        """Whether the person asked to be answered in writing."""
        return bool(self.cleaned_data.get("way") == IN_WRITING)

    def clean_phone(self) -> str:
        """Say how many digits are missing, not that the number is wrong."""
        if self.wants_writing:
            return ""
        number = _SEPARATORS.sub("", self.cleaned_data["phone"]).removeprefix("+86")
        if not number:
            raise forms.ValidationError(gettext("Without a number nobody can call you."))
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


class CodeForm(forms.Form):
    """The code somebody copied down, to come back to their conversation."""

    code = forms.CharField(
        label=_("Your chat code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Please type the twelve letters and digits you copied down.")},
    )


class MessageForm(forms.Form):
    """One message. The hidden uid makes a repeated sending the same message."""

    text = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MAX_LETTERS}),
        error_messages={"required": _("Please write something first.")},
    )
    client_uid = forms.CharField(max_length=36, widget=forms.HiddenInput)
