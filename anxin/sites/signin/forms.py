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


class BirthDateForm(forms.Form):
    """Year, month and day, and what is wrong with them at the first of the three."""

    year = forms.IntegerField(label=_("Year"), widget=_digits(4, "bday-year"))
    month = forms.IntegerField(label=_("Month"), widget=_digits(2, "bday-month"))
    day = forms.IntegerField(label=_("Day"), widget=_digits(2, "bday-day"))

    def clean(self) -> dict[str, Any]:
        """A date that exists and is past."""
        found = super().clean() or {}
        parts = [part for name in ("year", "month", "day") if isinstance(part := found.get(name), int)]
        if len(parts) != 3:
            self.blame(_("Please type year, month and day, for example 1990, 5, 8."))
            return found
        try:
            born_on = date(*parts)
        except (ValueError, OverflowError):
            self.blame(_("This date does not exist. Please look again."))
            return found
        if not date(_EARLIEST_YEAR, 1, 1) <= born_on <= clock.today():
            self.blame(_("This date cannot be a date of birth. Please look again."))
        found["born_on"] = born_on
        return found

    def blame(self, words: Any) -> None:
        """Say it once, at the year."""
        for name in ("year", "month", "day"):
            self.errors.pop(name, None)
        self.add_error("year", words)


class PersonForm(BirthDateForm):
    """What whoever holds the number now does not know."""

    name = forms.CharField(
        label=_("Your name, or your given name"),
        max_length=60,
        error_messages={"required": _("Please type your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class RecoveryCodeForm(forms.Form):
    """A code that was written down earlier."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=20,
        error_messages={"required": _("Please type one of your recovery codes.")},
        widget=_digits(20, "off"),
    )

    def clean_code(self) -> str:
        """Digits only."""
        return plain_digits(self.cleaned_data["code"])


class FirstVisitForm(BirthDateForm):
    """Date of birth, nearest place, agreement. Nothing else is asked."""

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
        """A date of birth that is old enough to agree alone."""
        found = super().clean()
        born_on = found.get("born_on")
        if born_on and "year" not in self.errors and residents.needs_guardian(born_on, clock.today()):
            self.blame(_(GuardianConsentNeeded.message))
        return found


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


def new_password_field(label: Any) -> forms.CharField:
    """A password to be. Whether it is good enough is said by the accounts room."""
    return forms.CharField(
        label=label,
        max_length=200,
        strip=False,
        error_messages={"required": _("Please type your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = new_password_field(_("New password"))
    again = new_password_field(_("The same once more"))

    def clean(self) -> dict[str, Any]:
        """Typed the same twice."""
        found = super().clean() or {}
        if found.get("password") and found.get("again") and found["password"] != found["again"]:
            self.add_error("again", _("The two do not match. Please type them again."))
        return found


class InvitedForm(NewPasswordForm):
    """The login of somebody new."""

    login = forms.RegexField(
        r"^[a-z][a-z0-9.-]{2,39}$",
        label=_("Login"),
        max_length=40,
        error_messages={
            "required": _("Please type your login."),
            "invalid": _("3 to 40 small letters, digits, dots or hyphens; a letter first."),
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    field_order = ("login", "password", "again")


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
