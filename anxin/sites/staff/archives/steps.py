"""The steps of an archive: for each the form it asks, the act behind it, and what is said when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anxin.domains.archives import api as archives
from anxin.domains.archives.contracts import Relation
from anxin.kernel.actor import Actor
from anxin.sites.staff.archives import presenters
from anxin.sites.staff.archives.forms import (
    ChoiceForm,
    ContractForm,
    GuardianForm,
    GuidanceForm,
    HouseholdForm,
    LinkForm,
    MemberForm,
    MergeForm,
    MoveForm,
    ReasonForm,
)

if TYPE_CHECKING:
    from anxin.domains.archives.models import Archive

Build = Callable[[Actor, "Archive", Any], Form]
Reads = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done with an archive: ``verb`` of the room, and what it takes off the form."""

    build: Build
    verb: Callable[..., object]
    reads: Reads
    done: str | Promise

    def act(self, actor: Actor, archive_uid: str, form: Form) -> object:
        """Do it. The form is whole."""
        return self.verb(actor=actor, archive_uid=archive_uid, **self.reads(form))


def _chosen(name: str, *more: str) -> Reads:
    """The choice of the form under the name the verb gives it, and fields that are called the same on both sides."""
    return lambda form: {name: form.cleaned_data["choice"], **_same(*more)(form)}


def _same(*names: str) -> Reads:
    return lambda form: {name: form.cleaned_data[name] for name in names}


def _draft(form: Any) -> dict[str, Any]:
    return {"draft": form.draft()}


def _household(form: Any) -> dict[str, Any]:
    return {"relation": Relation(form.cleaned_data["relation"]), "address": form.cleaned_data["address"]}


def _member(form: Any) -> dict[str, Any]:
    return {"relation": Relation(form.cleaned_data["relation"]), **_same("name", "member_number")(form)}


def _guidance(form: Any) -> dict[str, Any]:
    return {"request_uid": form.cleaned_data["request"], "guidance": form.cleaned_data["guidance"]}


def _merge(form: Any) -> dict[str, Any]:
    return {"duplicate_number": form.cleaned_data["number"], "reason": form.cleaned_data["reason"]}


def _plain(form_class: type[Form]) -> Build:
    return lambda actor, archive, data: form_class(data)


def _of_uids(label: Any, pairs: Callable[[Actor, "Archive"], list[tuple[str, str]]]) -> Build:
    return lambda actor, archive, data: ChoiceForm(data, choices=pairs(actor, archive), label=label)


def _colleagues(actor: Actor, archive: "Archive") -> list[tuple[str, str]]:
    return presenters.colleagues(archive.scope_path)


def _named(actor: Actor, archive: "Archive") -> list[tuple[str, str]]:
    return [(one.uid, one.posting.staff.name) for one in archives.carers_of(actor=actor, archive=archive)]


def _living(actor: Actor, archive: "Archive") -> list[tuple[str, str]]:
    return [(one.uid, one.uid) for one in archives.household_of(actor=actor, archive=archive)]


def _answering(actor: Actor, archive: "Archive") -> list[tuple[str, str]]:
    return [(one.uid, one.uid) for one in archives.guardians_of(actor=actor, archive=archive)]


def _move(actor: Actor, archive: "Archive", data: Any) -> Form:
    return MoveForm(data, choices=presenters.units_to_move_to(archive.unit.name), label=_("To which unit"))


def _contract(actor: Actor, archive: "Archive", data: Any) -> Form:
    return ContractForm(data, units=presenters.medical_units())


def _link(actor: Actor, archive: "Archive", data: Any) -> Form:
    return LinkForm(data, choices=_answering(actor, archive), label=_("Who"))


STEPS: dict[str, Step] = {
    "helper": Step(
        _of_uids(_("Who helps"), _colleagues),
        archives.add_helper,
        _chosen("posting_uid"),
        _("Named. The colleague reads the archive from now on."),
    ),
    "helper-end": Step(
        _of_uids(_("Who helps"), _named),
        archives.end_helper,
        _chosen("carer_uid"),
        _("The colleague does not read the archive any more."),
    ),
    "move": Step(
        _move,
        archives.offer_transfer,
        _chosen("unit_uid", "reason"),
        _("Offered. It moves when the other unit accepts."),
    ),
    "household": Step(
        _plain(HouseholdForm), archives.note_household, _household, _("The household is noted.")
    ),
    "member": Step(_plain(MemberForm), archives.add_member, _member, _("Noted.")),
    "member-left": Step(
        _of_uids(_("Who"), _living),
        archives.leave_household,
        _chosen("member_uid"),
        _("Noted. The line stays in the history."),
    ),
    "guardian": Step(_plain(GuardianForm), archives.add_guardian, _draft, _("The guardian is noted.")),
    "guardian-end": Step(
        _of_uids(_("Who"), _answering),
        archives.end_guardian,
        _chosen("guardianship_uid"),
        _("Noted. The line stays in the history."),
    ),
    "guardian-link": Step(
        _link,
        archives.link_guardian,
        _chosen("guardianship_uid", "guardian_number"),
        _("Linked. The guardian finds the child under Mine from now on."),
    ),
    "contract": Step(_contract, archives.note_contract, _draft, _("The contract is noted.")),
    "guidance": Step(
        _plain(GuidanceForm),
        archives.return_guidance,
        _guidance,
        _("Sent to the team. Answers and scores stay here."),
    ),
    "merge": Step(
        _plain(MergeForm),
        archives.propose_merge,
        _merge,
        _("Proposed. It waits under Moves and merges."),
    ),
    "close": Step(
        _plain(ReasonForm),
        archives.close_archive,
        _same("reason"),
        _("The archive is closed and kept for its time."),
    ),
}


def forms_for(actor: Actor, archive: "Archive", tried: dict[str, Form]) -> dict[str, Form]:
    """Every form of the page, fresh or as it was sent with its refusals."""
    forms: dict[str, Form] = {}
    for name, step in STEPS.items():
        form = tried.get(name) or step.build(actor, archive, None)
        form.auto_id = f"id_{name}_%s"
        forms[name.replace("-", "_")] = form
    return forms
