"""What is written about a person a campaign found."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy

from anxin.domains.campaigns.contracts import InterviewOutcome, PlanDraft, TriageLevel, Worksheet
from anxin.sites.staff.campaigns.words import FINDINGS, GUARDIAN_TOLD, LEVELS, OUTCOMES
from anxin.sites.staff.fields import note_field, radios_field, version_field
from anxin.sites.staff.words import FINDING_VALUES


class ConfirmForm(forms.Form):
    """Confirm the proposal or raise it."""

    seen_version = version_field()
    level = radios_field(gettext_lazy("Level"), ((key.value, label) for key, label in LEVELS.items()))

    def offer(self, proposed: TriageLevel) -> "ConfirmForm":
        """The proposed level and those above it; the rules of the room judge what was sent."""
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (level.value, LEVELS[level]) for level in TriageLevel if level >= proposed
        ]
        return self


class WorksheetForm(forms.Form):
    """The structured talk. What was typed is kept on the server before it is signed."""

    seen_version = version_field()
    outcome = radios_field(
        gettext_lazy("What came of it"), ((key.value, label) for key, label in OUTCOMES.items())
    )
    level = radios_field(
        gettext_lazy("The level you see"),
        ((key.value, label) for key, label in LEVELS.items()),
        required=False,
    )
    summary = note_field(gettext_lazy("What was said, what you saw"), required=True)
    feedback = note_field(
        gettext_lazy("What was given back to the person, and what was agreed"), required=False
    )
    guardian_told = forms.ChoiceField(
        label=gettext_lazy("Guardian"), choices=list(GUARDIAN_TOLD.items()), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in FINDINGS.items():
            self.fields[f"finding_{name}"] = forms.ChoiceField(
                label=label,
                choices=list(FINDING_VALUES.items()),
                widget=forms.RadioSelect,
                required=False,
                initial="unknown",
            )

    @property
    def finding_fields(self) -> list[BoundField]:
        """In their order, for the page."""
        return [self[f"finding_{name}"] for name in FINDINGS]

    def clean(self) -> dict[str, Any]:
        """A talk that was held ends with a level."""
        data = super().clean() or self.cleaned_data
        if data.get("outcome") == InterviewOutcome.HELD and not data.get("level"):
            self.add_error("level", gettext_lazy("Choose one."))
        return data

    def worksheet(self) -> Worksheet:
        """As the room takes it."""
        data = self.cleaned_data
        return Worksheet(
            outcome=InterviewOutcome(data["outcome"]),
            level=TriageLevel(data["level"] or TriageLevel.NORMAL),
            summary=data["summary"],
            findings={name: data[f"finding_{name}"] or "unknown" for name in FINDINGS},
            guardian_told=data["guardian_told"],
            feedback=data["feedback"],
        )

    def typed(self) -> dict[str, str]:
        """Everything as it was typed, whole or not, for the draft."""
        return {name: str(self.data.get(name, ""))[:4000] for name in self.fields if name != "seen_version"}


class ReadingForm(forms.Form):
    """The second reader agrees, or sends it back."""

    seen_version = version_field()
    agrees = radios_field(
        gettext_lazy("Your reading"),
        (
            ("yes", gettext_lazy("I have read it and agree to the lower level")),
            ("no", gettext_lazy("Stay at level 3, and talk once more")),
        ),
    )
    note = note_field(gettext_lazy("Your reason"), required=False)


class SupportPlanForm(forms.Form):
    """一生一策."""

    seen_version = version_field()
    goals = note_field(gettext_lazy("Goals, in the person's words"), required=True)
    measures = note_field(gettext_lazy("What is done, by whom, how often"), required=True)
    review_on = forms.DateField(
        label=gettext_lazy("Look at it again on"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day.")},
    )

    def __init__(self, *args: Any, colleagues: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"] = forms.ChoiceField(
            label=gettext_lazy("Who is responsible"), choices=list(colleagues)
        )

    def draft(self, responsible_id: int) -> PlanDraft:
        """As the room takes it."""
        data = self.cleaned_data
        return PlanDraft(
            goals=data["goals"],
            measures=data["measures"],
            responsible_id=responsible_id,
            review_on=data["review_on"],
        )
