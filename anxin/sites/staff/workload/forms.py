"""Handing over many cases at once, and arranging cover."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from anxin.sites.staff.cases.course_forms import Day
from anxin.sites.staff.fields import note_field


class ReassignForm(forms.Form):
    """Which cases, to whom, why."""

    cases = forms.MultipleChoiceField(
        label=gettext_lazy("Cases"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    manager = forms.ChoiceField(label=gettext_lazy("To"), choices=())
    reason = note_field(gettext_lazy("Reason"), required=True)

    def __init__(
        self,
        *args: Any,
        cases: Iterable[tuple[str, str]] = (),
        colleagues: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"].choices = list(cases)  # type: ignore[attr-defined]
        self.fields["manager"].choices = list(colleagues)  # type: ignore[attr-defined]


class CoverForm(forms.Form):
    """Who stands in, from when to when, why."""

    by = forms.ChoiceField(label=gettext_lazy("Who stands in"), choices=())
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=Day)
    ends_on = forms.DateField(label=gettext_lazy("To, that day included"), widget=Day)
    reason = note_field(gettext_lazy("Reason"), required=True)

    def __init__(self, *args: Any, colleagues: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = list(colleagues)  # type: ignore[attr-defined]
