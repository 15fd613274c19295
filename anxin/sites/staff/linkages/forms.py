"""What is written on a linkage: only the fields its kind lets out are there."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from anxin.domains.linkages.contracts import Fact, Kind, KindRules
from anxin.sites.staff.fields import note_field, radios_field
from anxin.sites.staff.linkages.words import FACTS


class LinkageForm(forms.Form):
    """One kind of linkage."""

    reason = note_field(gettext_lazy("What is asked of them"), required=True)

    def __init__(self, *args: Any, kind: Kind, rules: KindRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if rules.recipients:
            self.fields["recipient"] = radios_field(
                gettext_lazy("To whom"), [(one, one) for one in rules.recipients]
            )
            if len(rules.recipients) == 1:
                self.fields["recipient"].initial = rules.recipients[0]
        if rules.bases:
            is_chinese = (get_language() or "zh").startswith("zh")
            grounds = [(one.code, one.zh if is_chinese else one.en) for one in rules.bases]
            self.fields["basis"] = radios_field(gettext_lazy("Ground in law"), grounds)
        for fact in Fact:
            if fact in rules.facts:
                self.fields[fact.value] = forms.CharField(
                    label=FACTS[fact], max_length=200, required=fact in rules.required
                )

    def values(self) -> dict[str, Any]:
        """As the flow takes them."""
        data = self.cleaned_data
        return {
            "kind": self.kind,
            "recipient": data.get("recipient", ""),
            "basis": data.get("basis", ""),
            "reason": data["reason"],
            "facts": {fact: data[fact.value] for fact in Fact if data.get(fact.value)},
        }


class AnswerForm(forms.Form):
    """A step in words."""

    text = note_field(gettext_lazy("In words"), required=True)


class SubmitForm(forms.Form):
    """What a department hands in."""

    unit = forms.ChoiceField(
        label=gettext_lazy("To whom"), choices=(), error_messages={"required": gettext_lazy("Choose a unit.")}
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("Number to ring back"), max_length=20)
    reason = note_field(gettext_lazy("Why this person is handed in"), required=True)
    agrees = forms.BooleanField(
        label=gettext_lazy("The person agrees that the station rings them"), required=False
    )

    def __init__(self, *args: Any, units: Iterable[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "–"), *units]  # type: ignore[attr-defined]
