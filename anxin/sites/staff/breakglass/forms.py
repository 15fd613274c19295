"""What is said before a record is opened, and after."""

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.domains.access.contracts import Cause, Verdict
from anxin.flows.break_glass import Plea
from anxin.sites.staff.breakglass.words import CAUSES, VERDICTS
from anxin.sites.staff.fields import note_field, radios_field


class PleaForm(forms.Form):
    """Whose record, why, and that the consequences were read."""

    who = forms.CharField(
        label=_("Number of the record, or the person's phone number"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write a number.")},
    )
    cause = radios_field(_("Ground"), ((key.value, label) for key, label in CAUSES.items()))
    reason = note_field(_("The reason, in a sentence or two"), required=True)
    understood = forms.BooleanField(
        label=_("I need this record for my work now. I know that every look is reviewed."),
        error_messages={"required": _("Tick the box if it is so.")},
    )

    def plea(self) -> Plea:
        """As the flow takes it."""
        data = self.cleaned_data
        return Plea(who=data["who"], cause=Cause(data["cause"]), reason=data["reason"])


class ReviewForm(forms.Form):
    """The verdict, with words."""

    verdict = radios_field(_("Verdict"), ((key.value, label) for key, label in VERDICTS.items()))
    text = note_field(_("What the verdict rests on"), required=True)

    def chosen(self) -> Verdict:
        """The verdict."""
        return Verdict(self.cleaned_data["verdict"])


class ConfirmationForm(forms.Form):
    """What the content is needed for; the password again and the code of the app, where there are such."""

    purpose = note_field(_("What you need it for"), required=True)
    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("Write your password.")},
    )
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Write the code.")},
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: object, has_password: bool, asks_code: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not has_password:
            del self.fields["password"]
        if not asks_code:
            del self.fields["code"]
