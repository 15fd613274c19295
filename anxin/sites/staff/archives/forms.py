"""What is written on an archive."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.domains.archives.contracts import (
    GUARDIAN_RELATIONS,
    ContractDraft,
    GivenBy,
    Ground,
    GuardianDraft,
    OpenDraft,
    PersonDraft,
    Relation,
)
from anxin.sites.staff.archives.words import GROUNDS, RELATIONS, STATUSES
from anxin.sites.staff.fields import note_field, radios_field

MINE, UNIT = "mine", "unit"
_NUMBER = {"required": _("Write the number.")}
_DAY = {"required": _("Choose the day."), "invalid": _("Choose the day.")}


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput({"type": "date"}), error_messages=_DAY
    )


class ArchiveFilter(forms.Form):
    """Read from the query string; a broken choice counts as not made."""

    q = forms.CharField(max_length=40, required=False)
    status = forms.ChoiceField(
        choices=[("", _("Every state")), *((one.value, words) for one, words in STATUSES.items())],
        required=False,
    )
    before = forms.RegexField(regex=r"^A[0-9]{7,12}$", required=False)

    def chosen(self) -> dict[str, str]:
        """The valid choices."""
        self.is_valid()
        return {name: (self.cleaned_data.get(name) or "").strip() for name in self.fields}


class OpenForm(forms.Form):
    """Who stands at the counter, and what they signed. The identity number is never shown again."""

    unit = forms.ChoiceField(label=_("Unit that keeps it"), choices=())
    name = forms.CharField(label=_("Name"), max_length=40, error_messages={"required": _("Write the name.")})
    id_number = forms.CharField(
        label=_("Identity number"),
        max_length=24,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "text"}),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=24, required=False)
    born_on = _day(_("Date of birth"), required=False)
    sex = radios_field(
        _("Sex"), (("f", _("female")), ("m", _("male")), ("", _("not stated"))), required=False
    )
    signed_on = _day(_("Signed on"))
    agreed = forms.BooleanField(
        label=_("The text was read, and the paper is signed and kept here"),
        error_messages={"required": _("Without the person's agreement there is no archive.")},
    )
    given_by = radios_field(
        _("Signed by"), ((GivenBy.SELF.value, _("the person")), (GivenBy.GUARDIAN.value, _("a guardian")))
    )
    child_assents = forms.BooleanField(label=_("The child was asked too, and wants it"), required=False)
    guardian_name = forms.CharField(label=_("Name of the guardian"), max_length=40, required=False)
    guardian_relation = forms.ChoiceField(
        label=_("Who the guardian is to the person"),
        choices=[("", _("not needed")), *((one.value, RELATIONS[one]) for one in GUARDIAN_RELATIONS)],
        required=False,
    )
    guardian_phone = forms.CharField(label=_("Telephone of the guardian"), max_length=24, required=False)
    guardian_evidence = forms.CharField(label=_("Known by"), max_length=200, required=False)

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]

    def draft(self, text_version: str) -> OpenDraft:
        """As the room takes it."""
        data = self.cleaned_data
        guardian = None
        if data["guardian_name"]:
            guardian = GuardianDraft(
                name=data["guardian_name"],
                relation=Relation(data["guardian_relation"] or Relation.OTHER),
                evidence=data["guardian_evidence"],
                phone=data["guardian_phone"],
            )
        return OpenDraft(
            person=PersonDraft(
                name=data["name"],
                phone=data["phone"],
                id_number=data["id_number"],
                born_on=data["born_on"],
                sex=data["sex"],
            ),
            text_version=text_version,
            signed_on=data["signed_on"],
            given_by=GivenBy(data["given_by"]),
            child_assents=data["child_assents"] or None,
            guardian=guardian,
        )


class AskForm(forms.Form):
    """Ask the unit that keeps an archive for it."""

    unit = forms.ChoiceField(label=_("To which unit"), choices=())
    id_number = forms.CharField(label=_("Identity number"), max_length=24, error_messages=_NUMBER)
    reason = note_field(_("Why, in the person's words"), required=True)

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A step that asks for a reason and nothing else."""

    reason = note_field(_("Reason"), required=True)


class ChoiceForm(forms.Form):
    """One of several, by uid."""

    choice = forms.ChoiceField(label="", choices=(), error_messages={"required": _("Choose one.")})

    def __init__(
        self, *args: Any, choices: Iterable[tuple[str, str]] = (), label: Any = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = list(choices)  # type: ignore[attr-defined]
        self.fields["choice"].label = label


class MoveForm(ChoiceForm):
    """Offer it to another unit."""

    reason = note_field(_("Reason"), required=True)


class LinkForm(ChoiceForm):
    """The number a guardian reads off their own page."""

    guardian_number = forms.CharField(
        label=_("The guardian's own number"), max_length=20, error_messages=_NUMBER
    )


class HouseholdForm(forms.Form):
    """A household begins with this person."""

    relation = forms.ChoiceField(
        label=_("The person is"), choices=[(one.value, words) for one, words in RELATIONS.items()]
    )
    address = forms.CharField(label=_("Address"), max_length=120, required=False)


class MemberForm(forms.Form):
    """Somebody who lives there too."""

    relation = forms.ChoiceField(
        label=_("Who they are to the head"), choices=[(one.value, words) for one, words in RELATIONS.items()]
    )
    member_number = forms.CharField(label=_("Number of their record"), max_length=20, required=False)
    name = forms.CharField(label=_("Or the name"), max_length=40, required=False)


class GuardianForm(forms.Form):
    """Somebody who answers for the person."""

    guardian_name = forms.CharField(
        label=_("Name of the guardian"), max_length=40, error_messages={"required": _("Write the name.")}
    )
    guardian_relation = forms.ChoiceField(
        label=_("Who the guardian is to the person"),
        choices=[(one.value, RELATIONS[one]) for one in GUARDIAN_RELATIONS],
    )
    ground = radios_field(
        _("Why there is a guardian"), ((one.value, words) for one, words in GROUNDS.items())
    )
    guardian_phone = forms.CharField(label=_("Telephone of the guardian"), max_length=24, required=False)
    guardian_evidence = forms.CharField(
        label=_("Known by"), max_length=200, error_messages={"required": _("Write down by what you know it.")}
    )

    def draft(self) -> GuardianDraft:
        """As the room takes it."""
        data = self.cleaned_data
        return GuardianDraft(
            name=data["guardian_name"],
            relation=Relation(data["guardian_relation"]),
            evidence=data["guardian_evidence"],
            phone=data["guardian_phone"],
            ground=Ground(data["ground"]),
        )


class ContractForm(forms.Form):
    """A family doctor's contract, as signed."""

    number = forms.CharField(label=_("Number of the contract"), max_length=40, error_messages=_NUMBER)
    team = forms.CharField(
        label=_("Team"), max_length=60, error_messages={"required": _("Write the name of the team.")}
    )
    unit = forms.ChoiceField(label=_("Medical unit"), choices=())
    starts_on = _day(_("From"))
    ends_on = _day(_("Until"))

    def __init__(self, *args: Any, units: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]

    def draft(self) -> ContractDraft:
        """As the room takes it."""
        data = self.cleaned_data
        return ContractDraft(
            number=data["number"],
            team=data["team"],
            unit_uid=data["unit"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )


class GuidanceForm(forms.Form):
    """Advice for the team, in words."""

    request = forms.CharField(max_length=36, widget=forms.HiddenInput)
    guidance = note_field(_("Advice for the team"), required=True)


class MergeForm(forms.Form):
    """The other record of the same person."""

    number = forms.CharField(label=_("Number of the other record"), max_length=20, error_messages=_NUMBER)
    reason = note_field(_("Why they are one person"), required=True)
