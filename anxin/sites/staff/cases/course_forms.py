"""What is written beside the timeline: plan, goals, tasks, follow-ups, second reading, conferences, a review."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from anxin.domains.cases.contracts import AgreedHow, GoalState, PlanContent, PlanPart, SharedField
from anxin.kernel import clock
from anxin.sites.staff.cases.words import AGREED, GOALS, NOT_YET, PLAN_PARTS, SHARED
from anxin.sites.staff.fields import note_field, radios_field

PART_LENGTH = 600


class Moment(forms.DateTimeInput):
    """A day and an hour, as the browser picks them."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> Any:
        """Without seconds and offset, which the control does not take."""
        return f"{clock.local(value):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value


class Day(forms.DateInput):
    """A day, as the browser picks it."""

    input_type = "date"


class PlanForm(forms.Form):
    """The six parts, in the person's own words."""

    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    agreed = radios_field(
        pgettext_lazy("plan", "The person"),
        (("", NOT_YET), *((key.value, label) for key, label in AGREED.items())),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = {
            part.value: forms.CharField(
                label=label,
                help_text=hint,
                required=False,
                max_length=PART_LENGTH,
                widget=forms.Textarea({"rows": 2}),
            )
            for part, (_icon, label, hint) in PLAN_PARTS.items()
        }
        self.fields = {**parts, **self.fields}

    @property
    def part_fields(self) -> list[Any]:
        """The bound parts, in their order."""
        return [self[part.value] for part in PlanPart]

    def content(self) -> PlanContent:
        """The plan as the room takes it."""
        return {part: self.cleaned_data[part.value] for part in PlanPart}

    def person_agrees(self) -> AgreedHow | None:
        """How the person said yes, as the colleague heard it."""
        said = self.cleaned_data["agreed"]
        return AgreedHow(said) if said else None


class GoalForm(forms.Form):
    """One more goal."""

    text = forms.CharField(label=gettext_lazy("What the person wants to reach"), max_length=300)


class GoalReviewForm(forms.Form):
    """Looked at together."""

    state = forms.ChoiceField(
        label=gettext_lazy("Stands at"), choices=[(key.value, label) for key, label in GOALS.items()]
    )
    note = forms.CharField(label=gettext_lazy("In a word"), max_length=300, required=False)

    def chosen(self) -> GoalState:
        """How it stands."""
        return GoalState(self.cleaned_data["state"])


class TaskForm(forms.Form):
    """Something to do."""

    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    owner = forms.ChoiceField(label=gettext_lazy("Who does it"), choices=())
    due_on = forms.DateField(label=gettext_lazy("By"), widget=Day)

    def __init__(self, *args: Any, colleagues: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = list(colleagues)  # type: ignore[attr-defined]


class FollowUpForm(forms.Form):
    """Another time for one follow-up."""

    followup = forms.ChoiceField(label=gettext_lazy("Which follow-up"), choices=())
    to = forms.DateTimeField(label=gettext_lazy("Meant for"), widget=Moment)
    reason = note_field(gettext_lazy("Reason"), required=True)

    def __init__(self, *args: Any, ahead: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["followup"].choices = list(ahead)  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """The second reader does not agree."""

    reason = note_field(gettext_lazy("Why the level stays"), required=True)


class ConferenceForm(forms.Form):
    """Who sits together, over what, until when."""

    question = note_field(gettext_lazy("The question"), required=True)
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Members"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    shared = forms.MultipleChoiceField(
        label=gettext_lazy("What they may see"),
        choices=[(key.value, label) for key, label in SHARED.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    closes_at = forms.DateTimeField(label=gettext_lazy("Open until"), widget=Moment)

    def __init__(self, *args: Any, colleagues: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = list(colleagues)  # type: ignore[attr-defined]

    def fields_shared(self) -> list[SharedField]:
        """The fields chosen."""
        return [SharedField(one) for one in self.cleaned_data["shared"]]


class MinutesForm(forms.Form):
    """What was agreed."""

    minutes = note_field(gettext_lazy("Minutes"), required=True)


class ViewForm(forms.Form):
    """What a member thinks."""

    view = note_field(gettext_lazy("Your view"), required=True)


class ReviewForm(forms.Form):
    """A learning review."""

    learnt = forms.CharField(
        label=gettext_lazy("What we learn from it"),
        widget=forms.Textarea({"rows": 5}),
        max_length=4000,
        required=False,
    )
    aftercare = forms.CharField(
        label=gettext_lazy("Care for those who are left, at home, at school, at work, in the team"),
        widget=forms.Textarea({"rows": 5}),
        max_length=4000,
        required=False,
    )
    finished = forms.BooleanField(label=gettext_lazy("The review is finished"), required=False)


def tomorrow_evening() -> datetime:
    """When a conference ends if nobody says otherwise."""
    local = clock.local(clock.now())
    return local.replace(hour=18, minute=0, second=0, microsecond=0) + timedelta(days=1)
