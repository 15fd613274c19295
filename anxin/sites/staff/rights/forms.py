"""What the officer says, and what staff write down for a person."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.domains.residents.contracts import GivenBy, LegalBasis, Purpose
from anxin.domains.rights.contracts import AskedBy, Decision, Proof, RequestKind
from anxin.flows.take_request import AT_THE_COUNTER
from anxin.sites.staff.fields import note_field, radios_field
from anxin.sites.staff.rights.words import ASKERS, BASES, DECISIONS, FACTS, KINDS, PROOFS
from anxin.sites.staff.words import SEXES

WAITING, LATE, DONE = "waiting", "late", "done"
SEGMENTS = (
    (WAITING, pgettext_lazy("requests", "Waiting")),
    (LATE, pgettext_lazy("requests", "Overdue")),
    (DONE, pgettext_lazy("requests", "Closed")),
)
_CHOICE = {"required": _("Choose one.")}


class RequestFilter(forms.Form):
    """Read from the query string; a broken choice counts as not made."""

    show = forms.ChoiceField(choices=SEGMENTS, required=False)
    kind = forms.ChoiceField(choices=[(one.value, one.value) for one in RequestKind], required=False)
    q = forms.CharField(max_length=40, required=False)

    def chosen(self) -> dict[str, str]:
        """The valid choices."""
        self.is_valid()
        found = {name: (self.cleaned_data.get(name) or "").strip() for name in ("show", "kind", "q")}
        return {**found, "show": found["show"] or WAITING}


class VerifyForm(forms.Form):
    """How it was made sure who asks."""

    proof = radios_field(
        _("How you made sure who asks"), ((one.value, words) for one, words in PROOFS.items())
    )

    def chosen(self) -> Proof:
        """The proof."""
        return Proof(self.cleaned_data["proof"])


class DecideForm(forms.Form):
    """The answer. The room asks for the reason where the law does."""

    decision = radios_field(
        pgettext_lazy("request", "Decision"), ((one.value, words) for one, words in DECISIONS.items())
    )
    facts = forms.MultipleChoiceField(
        label=_("Put right, when granted in part"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = note_field(_("Reason, in words the person understands"), required=False)

    def __init__(self, *args: Any, facts: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(name, FACTS.get(name, name)) for name in facts]
        if len(offered) > 1:
            self.fields["facts"].choices = offered  # type: ignore[attr-defined]
        else:
            del self.fields["facts"]

    def chosen(self) -> Decision:
        """The decision."""
        return Decision(self.cleaned_data["decision"])


class ReleaseForm(forms.Form):
    """Why an entry may be known."""

    reason = note_field(_("Why the guardian may know of it now"), required=True)


class PaperForm(forms.Form):
    """An agreement on paper, as signed."""

    purpose = forms.ChoiceField(label=_("What was agreed to"), choices=(), error_messages=_CHOICE)
    recipient = forms.CharField(label=_("For whom, where the text names one"), max_length=80, required=False)
    given_by = radios_field(
        _("Who signed"), ((one.value, ASKERS[AskedBy(one.value)]) for one in (GivenBy.SELF, GivenBy.GUARDIAN))
    )
    child_assents = forms.BooleanField(label=_("The child was asked too, and wants it"), required=False)
    signed_on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput({"type": "date"}),
        error_messages={"required": _("Write the day."), "invalid": _("Write the day.")},
    )

    def __init__(self, *args: Any, purposes: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = list(purposes)  # type: ignore[attr-defined]


class ActForm(forms.Form):
    """Something done without asking, because the law names the occasion."""

    basis = radios_field(_("On what ground"), ((one.value, words) for one, words in BASES.items()))
    recipient = forms.CharField(label=_("Who was told"), max_length=80, required=False)
    reason = note_field(_("Why it could not wait for an agreement"), required=True)

    def ground(self) -> LegalBasis:
        """The legal basis."""
        return LegalBasis(self.cleaned_data["basis"])


class CounterForm(forms.Form):
    """What a person asks for at the counter."""

    kind = radios_field(_("What is asked for"), ((one.value, KINDS[one]) for one in AT_THE_COUNTER))
    asked_by = radios_field(_("Who asks"), ((one.value, words) for one, words in ASKERS.items()))
    proof = radios_field(
        _("How you made sure who asks"),
        ((one.value, PROOFS[one]) for one in (Proof.IN_PERSON, Proof.DOCUMENT)),
    )
    name = forms.CharField(label=_("The name as it should be"), max_length=60, required=False)
    born_on = forms.DateField(
        label=_("The date of birth as it should be"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": _("Write the day.")},
    )
    sex = forms.ChoiceField(
        label=_("The sex as it should be"),
        required=False,
        choices=[("", _("as it is")), *SEXES.items()],
    )
    text = note_field(_("In the person's words"), required=False)

    def changes(self) -> dict[str, str]:
        """The facts as they should be; empty ones are not meant."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "born_on": data["born_on"].isoformat() if data["born_on"] else "",
            "sex": data["sex"],
        }


def purposes(language: str) -> list[tuple[str, str]]:
    """What can be agreed to on paper, in words."""
    from anxin.domains.residents import api as residents

    return [
        (one.value, residents.consent_text(purpose=one, language=language).title)
        for one in Purpose
        if one is not Purpose.ACCOUNT
    ]
