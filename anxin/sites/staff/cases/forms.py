"""What is written on a case. Each form carries the version that was read, so that nobody writes over a colleague."""

from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from anxin.domains.cases.contracts import AssessmentDraft, CaseState, EntryDraft, EntryKind
from anxin.domains.risk.contracts import ContactChannel, ContactOutcome
from anxin.kernel.ids import new_uid
from anxin.sites.staff.fields import note_field, radios_field, version_field
from anxin.sites.staff.warnings.forms import AssessmentForm
from anxin.sites.staff.words import CASE_ENTRIES, CASE_STATES, CHANNELS, OUTCOMES

MINE, OVERDUE, OPEN, ENDED = "mine", "overdue", "open", "ended"
SEGMENTS = (
    (MINE, gettext_lazy("Mine")),
    (OVERDUE, pgettext_lazy("cases", "Overdue")),
    (OPEN, gettext_lazy("All open")),
    (ENDED, gettext_lazy("Ended")),
)


class CaseFilter(forms.Form):
    """Read from the query string; a broken choice counts as not made."""

    show = forms.ChoiceField(choices=SEGMENTS, required=False)
    q = forms.CharField(max_length=40, required=False)

    def chosen(self) -> dict[str, str]:
        """The valid choices."""
        self.is_valid()
        return {
            "show": self.cleaned_data.get("show") or MINE,
            "q": (self.cleaned_data.get("q") or "").strip(),
        }


class EntryForm(forms.Form):
    """记一次联系, a session, a talk with the family, a note."""

    seen_version = version_field()
    kind = radios_field(gettext_lazy("What"), ((key.value, label) for key, label in CASE_ENTRIES.items()))
    channel = radios_field(
        gettext_lazy("How"), ((key.value, label) for key, label in CHANNELS.items()), required=False
    )
    outcome = radios_field(
        gettext_lazy("What came of it"),
        ((key.value, label) for key, label in OUTCOMES.items()),
        required=False,
    )
    note = note_field(gettext_lazy("What was said, what was agreed"), required=False)
    without_plan = note_field(gettext_lazy("Why there is no agreed plan yet"), required=False)
    once_uid = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36, initial=new_uid)

    def draft(self) -> EntryDraft:
        """The entry as the room takes it."""
        data = self.cleaned_data
        is_contact = data["kind"] == EntryKind.CONTACT
        return EntryDraft(
            kind=EntryKind(data["kind"]),
            note=data["note"],
            channel=ContactChannel(data["channel"]) if is_contact and data["channel"] else None,
            outcome=ContactOutcome(data["outcome"]) if is_contact and data["outcome"] else None,
            without_plan=data["without_plan"],
            once_uid=data["once_uid"],
        )


class CaseAssessmentForm(AssessmentForm):
    """复评. Lowering L3 or L4 names who has read it as well."""

    def __init__(self, *args: Any, readers: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second_reader"] = forms.ChoiceField(
            label=gettext_lazy("Read as well by"), choices=[("", _("nobody")), *readers], required=False
        )
        self.fields["seen_version"] = version_field()

    def draft(self, second_reader_id: int | None) -> AssessmentDraft:
        """The assessment as the room takes it."""
        values = self.values()
        return AssessmentDraft(
            level=values["level"],
            findings=values["findings"],
            summary=values["summary"],
            second_reader_id=second_reader_id,
        )


class StateForm(forms.Form):
    """Where the case stands from now on."""

    seen_version = version_field()
    state = radios_field(
        gettext_lazy("From now on"), ((key.value, label) for key, label in CASE_STATES.items())
    )
    note = note_field(gettext_lazy("What leads to it"), required=True)

    def offer(self, states: Iterable[CaseState]) -> Self:
        """Show only where it can go from here; the rules of the room judge what was sent."""
        self.fields["state"].choices = [(one.value, CASE_STATES[one]) for one in states]  # type: ignore[attr-defined]
        return self


class AssignForm(forms.Form):
    """Hand over to a colleague in post."""

    seen_version = version_field()
    manager = forms.ChoiceField(label=gettext_lazy("To"), choices=())
    reason = note_field(gettext_lazy("Reason"), required=True)

    def __init__(self, *args: Any, colleagues: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].choices = list(colleagues)  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """结案, by somebody who is not the manager."""

    seen_version = version_field()
    ending = radios_field(
        gettext_lazy("How it ends"), ((key.value, label) for key, label in CASE_STATES.items())
    )
    goals = forms.BooleanField(label=gettext_lazy("The goals were looked at together"), required=False)
    reason = note_field(gettext_lazy("Reason"), required=True)

    def offer(self, states: Iterable[CaseState]) -> Self:
        """Show only the ends this case can come to."""
        self.fields["ending"].choices = [(one.value, CASE_STATES[one]) for one in states]  # type: ignore[attr-defined]
        return self
