"""Choices of the leaders' pages, read from the query string, so that a view can be sent to a colleague."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.domains.indicators.contracts import Answer, Period, Split
from anxin.domains.network.contracts import HostType, Line
from anxin.domains.risk.contracts import Level
from anxin.sites.oversight.words import ANSWERS, GROUP_SPLITS, LEVEL_NAMES, PERIODS, SPLITS


class Choices(forms.Form):
    """A broken choice counts as not made."""

    def chosen(self) -> dict[str, Any]:
        """The valid ones."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class OverviewChoices(Choices):
    """Period, split and node of the overview."""

    period = forms.ChoiceField(choices=[(key.value, label) for key, label in PERIODS.items()], required=False)
    by = forms.ChoiceField(choices=[(key.value, label) for key, label in SPLITS.items()], required=False)
    node = forms.SlugField(required=False)

    @property
    def period_chosen(self) -> Period:
        """The month unless another was chosen."""
        return Period(self.chosen()["period"] or Period.MONTH)

    @property
    def split_chosen(self) -> Split:
        """By area unless by line was chosen."""
        return Split(self.chosen()["by"] or Split.AREA)


class EventChoices(Choices):
    """Which events: a week or a period, a node, and what narrows them."""

    period = forms.ChoiceField(choices=[(key.value, label) for key, label in PERIODS.items()], required=False)
    week = forms.DateField(required=False)
    node = forms.SlugField(required=False)
    level = forms.ChoiceField(
        label=_("Risk level"),
        choices=[("", _("any")), *((str(int(one)), LEVEL_NAMES[one]) for one in reversed(Level) if one)],
        required=False,
    )
    answer = forms.ChoiceField(
        label=_("Taken over"),
        choices=[("", _("any")), *((one.value, ANSWERS[one]) for one in Answer)],
        required=False,
    )
    group = forms.RegexField(r"^(merged|line:[a-z_]*)$", required=False)


class ResultChoices(Choices):
    """Form, quarter, node and split of a group report."""

    instrument = forms.SlugField(required=False)
    quarter = forms.RegexField(r"^\d{4}-[1-4]$", required=False)
    node = forms.SlugField(required=False)
    by = forms.ChoiceField(
        choices=[(key.value, label) for key, label in GROUP_SPLITS.items()], required=False
    )


class StationChoices(Choices):
    """Area, host type and line of the station list."""

    node = forms.SlugField(required=False)
    host_type = forms.ChoiceField(
        label=_("Host"),
        choices=[("", _("any")), *((one.value, _(one.label)) for one in HostType)],
        required=False,
    )
    line = forms.ChoiceField(
        label=_("Line"),
        choices=[("", _("any")), *((one.value, _(one.label)) for one in Line)],
        required=False,
    )
