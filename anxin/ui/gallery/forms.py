"""Sample forms of the style guide. Nothing they receive is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    phone = forms.CharField(label=_("Mobile number"), help_text=_("Eleven digits"))
    way = forms.ChoiceField(
        label=_("How may we reach you"),
        choices=[("call", _("A call")), ("text", _("A text message")), ("none", _("Not at all"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Anything we should know"), widget=forms.Textarea, required=False)
    unit = forms.ChoiceField(label=_("Station"), choices=[("", _("Choose one"))])
    agree = forms.BooleanField(label=_("I have read what happens to my answers"))

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if len(phone) != 11:
            raise forms.ValidationError(_("One digit of the number is missing, please look again."))
        return phone
