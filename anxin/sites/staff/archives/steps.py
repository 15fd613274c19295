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
    MemberForm,
    MergeForm,
    MoveForm,
    ReasonForm,
)

if TYPE_CHECKING:
    from anxin.domains.archives.models import Archive

Build = Callable[[Actor, "Archive", Any], Form]
Act = Callable[[Actor, str, Form], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done with an archive."""

    build: Build
    act: Act
    done: str | Promise


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


STEPS: dict[str, Step] = {
    "helper": Step(
        _of_uids(_("Who helps"), _colleagues),
        lambda actor, uid, form: archives.add_helper(
            actor=actor, archive_uid=uid, posting_uid=form.cleaned_data["choice"]
        ),
        _("Named. The colleague reads the archive from now on."),
    ),
    "helper-end": Step(
        _of_uids(_("Who helps"), _named),
        lambda actor, uid, form: archives.end_helper(
            actor=actor, archive_uid=uid, carer_uid=form.cleaned_data["choice"]
        ),
        _("The colleague does not read the archive any more."),
    ),
    "move": Step(
        _move,
        lambda actor, uid, form: archives.offer_transfer(
            actor=actor,
            archive_uid=uid,
            unit_uid=form.cleaned_data["choice"],
            reason=form.cleaned_data["reason"],
        ),
        _("Offered. It moves when the other unit accepts."),
    ),
    "household": Step(
        _plain(HouseholdForm),
        lambda actor, uid, form: archives.note_household(
            actor=actor,
            archive_uid=uid,
            relation=Relation(form.cleaned_data["relation"]),
            address=form.cleaned_data["address"],
        ),
        _("The household is noted."),
    ),
    "member": Step(
        _plain(MemberForm),
        lambda actor, uid, form: archives.add_member(
            actor=actor,
            archive_uid=uid,
            relation=Relation(form.cleaned_data["relation"]),
            name=form.cleaned_data["name"],
            member_number=form.cleaned_data["member_number"],
        ),
        _("Noted."),
    ),
    "member-left": Step(
        _of_uids(_("Who"), _living),
        lambda actor, uid, form: archives.leave_household(
            actor=actor, archive_uid=uid, member_uid=form.cleaned_data["choice"]
        ),
        _("Noted. The line stays in the history."),
    ),
    "guardian": Step(
        _plain(GuardianForm),
        lambda actor, uid, form: archives.add_guardian(actor=actor, archive_uid=uid, draft=form.draft()),  # type: ignore[attr-defined]
        _("The guardian is noted."),
    ),
    "guardian-end": Step(
        _of_uids(_("Who"), _answering),
        lambda actor, uid, form: archives.end_guardian(
            actor=actor, archive_uid=uid, guardianship_uid=form.cleaned_data["choice"]
        ),
        _("Noted. The line stays in the history."),
    ),
    "contract": Step(
        _contract,
        lambda actor, uid, form: archives.note_contract(actor=actor, archive_uid=uid, draft=form.draft()),  # type: ignore[attr-defined]
        _("The contract is noted."),
    ),
    "guidance": Step(
        _plain(GuidanceForm),
        lambda actor, uid, form: archives.return_guidance(
            actor=actor,
            archive_uid=uid,
            request_uid=form.cleaned_data["request"],
            guidance=form.cleaned_data["guidance"],
        ),
        _("Sent to the team. Answers and scores stay here."),
    ),
    "merge": Step(
        _plain(MergeForm),
        lambda actor, uid, form: archives.propose_merge(
            actor=actor,
            archive_uid=uid,
            duplicate_number=form.cleaned_data["number"],
            reason=form.cleaned_data["reason"],
        ),
        _("Proposed. It waits under Moves and merges."),
    ),
    "close": Step(
        _plain(ReasonForm),
        lambda actor, uid, form: archives.close_archive(
            actor=actor, archive_uid=uid, reason=form.cleaned_data["reason"]
        ),
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
