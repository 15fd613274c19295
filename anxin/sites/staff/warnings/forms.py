"""What is written on a warning. The rules of the room decide; these forms only read what was typed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anxin.domains.risk.contracts import ContactChannel, ContactOutcome, Ending, Findings, Level
from anxin.sites.staff.fields import note_field, radios_field, version_field
from anxin.sites.staff.words import (
    CHANNELS,
    ENDINGS,
    FINDING_VALUES,
    FINDINGS,
    LEGAL_BASES,
    LEVELS,
    OUTCOMES,
)


def _emergency_choices() -> list[tuple[str, str]]:
    """The emergency numbers of the settings; the first is the hotline, which is ourselves."""
    return [
        (
            str(entry["number"]),
            _("%(label)s %(number)s") % {"label": entry["label"], "number": entry["number"]},
        )
        for entry in settings.ANXIN_HELP_NUMBERS[1:]
    ]


class ContactForm(forms.Form):
    """记联系."""

    channel = radios_field(gettext_lazy("How"), ((key.value, label) for key, label in CHANNELS.items()))
    outcome = radios_field(
        gettext_lazy("What came of it"), ((key.value, label) for key, label in OUTCOMES.items())
    )
    called = forms.MultipleChoiceField(
        label=gettext_lazy("Also called"),
        choices=_emergency_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = note_field(gettext_lazy("What was said, what was agreed"), required=False)

    def values(self) -> dict[str, Any]:
        """The arguments of the flow. A call to 110 or 120 becomes the first words of the note."""
        data = self.cleaned_data
        called = [_("Called %(number)s.") % {"number": number} for number in data["called"]]
        return {
            "channel": ContactChannel(data["channel"]),
            "outcome": ContactOutcome(data["outcome"]),
            "note": " ".join([*called, data["note"]]).strip(),
        }


class AssessmentForm(forms.Form):
    """做评估: nine findings, the level, and the summary in words."""

    summary = note_field(gettext_lazy("Summary"), required=True)
    level = radios_field(gettext_lazy("Level"), ((str(int(level)), label) for level, label in LEVELS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        findings = {name: radios_field(label, FINDING_VALUES.items()) for name, label in FINDINGS.items()}
        for field in findings.values():
            field.initial = "unknown"
        self.fields = {**findings, "level": self.fields["level"], "summary": self.fields["summary"]}

    @property
    def finding_fields(self) -> list[Any]:
        """The bound fields of the findings, in order."""
        return [self[name] for name in FINDINGS]

    def values(self) -> dict[str, Any]:
        """The arguments of the flow."""
        data = self.cleaned_data
        return {
            "level": Level(int(data["level"])),
            "findings": Findings(**{name: data[name] for name in FINDINGS}),
            "summary": data["summary"],
        }


class EndingForm(forms.Form):
    """定去向. Opening a case also asks on what ground."""

    ending = radios_field(
        gettext_lazy("What follows"), ((one.value, label) for one, label in ENDINGS.items())
    )
    legal_basis = radios_field(
        gettext_lazy("Ground for the case"),
        ((key.value, label) for key, label in LEGAL_BASES.items()),
        required=False,
    )
    reason = note_field(gettext_lazy("Reason"), required=True)

    def offer(self, endings: Iterable[Ending]) -> "EndingForm":
        """Show only what is possible now; what was sent is judged by the rules of the room."""
        self.fields["ending"].choices = [(one.value, ENDINGS[one]) for one in endings]  # type: ignore[attr-defined]
        if Ending.CASE_OPENED not in endings:
            del self.fields["legal_basis"]
        return self

    def clean(self) -> dict[str, Any]:
        """A case needs its ground."""
        data = super().clean() or {}
        if data.get("ending") == Ending.CASE_OPENED and not data.get("legal_basis"):
            self.add_error("legal_basis", _("Choose on what ground the case is opened."))
        return data


class SignatureForm(forms.Form):
    """签字 or 先不结束, on what was read: ``seen_version`` is the version the page showed."""

    reason = note_field(gettext_lazy("What you looked at"), required=False)
    seen_version = version_field()


class MergeForm(forms.Form):
    """合并: into which other warning about the same person."""

    into = forms.ChoiceField(label=gettext_lazy("Into"), choices=())
    reason = note_field(gettext_lazy("Reason"), required=True)

    def __init__(self, *args: Any, twins: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = list(twins)  # type: ignore[attr-defined]


class MessageForm(forms.Form):
    """One message to the person. The hidden uid makes a repeated sending the same message."""

    text = note_field(gettext_lazy("Message to the person"), required=True)
    client_uid = forms.CharField(max_length=36, widget=forms.HiddenInput)
