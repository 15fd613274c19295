"""What is written on a campaign. The plan is one draft, written part by part; nothing typed in another part is lost."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.campaigns.contracts import CampaignPlan, DataKind, Segment, StepPlan, Window
from anxin.kernel import clock
from anxin.sites.staff.campaigns.words import DATA_KINDS, SEGMENTS
from anxin.sites.staff.fields import note_field, version_field

OPEN, MINE, ENDED, ALL = "open", "mine", "ended", "all"
SHOWN = (
    (OPEN, gettext_lazy("Under way")),
    (MINE, gettext_lazy("Mine")),
    (ENDED, gettext_lazy("Ended")),
    (ALL, gettext_lazy("All")),
)
MOST_STEPS = 4
_NUMBER_MISSING = {"required": gettext_lazy("Write a number.")}


class CampaignFilter(forms.Form):
    """Read from the query string; a broken choice counts as not made."""

    show = forms.ChoiceField(choices=SHOWN, required=False)
    q = forms.CharField(max_length=40, required=False)

    def chosen(self) -> dict[str, str]:
        """The valid choices."""
        self.is_valid()
        return {
            "show": self.cleaned_data.get("show") or OPEN,
            "q": (self.cleaned_data.get("q") or "").strip(),
        }


class PlanPart(forms.Form):
    """One part of the plan: it reads its fields from the whole and puts them back."""

    seen_version = version_field()

    @classmethod
    def initial_of(cls, plan: CampaignPlan) -> dict[str, Any]:
        """What the fields show."""
        raise NotImplementedError

    def put_into(self, plan: CampaignPlan) -> CampaignPlan:
        """The plan with this part as it was sent."""
        raise NotImplementedError


class BasicsForm(PlanPart):
    """Who is asked, and what for."""

    title = forms.CharField(
        label=gettext_lazy("Name of the campaign"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the campaign a name.")},
    )
    segment = forms.ChoiceField(
        label=gettext_lazy("Who is asked"), choices=[(key.value, label) for key, label in SEGMENTS.items()]
    )
    age_min = forms.IntegerField(
        label=gettext_lazy("Youngest"), min_value=0, max_value=120, error_messages=_NUMBER_MISSING
    )
    age_max = forms.IntegerField(
        label=gettext_lazy("Oldest"), min_value=0, max_value=120, error_messages=_NUMBER_MISSING
    )
    purpose = note_field(gettext_lazy("What it is for"), required=False)

    @classmethod
    def initial_of(cls, plan: CampaignPlan) -> dict[str, Any]:
        """What the fields show."""
        return {name: getattr(plan, name) for name in ("title", "segment", "age_min", "age_max", "purpose")}

    def put_into(self, plan: CampaignPlan) -> CampaignPlan:
        """The plan with this part as it was sent."""
        data = self.cleaned_data
        return replace(
            plan,
            title=data["title"],
            segment=Segment(data["segment"]),
            age_min=data["age_min"],
            age_max=data["age_max"],
            purpose=data["purpose"],
        )


class InstrumentsForm(PlanPart):
    """Up to four steps; a step may follow an earlier one, then only those are asked who were positive there."""

    def __init__(self, *args: Any, offered: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("nothing")), *offered]
        for number in range(1, MOST_STEPS + 1):
            self.fields[f"step{number}"] = forms.ChoiceField(
                label=_("Step %(number)s") % {"number": number}, choices=choices, required=False
            )
            if number > 1:
                follows = [("0", _("everybody"))] + [
                    (str(earlier), _("who was positive in step %(number)s") % {"number": earlier})
                    for earlier in range(1, number)
                ]
                self.fields[f"follows{number}"] = forms.ChoiceField(
                    label=_("Step %(number)s is asked of") % {"number": number},
                    choices=follows,
                    required=False,
                )

    @classmethod
    def initial_of(cls, plan: CampaignPlan) -> dict[str, Any]:
        """What the fields show."""
        shown: dict[str, Any] = {}
        for number, step in enumerate(plan.steps, start=1):
            shown[f"step{number}"], shown[f"follows{number}"] = step.instrument, str(step.follows)
        return shown

    def put_into(self, plan: CampaignPlan) -> CampaignPlan:
        """The plan with this part as it was sent; gaps between steps are closed."""
        data, steps, moved = self.cleaned_data, [], {0: 0}
        for number in range(1, MOST_STEPS + 1):
            if not data.get(f"step{number}"):
                continue
            moved[number] = len(steps) + 1
            follows = int(data.get(f"follows{number}") or 0)
            steps.append(StepPlan(data[f"step{number}"], follows=moved.get(follows, 0)))
        return replace(plan, steps=tuple(steps))


class CapacityForm(PlanPart):
    """How many are asked, how many will be found, and the hours there are to talk to them."""

    expected_participants = forms.IntegerField(
        label=gettext_lazy("How many people are asked"),
        min_value=0,
        max_value=2_000_000,
        error_messages=_NUMBER_MISSING,
    )
    positive_percent = forms.DecimalField(
        label=gettext_lazy("How many of 100 will be found"),
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        error_messages=_NUMBER_MISSING,
    )
    interviewer_hours = forms.DecimalField(
        label=gettext_lazy("Hours for talks within 10 working days, all interviewers together"),
        min_value=0,
        max_value=100_000,
        max_digits=7,
        decimal_places=1,
        error_messages=_NUMBER_MISSING,
    )
    target_percent = forms.IntegerField(
        label=gettext_lazy("Answering may end early when so many of 100 who agreed have answered"),
        min_value=1,
        max_value=100,
        error_messages=_NUMBER_MISSING,
    )

    @classmethod
    def initial_of(cls, plan: CampaignPlan) -> dict[str, Any]:
        """What the fields show."""
        return {
            "expected_participants": plan.expected_participants,
            "positive_percent": plan.expected_positive_permille / 10,
            "interviewer_hours": round(plan.interviewer_minutes / 60, 1),
            "target_percent": plan.target_permille // 10,
        }

    def put_into(self, plan: CampaignPlan) -> CampaignPlan:
        """The plan with this part as it was sent."""
        data = self.cleaned_data
        return replace(
            plan,
            expected_participants=data["expected_participants"],
            expected_positive_permille=int(data["positive_percent"] * 10),
            interviewer_minutes=int(data["interviewer_hours"] * 60),
            target_permille=data["target_percent"] * 10,
        )


class PrivacyForm(PlanPart):
    """The impact assessment: which data, who receives them, how long, and what could go wrong."""

    data_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Which data are collected"),
        choices=[(key.value, label) for key, label in DATA_KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    recipients = note_field(gettext_lazy("Who receives which results, one a line"), required=False)
    retention_months = forms.IntegerField(
        label=gettext_lazy("Names are kept for so many months after the end"),
        min_value=0,
        max_value=120,
        error_messages=_NUMBER_MISSING,
    )
    impact_assessment = note_field(
        gettext_lazy("What could harm somebody, and what is done against it"), required=False
    )

    @classmethod
    def initial_of(cls, plan: CampaignPlan) -> dict[str, Any]:
        """What the fields show."""
        return {
            "data_kinds": [kind.value for kind in plan.data_kinds],
            "recipients": "\n".join(plan.recipients),
            "retention_months": plan.retention_months,
            "impact_assessment": plan.impact_assessment,
        }

    def clean_recipients(self) -> str:
        """Each line is one recipient and must be short enough to be read."""
        text = str(self.cleaned_data["recipients"])
        if any(len(line.strip()) > 80 for line in text.splitlines()):
            raise forms.ValidationError(_("Each line holds at most 80 characters."))
        return text

    def put_into(self, plan: CampaignPlan) -> CampaignPlan:
        """The plan with this part as it was sent."""
        data = self.cleaned_data
        return replace(
            plan,
            data_kinds=tuple(DataKind(kind) for kind in data["data_kinds"]),
            recipients=tuple(line.strip() for line in data["recipients"].splitlines() if line.strip()),
            retention_months=data["retention_months"],
            impact_assessment=data["impact_assessment"],
        )


class MomentField(forms.DateTimeField):
    """A day and an hour of the city."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        """Aware, in the city's time."""
        moment = super().to_python(value)
        return moment.replace(tzinfo=clock.LOCAL) if moment is not None and moment.tzinfo is None else moment


class StepForm(forms.Form):
    """One step of the campaign; a reason where the step asks for one."""

    seen_version = version_field()
    target = forms.CharField(widget=forms.HiddenInput)
    reason = note_field(gettext_lazy("Reason"), required=False)


class WindowForm(forms.Form):
    """From when until when answers are taken."""

    seen_version = version_field()
    target = forms.CharField(widget=forms.HiddenInput)
    runs_from = MomentField(
        label=gettext_lazy("First day and hour"),
        error_messages={"required": gettext_lazy("Choose a day and an hour.")},
    )
    runs_until = MomentField(
        label=gettext_lazy("Last day and hour"),
        error_messages={"required": gettext_lazy("Choose a day and an hour.")},
    )

    def window(self) -> Window:
        """As the room takes it."""
        return Window(self.cleaned_data["runs_from"], self.cleaned_data["runs_until"])


class GroupForm(forms.Form):
    """Room, time and who stands by."""

    room = forms.CharField(label=gettext_lazy("Room"), max_length=80, required=False)
    planned_at = MomentField(label=gettext_lazy("Day and hour"), required=False)

    def __init__(self, *args: Any, colleagues: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["standby"] = forms.ChoiceField(
            label=gettext_lazy("Who stands by"), choices=[("", _("nobody yet")), *colleagues], required=False
        )
