"""Who may do what on which day, and the credentials behind it."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.workforce.contracts import Act, ActReserved, Tier
from anxin.domains.workforce.library import load_gates
from anxin.domains.workforce.models import Credential
from anxin.domains.workforce.policies import visible_credentials
from anxin.domains.workforce.rules.gates import allows, qualified
from anxin.domains.workforce.rules.tiers import tier_of
from anxin.kernel import clock
from anxin.kernel.actor import Actor

if TYPE_CHECKING:
    from anxin.domains.network.models import Unit


def counting_on(on: date) -> Q:
    """Credentials that count on a day: verified by then, in force, not suspended."""
    return (
        Q(verified_on__lte=on, valid_from__lte=on)
        & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))
        & (Q(suspended_on__isnull=True) | Q(suspended_on__gt=on))
    )


@query()
def competent_staff_ids(
    *, staff_ids: Iterable[int], act: Act, on: date, unit: "Unit | None" = None, subject: str = ""
) -> frozenset[int]:
    """Those of ``staff_ids`` who may do ``act`` on a local day, in one query.

    ``unit`` is where it is done: acts reserved to medical institutions are refused without one. ``subject`` names the
    instrument for ``ASSESS_WITH_INSTRUMENT``.
    """
    kinds: dict[int, set[str]] = {}
    rows = Credential.objects.filter(counting_on(on), staff_id__in=set(staff_ids))
    for staff_id, kind, about in rows.values_list("staff_id", "kind", "subject"):
        kinds.setdefault(staff_id, set()).add(qualified(kind, about))
    in_medical_unit = unit is not None and unit.is_medical_institution
    gates = load_gates()
    return frozenset(
        staff_id
        for staff_id, held in kinds.items()
        if allows(gates, act, frozenset(held), in_medical_unit, subject)
    )


@query()
def competent_on(*, staff_ids: Iterable[int], act: Act, days: Iterable[date]) -> dict[date, frozenset[int]]:
    """The same for several local days at once, in one query, for acts that need no medical institution."""
    wanted = sorted(set(days))
    kinds: dict[date, dict[int, set[str]]] = {day: {} for day in wanted}
    rows = Credential.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=wanted[0]),
        staff_id__in=set(staff_ids),
        verified_on__lte=wanted[-1],
        valid_from__lte=wanted[-1],
    ).values_list(
        *("staff_id", "kind", "subject", "verified_on", "valid_from", "valid_until", "suspended_on")
    )
    for staff_id, kind, about, verified, since, until, suspended in rows:
        for day in wanted:
            if verified <= day and since <= day <= (until or day) and (suspended is None or suspended > day):
                kinds[day].setdefault(staff_id, set()).add(qualified(kind, about))
    gates = load_gates()
    return {
        day: frozenset(
            staff for staff, held in found.items() if allows(gates, act, frozenset(held), False, "")
        )
        for day, found in kinds.items()
    }


@query()
def tiers_of(*, staff_ids: Iterable[int], on: date) -> dict[int, Tier]:
    """The rung of the four-tier ladder each of these people stands on, on a local day."""
    asked = set(staff_ids)
    kinds: dict[int, set[str]] = {one: set() for one in asked}
    rows = Credential.objects.filter(counting_on(on), staff_id__in=asked)
    for staff_id, kind in rows.values_list("staff_id", "kind"):
        kinds[staff_id].add(kind)
    return {staff_id: tier_of(held) for staff_id, held in kinds.items()}


@query()
def may_perform(*, staff_id: int, act: Act, on: date, unit: "Unit | None" = None, subject: str = "") -> bool:
    """Whether one person may do ``act`` on a local day."""
    return staff_id in competent_staff_ids(staff_ids=[staff_id], act=act, on=on, unit=unit, subject=subject)


@query()
def require_competence(*, actor: Actor, act: Act, unit: "Unit | None" = None, subject: str = "") -> None:
    """Raise ``ActReserved`` unless the actor may do ``act`` today: a member of staff with what the gate asks for."""
    if actor.staff_id is None or not may_perform(
        staff_id=actor.staff_id, act=act, on=clock.today(), unit=unit, subject=subject
    ):
        raise ActReserved


@query()
def credentials_queryset(*, actor: Actor) -> QuerySet[Credential]:
    """The credentials the actor may see."""
    return visible_credentials(actor, Credential.objects.select_related("staff")).order_by(
        "staff__name", "kind", "id"
    )
