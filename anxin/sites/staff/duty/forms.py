"""What can be chosen on the board. L4 is never among it: it stands outside and cannot be filtered away."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.domains.risk.contracts import Level
from anxin.sites.staff.words import LEVELS, SOURCES

ALL, WAITING, MINE, TODAY = "all", "waiting", "mine", "today"
SEGMENTS = ((ALL, _("All")), (WAITING, _("Waiting")), (MINE, _("Mine")), (TODAY, _("Due today")))
_LEVELS = [(str(int(level)), LEVELS[level]) for level in (Level.L3, Level.L2, Level.L1)]


class BoardFilter(forms.Form):
    """Read from the query string, so that a view can be sent to a colleague."""

    show = forms.ChoiceField(choices=SEGMENTS, required=False)
    level = forms.ChoiceField(label=_("Risk level"), choices=[("", _("any")), *_LEVELS], required=False)
    source = forms.ChoiceField(
        label=_("Source"),
        choices=[("", _("any")), *((key.value, label) for key, label in SOURCES.items())],
        required=False,
    )
    q = forms.CharField(max_length=40, required=False)

    def chosen(self) -> dict[str, Any]:
        """The valid choices; a broken one counts as not made."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name, "") for name in self.fields}
        return {**found, "show": found["show"] or ALL, "q": found["q"].strip()}
