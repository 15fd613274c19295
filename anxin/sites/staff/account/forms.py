"""What is typed about one's own account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _password(label: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        strip=False,
        error_messages={"required": _("Please type your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class PasswordForm(forms.Form):
    """The old one, and the new one twice."""

    old = _password(_("Password of today"), "current-password")
    password = _password(_("New password"), "new-password")
    again = _password(_("The same once more"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Typed the same twice."""
        found = super().clean() or {}
        if found.get("password") and found.get("again") and found["password"] != found["again"]:
            self.add_error("again", _("The two do not match. Please type them again."))
        return found


class ProofForm(forms.Form):
    """A desk that was left open must not hand out a second factor."""

    today = _password(_("Password of today"), "current-password")


class PasskeyForm(ProofForm):
    """What its owner calls it."""

    field_order = ("name", "today")

    name = forms.CharField(
        label=_("Name of this device"),
        max_length=40,
        error_messages={"required": _("Please give the device a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
