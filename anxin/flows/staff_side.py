"""Where a member of staff stands when they act on a warning: their posting as a rung, and whether the law lets them."""

from datetime import datetime
from typing import TYPE_CHECKING

from anxin.domains.network import api as network
from anxin.domains.network.contracts import DutyCandidate, Rung, UnitKind
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted

if TYPE_CHECKING:
    from anxin.domains.network.models import Posting
    from anxin.domains.risk.models import Warning

_RUNGS = {
    UnitKind.COUNTY_CENTRE: Rung.COUNTY,
    UnitKind.CITY_CENTRE: Rung.CITY,
    UnitKind.HOTLINE: Rung.CITY,
}


def standing_of(actor: Actor, warning: "Warning") -> DutyCandidate:
    """The actor as a rung of this warning's ladder. Raises ``NotPermitted`` without a posting that answers for it."""
    found = actor.staff_id and candidate_for(staff_id=actor.staff_id, unit_id=warning.unit_id, at=clock.now())
    if not found:
        raise NotPermitted
    return found


def candidate_for(*, staff_id: int, unit_id: int, at: datetime) -> DutyCandidate | None:
    """One member of staff seen from a unit: on duty for it, else through their posting nearest to it on the way up."""
    for one in network.candidates_upward(unit_id=unit_id, at=at):
        if one.staff_id == staff_id and one.on_duty:
            return one
    unit = network.unit_by_id(unit_id=unit_id)
    chain = {node.id: unit.depth - node.depth for node in network.ancestors(unit=unit)} | {unit.id: 0}
    postings = [
        posting
        for posting in network.postings_of(staff_id=staff_id, on=clock.local(at).date())
        if posting.unit_id in chain or posting.unit.parent_id in chain
    ]
    if not postings:
        return None
    return _candidate(min(postings, key=lambda one: _distance(one, chain)), chain)


def _distance(posting: "Posting", chain: dict[int, int]) -> int:
    if posting.unit_id in chain:
        return chain[posting.unit_id]
    return chain[posting.unit.parent_id] if posting.unit.parent_id is not None else len(chain)


def _candidate(posting: "Posting", chain: dict[int, int]) -> DutyCandidate:
    unit = posting.unit
    return DutyCandidate(
        posting_id=posting.id,
        staff_id=posting.staff_id,
        holder=posting.staff.name,
        unit_id=unit.id,
        unit_name=unit.name,
        unit_path=unit.path,
        rung=_RUNGS.get(UnitKind(unit.kind), Rung.STATION),
        duty="",
        on_duty=False,
        distance=_distance(posting, chain),
    )


def is_competent_for_high(actor: Actor) -> bool:
    """Whether the actor may confirm, step down from, or sign off L3 and L4 today (roles.md 5.3)."""
    return actor.staff_id is not None and workforce.may_perform(
        staff_id=actor.staff_id, act=Act.CONFIRM_HIGH_RISK, on=clock.today()
    )
