"""What people type to sign in."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import GuardianConsentNeeded
from anxin.kernel import clock
from anxin.kernel.identifiers_cn import MobileInvalid, normalise_mobile

_EARLIEST_YEAR = 1900


def _digits(length: int, autocomplete: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={
            "inputmode": "numeric",
            "autocomplete": autocomplete,
            "maxlength": length,
            "pattern": "[0-9０-９ ]*",
        }
    )


class PhoneForm(forms.Form):
    """A phone, and the code once it came."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        error_messages={"required": _("Please type your mobile number.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel-national"}),
    )
    code = forms.CharField(
        label=_("Code"), max_length=12, required=False, widget=_digits(12, "one-time-code")
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        """The eleven digits, however they were typed."""
        try:
            return normalise_mobile(self.cleaned_data["phone"])
        except MobileInvalid as error:
            raise forms.ValidationError(_(error.message)) from None

    def clean_code(self) -> str:
        """Digits only; half of the world types a space in the middle."""
        return plain_digits(self.cleaned_data["code"])


class FirstVisitForm(forms.Form):
    """Date of birth, nearest place, agreement. Nothing else is asked."""

    year = forms.IntegerField(label=_("Year"), widget=_digits(4, "bday-year"))
    month = forms.IntegerField(label=_("Month"), widget=_digits(2, "bday-month"))
    day = forms.IntegerField(label=_("Day"), widget=_digits(2, "bday-day"))
    home = forms.ChoiceField(label=_("Where do you live, roughly?"), required=False)
    agrees = forms.BooleanField(
        label=_("I have read this and agree"),
        error_messages={"required": _("Please read the text and agree to it first.")},
    )
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, areas: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home = self.fields["home"]
        assert isinstance(home, forms.ChoiceField)
        home.choices = [("", _("I would rather not say")), *areas]

    def clean(self) -> dict[str, Any]:
        """A date of birth that exists, is past, and is old enough to agree alone."""
        found = super().clean() or {}
        parts = [part for name in ("year", "month", "day") if isinstance(part := found.get(name), int)]
        if len(parts) != 3:
            self._blame(_("Please type year, month and day, for example 1990, 5, 8."))
            return found
        try:
            born_on = date(*parts)
        except (ValueError, OverflowError):
            self._blame(_("This date does not exist. Please look again."))
            return found
        if not date(_EARLIEST_YEAR, 1, 1) <= born_on <= clock.today():
            self._blame(_("This date cannot be a date of birth. Please look again."))
        elif residents.needs_guardian(born_on, clock.today()):
            self._blame(_(GuardianConsentNeeded.message))
        found["born_on"] = born_on
        return found

    def _blame(self, words: Any) -> None:
        for name in ("year", "month", "day"):
            self.errors.pop(name, None)
        self.add_error("year", words)


class PasswordForm(forms.Form):
    """Login and password of staff."""

    username = forms.CharField(
        label=_("Login"),
        max_length=80,
        error_messages={"required": _("Please type your login.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        error_messages={"required": _("Please type your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class SecondStepForm(forms.Form):
    """The code of the authenticator app."""

    code = forms.CharField(
        label=_("Code of your authenticator app"),
        max_length=20,
        error_messages={"required": _("Please type the 6 digits your app shows now.")},
        widget=_digits(20, "one-time-code"),
    )

    def clean_code(self) -> str:
        """Digits only."""
        return plain_digits(self.cleaned_data["code"])


def plain_digits(typed: str) -> str:
    """``１２３ 456`` → ``123456``."""
    return "".join(str(int(sign)) for sign in typed if sign.isdecimal())
