"""What is written on a referral. Each step carries the version that was read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from anxin.domains.referrals.contracts import (
    ConsentScope,
    Disposition,
    Evidence,
    Feedback,
    LegalBasis,
    Urgency,
)
from anxin.flows.refer import Wish
from anxin.kernel import clock
from anxin.sites.staff.fields import note_field, radios_field, version_field
from anxin.sites.staff.referrals.words import BASES, DISPOSITIONS, EVIDENCE, TIERS, URGENCIES

IN, OUT, OVERDUE, ENDED, LOOP = "in", "out", "overdue", "ended", "loop"
SEGMENTS = (
    (IN, gettext_lazy("Sent to us")),
    (OUT, gettext_lazy("Sent by us")),
    (OVERDUE, gettext_lazy("Overdue")),
    (ENDED, gettext_lazy("Ended")),
    (LOOP, gettext_lazy("Last 90 days")),
)
Units = Iterable[tuple[str, Any]]


class ReferralFilter(forms.Form):
    """Read from the query string; a broken choice counts as not made."""

    show = forms.ChoiceField(choices=SEGMENTS, required=False)
    q = forms.CharField(max_length=40, required=False)

    def chosen(self) -> dict[str, str]:
        """The valid choices."""
        self.is_valid()
        return {
            "show": self.cleaned_data.get("show") or IN,
            "q": (self.cleaned_data.get("q") or "").strip(),
        }


def _unit_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=(), error_messages={"required": gettext_lazy("Choose a unit.")}
    )


class DraftForm(forms.Form):
    """What the other side needs to decide; the contact and the results come from the record."""

    to_unit = _unit_field(gettext_lazy("To which unit"))
    tier = radios_field(
        gettext_lazy("Qualification asked for"), ((str(int(key)), label) for key, label in TIERS.items())
    )
    urgency = radios_field(
        gettext_lazy("How urgent"), ((key.value, label) for key, label in URGENCIES.items())
    )
    reason = note_field(gettext_lazy("Why this person is referred"), required=True)
    basis = note_field(gettext_lazy("What the risk level rests on"), required=True)
    measures = note_field(gettext_lazy("What has been done so far"), required=True)
    legal_basis = radios_field(
        gettext_lazy("On what ground"), ((key.value, label) for key, label in BASES.items())
    )
    previous = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, units: Units = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].choices = [("", "–"), *units]  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        """As the flow takes it."""
        data = self.cleaned_data
        return Wish(
            to_unit_uid=data["to_unit"],
            tier=int(data["tier"]),
            urgency=Urgency(data["urgency"]),
            reason=data["reason"],
            basis=data["basis"],
            measures=data["measures"],
            legal_basis=LegalBasis(data["legal_basis"]),
            previous_uid=data["previous"],
        )


class StepForm(forms.Form):
    """A step without words of its own."""

    seen_version = version_field()


class ConsentForm(StepForm):
    """What the person agreed to."""

    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("What may travel with it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(key.value, label) for key, label in EVIDENCE.items()],
    )
    allows_onward = forms.BooleanField(
        label=gettext_lazy("If this unit is not right, the one it names may be asked"), required=False
    )
    allows_diagnosis = forms.BooleanField(
        label=gettext_lazy("A diagnosis and medication may be passed back to us"), required=False
    )
    how = forms.CharField(
        label=gettext_lazy("How the person agreed"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write it in a sentence or two.")},
    )

    def offer(self, kinds: Iterable[Evidence]) -> None:
        """Only what is there can travel."""
        offered = [(one.value, EVIDENCE[one]) for one in Evidence if one in set(kinds)]
        if offered:
            self.fields["evidence"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["evidence"]

    def scope(self) -> ConsentScope:
        """As the room takes it."""
        data = self.cleaned_data
        return ConsentScope(
            evidence=frozenset(Evidence(one) for one in data.get("evidence", ())),
            allows_onward=data["allows_onward"],
            allows_diagnosis=data["allows_diagnosis"],
            how=data["how"],
        )


class NoteForm(StepForm):
    """A step with a few words, if there are any."""

    note = note_field(gettext_lazy("Note for the other side"), required=False)


class ReasonForm(StepForm):
    """A step that needs its reason."""

    reason = note_field(gettext_lazy("Reason"), required=True)


class ToldForm(StepForm):
    """A step that says what happened."""

    note = note_field(gettext_lazy("What happened"), required=True)


class HowForm(StepForm):
    """The person agreed to more."""

    how = forms.CharField(label=gettext_lazy("How the person agreed"), max_length=200)


class TurnForm(StepForm):
    """Another unit is right."""

    to_unit = _unit_field(gettext_lazy("Which unit is right"))
    reason = note_field(gettext_lazy("Reason"), required=True)

    def __init__(self, *args: Any, units: Units = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].choices = [("", "–"), *units]  # type: ignore[attr-defined]


class AppointmentForm(StepForm):
    """When the person is to be seen."""

    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": gettext_lazy("Give a time that lies ahead.")},
    )
    note = note_field(gettext_lazy("Note for the other side"), required=False)

    def moment(self) -> datetime:
        """In the city's time."""
        at: datetime = self.cleaned_data["at"]
        return at if at.tzinfo else at.replace(tzinfo=clock.LOCAL)


class FeedbackForm(StepForm):
    """What comes back: no diagnosis and no medication unless the person agreed to it."""

    disposition = radios_field(
        gettext_lazy("What becomes of it"), ((key.value, label) for key, label in DISPOSITIONS.items())
    )
    advice = note_field(gettext_lazy("Advice for the station"), required=True)
    next_review_on = forms.DateField(
        label=gettext_lazy("Look again on"), required=False, widget=forms.DateInput({"type": "date"})
    )
    diagnosis = note_field(gettext_lazy("Diagnosis"), required=False)
    medication = note_field(gettext_lazy("Medication"), required=False)
    returns = forms.BooleanField(
        label=gettext_lazy("Return the person to the station with it"), required=False
    )

    def __init__(self, *args: Any, agreed: bool = False, was_seen: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not agreed:
            del self.fields["diagnosis"], self.fields["medication"]
        self.fields["disposition"].choices = [  # type: ignore[attr-defined]
            (key.value, label)
            for key, label in DISPOSITIONS.items()
            if (key is Disposition.NOT_SEEN) is not was_seen
        ]

    def feedback(self) -> Feedback:
        """As the room takes it. What was sent into a field that is not offered goes there too, and is refused there."""
        data = self.cleaned_data
        return Feedback(
            disposition=Disposition(data["disposition"]),
            advice=data["advice"],
            next_review_on=data["next_review_on"],
            diagnosis=data.get("diagnosis", str(self.data.get("diagnosis", ""))),
            medication=data.get("medication", str(self.data.get("medication", ""))),
        )
