"""Whom a page of a campaign offers to choose: people of its unit, and of the centre above it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from anxin.domains.campaigns.contracts import Permission
from anxin.domains.network import api as network
from anxin.domains.network.contracts import CENTRE_KINDS
from anxin.kernel import clock
from anxin.kernel.actor import Actor

if TYPE_CHECKING:
    from anxin.domains.campaigns.models import Campaign
    from anxin.domains.network.models import Unit


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to choose; ``uid`` goes into the form, never an id."""

    uid: str
    label: str
    staff_id: int


def colleagues_of(campaign: "Campaign") -> list[Colleague]:
    """Everybody once, those of the unit first."""
    path = campaign.scope_path
    above = path[: path.rstrip("/").rindex("/") + 1]
    postings = network.postings_queryset(path=above, on=clock.today()).filter(
        Q(unit__path__startswith=path) | Q(unit__kind__in=[kind.value for kind in CENTRE_KINDS])
    )
    here_first = sorted(postings, key=lambda one: (not one.unit.path.startswith(path), one.unit.name))
    found: dict[int, Colleague] = {}
    for one in here_first:
        label = f"{one.staff.name}·{one.unit.name}"
        found.setdefault(one.staff_id, Colleague(one.staff.uid, label, one.staff_id))
    return list(found.values())


def choices_of(colleagues: list[Colleague]) -> list[tuple[str, str]]:
    """For a form."""
    return [(one.uid, one.label) for one in colleagues]


def staff_id_in(colleagues: list[Colleague], uid: str) -> int | None:
    """Whom the form names; ``None`` for nobody of these."""
    return next((one.staff_id for one in colleagues if one.uid == uid), None)


def units_to_plan_at(actor: Actor) -> "list[Unit]":
    """Where the actor works and may plan."""
    if actor.staff_id is None:
        return []
    postings = network.postings_of(staff_id=actor.staff_id, on=clock.today())
    return [one.unit for one in postings if actor.may(Permission.PLAN, at=one.unit.path)]
