"""What is asked before and during a self-test."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.domains.assessments.api import Way

ADULT, TEEN, CHILD = "adult", "teen", "child"
GROWN = "grown"
ANONYMOUS, NAMED = "anonymous", "named"


class StartForm(forms.Form):
    """How old, and known or unknown. The age is asked only when the archive does not know it, and is not kept."""

    age_band = forms.ChoiceField(
        label=_("How old are you?"),
        choices=[(ADULT, _("18 or older")), (TEEN, _("14 to 17")), (CHILD, _("Under 14"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose your age. It is not kept.")},
    )
    how = forms.ChoiceField(
        label=_("How would you like to answer?"),
        choices=[(ANONYMOUS, _("Without my name")), (NAMED, _("Signed in"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two ways.")},
    )

    def __init__(self, *args: Any, knows_age: bool, age_min: int = 18, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if knows_age:
            del self.fields["age_band"]
        elif age_min > 18:
            bands = [
                (ADULT, _("%(age)s or older") % {"age": age_min}),
                (GROWN, _("18 to %(age)s") % {"age": age_min - 1}),
                *self.fields["age_band"].choices[1:],  # type: ignore[attr-defined]
            ]
            self.fields["age_band"].choices = bands  # type: ignore[attr-defined]


class ConsentForm(forms.Form):
    """The separate consent to a self-test under one's own name, to the version that was read."""

    version = forms.CharField(widget=forms.HiddenInput)
    age = forms.CharField(widget=forms.HiddenInput, required=False)
    agree = forms.BooleanField(
        label=_("I have read this and I agree."),
        error_messages={
            "required": _("Please tick the box if you agree. You can also answer without your name.")
        },
    )


class AnswerForm(forms.Form):
    """One question."""

    value = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose the closest one, or skip this question."),
            "invalid_choice": _("Please choose the closest one, or skip this question."),
        },
    )

    def __init__(self, *args: Any, codes: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]


class AllAnswersForm(forms.Form):
    """All questions on one page. Each may stay open."""

    def __init__(self, *args: Any, way: Way, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in way.places:
            self.fields[f"q{place}"] = forms.TypedChoiceField(
                coerce=int,
                required=False,
                empty_value=None,
                choices=[(option.code, option.code) for option in way.options(place)],
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        """A page sent without any answer was sent too early."""
        cleaned = super().clean() or {}
        if not self.errors and all(value is None for value in cleaned.values()):
            raise forms.ValidationError(_("Nothing is answered yet. Please choose at least one answer."))
        return cleaned

    def readable(self) -> dict[int, int]:
        """The answers that were chosen and exist on the form, by question number; whatever else was wrong."""
        chosen = getattr(self, "cleaned_data", {})
        return {int(name[1:]): value for name, value in chosen.items() if value is not None}
