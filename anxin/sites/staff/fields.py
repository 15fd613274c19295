"""Form fields the staff pages share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

NOTE_LENGTH = 2000
_MISSING_CHOICE = {"required": gettext_lazy("Choose one.")}
_MISSING_WORDS = {"required": gettext_lazy("Write it in a sentence or two.")}


def note_field(label: Any, *, required: bool) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages=_MISSING_WORDS,
    )


def radios_field(
    label: Any, choices: Iterable[tuple[str, Any]], *, required: bool = True
) -> forms.ChoiceField:
    """One of several."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect,
        required=required,
        error_messages=_MISSING_CHOICE,
    )
