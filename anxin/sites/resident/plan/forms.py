"""What the person writes: the six parts, none of them needed."""

from typing import Any

from django import forms

from anxin.domains.cases.contracts import PlanContent, PlanPart
from anxin.sites.resident.plan.words import PARTS

PART_LENGTH = 600


class PlanForm(forms.Form):
    """On top of the version that was read."""

    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = {
            part.value: forms.CharField(
                label=title,
                help_text=hint,
                required=False,
                max_length=PART_LENGTH,
                widget=forms.Textarea({"rows": 2}),
            )
            for part, (_icon, title, hint) in PARTS.items()
        }
        self.fields = {**parts, **self.fields}

    @property
    def part_fields(self) -> list[Any]:
        """The bound parts, in their order."""
        return [self[part.value] for part in PlanPart]

    def content(self) -> PlanContent:
        """The plan as the room takes it."""
        return {part: self.cleaned_data[part.value] for part in PlanPart}
