"""Who answers: the nearest unit, upward, with somebody on duty now and competent. Never nobody.

The ladder has three rungs: station, county, city (centre and hotline). When nobody competent is on duty on any of
them, the accountable person of the nearest centre answers, competent ones first, and the reason says so.
"""

from collections.abc import Collection, Sequence

from anxin.domains.network.contracts import (
    Duty,
    DutyCandidate,
    NobodyAccountable,
    Route,
    RouteReason,
    Rung,
    UnitKind,
)

_CLIMB = (Rung.STATION, Rung.COUNTY, Rung.CITY)
_RUNGS = {
    UnitKind.COUNTY_CENTRE: Rung.COUNTY,
    UnitKind.CITY_CENTRE: Rung.CITY,
    UnitKind.HOTLINE: Rung.CITY,
}
# At one unit the lead is called before the clinician; at the city the clinician before the hotline.
_CALLED = {duty.value: order for order, duty in enumerate(Duty)}


def rung_of(kind: UnitKind) -> Rung:
    """The rung on which a unit of this kind answers."""
    return _RUNGS.get(kind, Rung.STATION)


def _height(candidate: DutyCandidate) -> int:
    return _CLIMB.index(candidate.rung)


def _order(candidate: DutyCandidate) -> tuple[int, int, int, int, int]:
    duty = _CALLED.get(candidate.duty, len(_CALLED))
    return (_height(candidate), candidate.distance, duty, candidate.priority, candidate.posting_id)


def in_calling_order(candidates: Collection[DutyCandidate]) -> list[DutyCandidate]:
    """Those on duty first, from the nearest upward, then the accountable, from the nearest upward."""
    return sorted(candidates, key=lambda one: (not one.on_duty, _order(one)))


def _accountable(candidates: Collection[DutyCandidate], competent_ids: Collection[int]) -> DutyCandidate:
    known = [one for one in candidates if not one.on_duty]
    if not known:
        raise NobodyAccountable
    return min(known, key=lambda one: (one.posting_id not in competent_ids, _order(one)))


def _last_resort(
    eligible: Sequence[DutyCandidate], everybody: Sequence[DutyCandidate], competent_ids: Collection[int]
) -> DutyCandidate:
    """The accountable of this height, else of any, else whoever is on duty nearest. Somebody is better than nobody."""
    for group in (eligible, everybody):
        if any(not one.on_duty for one in group):
            return _accountable(group, competent_ids)
    if not everybody:
        raise NobodyAccountable
    return min(eligible or everybody, key=_order)


def choose_route(
    *,
    candidates: Sequence[DutyCandidate],
    competent_posting_ids: Collection[int],
    rung: Rung | None = None,
) -> Route:
    """The nearest on-duty competent candidate, at ``rung`` or above it when one is given; else the accountable one.

    Raises ``NobodyAccountable`` only when there is nobody at all, neither accountable nor on duty.
    """
    lowest = _CLIMB.index(rung) if rung else 0
    eligible = [one for one in candidates if _height(one) >= lowest]
    on_duty = [one for one in eligible if one.on_duty]
    competent = [one for one in on_duty if one.posting_id in competent_posting_ids]
    if not competent:
        holder = _last_resort(eligible, candidates, competent_posting_ids)
        return Route(candidate=holder, reason=RouteReason.ACCOUNTABLE_OF_CENTRE.value)
    chosen = min(competent, key=_order)
    if any(_order(one)[:2] < _order(chosen)[:2] for one in on_duty):
        reason = RouteReason.NOBODY_NEARER_COMPETENT
    elif chosen.distance == 0 or chosen.rung == rung:
        reason = RouteReason.NEAREST_ON_DUTY
    else:
        reason = RouteReason.NOBODY_NEARER_ON_DUTY
    return Route(candidate=chosen, reason=reason.value)


def ladder_candidates(
    *, candidates: Sequence[DutyCandidate], competent_posting_ids: Collection[int]
) -> list[DutyCandidate]:
    """One holder for each rung in climbing order, no person twice; never empty, and it ends at the city if it can.

    A rung on which nobody competent is on duty is left out; on the highest rung the accountable person stands in, so
    that a warning which climbs all the way ends with somebody who must answer.
    """
    ladder: list[DutyCandidate] = []
    for rung in _CLIMB:
        taken = {one.staff_id for one in ladder}
        here = [
            one
            for one in candidates
            if one.rung is rung
            and one.on_duty
            and one.posting_id in competent_posting_ids
            and one.staff_id not in taken
        ]
        if here:
            ladder.append(min(here, key=_order))
    if ladder and ladder[-1].rung is Rung.CITY:
        return ladder
    taken = {one.staff_id for one in ladder}
    top = [
        one for one in candidates if one.rung is Rung.CITY and not one.on_duty and one.staff_id not in taken
    ]
    if top:
        ladder.append(_accountable(top, competent_posting_ids))
    return ladder or [_accountable(candidates, competent_posting_ids)]


def called_together(*, candidates: Sequence[DutyCandidate], holder: DutyCandidate) -> list[DutyCandidate]:
    """Everybody else on duty on the holder's rung, in calling order, no person twice: at the city, the hotline too."""
    seen = {holder.staff_id}
    found = []
    for one in in_calling_order([one for one in candidates if one.on_duty and one.rung is holder.rung]):
        if one.staff_id not in seen:
            seen.add(one.staff_id)
            found.append(one)
    return found
