"""What managers type about the people of their units."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxin.domains.access import api as access
from anxin.domains.access.contracts import DutiesNotSeparate, Role
from anxin.domains.network import api as network
from anxin.domains.network.contracts import Post
from anxin.sites.staff.fields import note_field

REACHABLE = 300


def role_name(role: Role) -> str:
    """In the reader's language."""
    return role.name_en if (get_language() or "").startswith("en") else role.name_zh


def _unit_field() -> forms.CharField:
    return forms.CharField(
        label=_("Unit"),
        max_length=120,
        error_messages={"required": _("Type the number or the full name of the unit.")},
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )


def _role_field(roles: Iterable[Role]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("Choose one.")), *((one.id, role_name(one)) for one in roles)],
        error_messages={"required": _("Choose one.")},
    )


class _AtUnitForm(forms.Form):
    """A role at a unit that is named by number or full name."""

    def __init__(self, *args: Any, roles: Iterable[Role], paths: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = _role_field(roles)
        self.fields["unit"] = _unit_field()
        self._paths = tuple(paths)

    def clean_unit(self) -> Any:
        """The unit itself; one outside the reader's reach is as unknown as one that does not exist."""
        typed = self.cleaned_data["unit"].strip().rsplit(" ", 1)[-1]
        found = (
            network.units_queryset().filter(number=typed).first()
            or network.units_queryset().filter(name=typed).first()
        )
        if found is None or not found.path.startswith(self._paths):
            raise forms.ValidationError(_("There is no such unit below yours."))
        return found


class InviteForm(_AtUnitForm):
    """Somebody new."""

    name = forms.CharField(
        label=_("Name"), max_length=60, error_messages={"required": _("Please type the name.")}
    )
    title = forms.CharField(label=_("Job title"), max_length=60, required=False)
    post = forms.ChoiceField(label=_("Post"), choices=[(one.value, _(one.label)) for one in Post])
    field_order = ("name", "title", "unit", "post", "role")


class GrantForm(_AtUnitForm):
    """One more role for somebody who is there."""

    field_order = ("role", "unit")

    def __init__(self, *args: Any, held: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held = held

    def clean_role(self) -> str:
        """Nobody is administrator, security officer and auditor at once."""
        role: str = self.cleaned_data["role"]
        if not access.are_separate(self._held, role):
            raise forms.ValidationError(_(DutiesNotSeparate.message))
        return role


class ReasonForm(forms.Form):
    """Why."""

    reason = note_field(_("What happened, and how you know it is them"), required=True)
