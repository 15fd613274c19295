"""What is read off the identity card, and the phone the person holds now."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.kernel import clock
from anxin.kernel.identifiers_cn import MobileInvalid, normalise_mobile


class RebindForm(forms.Form):
    """The card, the phone, and the code once it came."""

    name = forms.CharField(
        label=_("Name on the card"),
        max_length=60,
        error_messages={"required": _("Please type the name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    born_on = forms.DateField(
        label=_("Date of birth on the card"),
        error_messages={
            "required": _("Please type the date, for example 1990-05-08."),
            "invalid": _("Please type the date, for example 1990-05-08."),
        },
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Phone the person holds now"),
        max_length=30,
        error_messages={"required": _("Please type a mobile number.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    saw = forms.BooleanField(
        label=_("I have the card in front of me, and it is the person's own"),
        error_messages={"required": _("Without the card in front of you nothing is connected.")},
    )
    code = forms.CharField(
        label=_("Code that came to that phone"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        """The eleven digits."""
        try:
            return normalise_mobile(self.cleaned_data["phone"])
        except MobileInvalid as error:
            raise forms.ValidationError(_(error.message)) from None

    def clean_born_on(self) -> date:
        """A day that is past."""
        born_on: date = self.cleaned_data["born_on"]
        if not date(1900, 1, 1) <= born_on <= clock.today():
            raise forms.ValidationError(_("Please type the date, for example 1990-05-08."))
        return born_on

    def clean_code(self) -> str:
        """Digits only."""
        return "".join(str(int(sign)) for sign in self.cleaned_data["code"] if sign.isdecimal())
