"""The plain safety check-in. It is no scale and has no score."""

from django import forms
from django.utils.translation import gettext_lazy as _

SAFETY = [("yes", _("Yes, I am safe")), ("no", _("No, not safe")), ("unsure", _("I am not sure"))]


class CheckInForm(forms.Form):
    """Two questions: safe now, and a call or not."""

    is_safe_now = forms.ChoiceField(
        label=_("Are you safe right now?"),
        choices=SAFETY,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose the closest one.")},
    )
    wants_call = forms.ChoiceField(
        label=_("Shall somebody call you?"),
        choices=[("yes", _("Yes, please call me")), ("no", _("Not now"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )
