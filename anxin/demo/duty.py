"""Who would have been called at a moment of the past: the roster in memory, and the real routing rule over it.

The verbs ask the database for the people on duty; eighteen months of warnings ask ten thousand times, so the same
candidates are built here from the plan. A test holds both answers together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from anxin.demo.network import CITY_CENTRE, HOTLINE, Network, UnitPlan
from anxin.demo.roster import add_working_time, is_on_duty
from anxin.demo.staff import PostingPlan, Workforce
from anxin.domains.cases.contracts import CaseStep
from anxin.domains.deadlines.contracts import Ladder, LadderRung, RungName
from anxin.domains.network import api as network_room
from anxin.domains.network.contracts import DutyCandidate, Route, Rung
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import HIGH, Level, Stage

_SUPPORTING = frozenset({"tutor", "counsellor", "therapist", "psychiatrist", "psychology_teacher"})
_HALF_HOUR = 1800
_CLIMB = (Rung.STATION, Rung.COUNTY, Rung.CITY)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A clock: when it is due, who is called in turn, and why the first one."""

    due_at: datetime
    ladder: Ladder
    route: Route


class DutyBook:
    """The roster of the whole city."""

    def __init__(self, network: Network, workforce: Workforce) -> None:
        self._network = network
        self._workforce = workforce
        self._centre = network.named(CITY_CENTRE)
        self._hotline = network.named(HOTLINE)
        self.posting_of = {posting.id: posting for posting in workforce.postings()}
        self._leaves = {leave.posting.id: leave.span for leave in workforce.leaves}
        self._known: dict[tuple[int, int], list[PostingPlan]] = {}

    def candidates(self, unit: UnitPlan, at: datetime) -> list[DutyCandidate]:
        """Everybody on duty for ``unit`` at ``at``, and the accountable of the centres."""
        found = []
        for place, rung, distance in self._places(unit):
            found += [self._candidate(one, rung, distance, on_duty=True) for one in self.on_duty(place, at)]
            if place.kind in ("county_centre", "city_centre"):
                accountable = [one for one in self._workforce.postings_at(place) if one.is_accountable]
                found += [self._candidate(one, rung, distance, on_duty=False) for one in accountable]
        return found

    def on_duty(self, place: UnitPlan, at: datetime) -> list[PostingPlan]:
        """Who sits at ``place`` at ``at``. Seats begin and end on the half hour, so each is asked once."""
        key = (place.id, int(at.timestamp()) // _HALF_HOUR)
        if key not in self._known:
            self._known[key] = [one for one in self._workforce.postings_at(place) if self._is_there(one, at)]
        return self._known[key]

    def draw_step(
        self, unit: UnitPlan, level: Level, step: CaseStep, start: datetime, first: PostingPlan
    ) -> Drawn:
        """The clock of one step of a case: its manager first, then the centres."""
        holder = self.holding(unit, first)
        rungs = [_rung(holder, start)]
        higher = _CLIMB[_CLIMB.index(holder.rung) + 1 :]
        for rung, starts_at in zip(higher, step.climbs_at, strict=False):
            called = self.route(unit, level, starts_at, rung=rung).candidate
            if _CLIMB.index(called.rung) >= _CLIMB.index(rung) and called.posting_id != rungs[-1].posting_id:
                rungs.append(_rung(called, starts_at))
        return Drawn(step.due_at, Ladder(tuple(rungs), step.page_every), Route(holder, "holder"))

    def team_of(self, place: UnitPlan) -> list[PostingPlan]:
        """Everybody posted at ``place``."""
        return self._workforce.postings_at(place)

    def holding(self, unit: UnitPlan, posting: PostingPlan) -> DutyCandidate:
        """``posting`` as a rung above ``unit``: where somebody stands who acts on a warning."""
        for place, rung, distance in self._places(unit):
            if place is posting.unit:
                return self._candidate(posting, rung, distance, on_duty=False)
        raise LookupError(f"{posting.staff.name} has no place above {unit.name}")

    def route(
        self,
        unit: UnitPlan,
        level: Level,
        at: datetime,
        *,
        without: Collection[int] = (),
        rung: Rung | None = None,
    ) -> Route:
        """Who answers: the rule of the network room over the people of the plan."""
        everybody = self.candidates(unit, at)
        candidates = [one for one in everybody if one.staff_id not in without] or everybody
        competent = frozenset(
            one.posting_id for one in candidates if self.is_competent(one.posting_id, level)
        )
        return network_room.choose_route(candidates=candidates, competent_posting_ids=competent, rung=rung)

    def is_competent(self, posting_id: int, level: Level) -> bool:
        """Whether this person may answer a warning of ``level``."""
        staff = self.posting_of[posting_id].staff
        if level >= HIGH:
            return staff.is_competent_for_high_risk
        return any(kind in _SUPPORTING for kind, _ in staff.credentials)

    def draw(
        self,
        unit: UnitPlan,
        level: Level,
        stage: Stage,
        start: datetime,
        *,
        first: DutyCandidate | None = None,
        without: Collection[int] = (),
    ) -> Drawn:
        """The clock of one step, as the flow of the house draws it."""
        due_at, climbs, page_every = risk.schedule_step(
            level=level, stage=stage, start=start, add_working_time=add_working_time
        )
        route = Route(first, "holder") if first else self.route(unit, level, start, without=without)
        rungs = [_rung(route.candidate, start)]
        higher = _CLIMB[_CLIMB.index(route.candidate.rung) + 1 :]
        for rung, starts_at in zip(higher, climbs, strict=False):
            called = self.route(unit, level, starts_at, without=without, rung=rung).candidate
            if _CLIMB.index(called.rung) >= _CLIMB.index(rung) and called.posting_id != rungs[-1].posting_id:
                rungs.append(_rung(called, starts_at))
        return Drawn(due_at, Ladder(tuple(rungs), page_every), route)

    def _is_there(self, posting: PostingPlan, at: datetime) -> bool:
        away = self._leaves.get(posting.id)
        return is_on_duty(posting.shifts, at) and not (away and away[0] <= at < away[1])

    def _places(self, unit: UnitPlan) -> list[tuple[UnitPlan, Rung, int]]:
        places = [(unit, Rung.STATION, 0)] if unit.kind == "station" else []
        county = self._network.county_of(unit)
        centre = self._network.centre_for(unit)
        if centre is not None and county is not None:
            places.append((centre, Rung.COUNTY, unit.depth - county.depth))
        return [*places, (self._centre, Rung.CITY, unit.depth), (self._hotline, Rung.CITY, unit.depth)]

    def _candidate(self, posting: PostingPlan, rung: Rung, distance: int, *, on_duty: bool) -> DutyCandidate:
        return DutyCandidate(
            posting_id=posting.id,
            staff_id=posting.staff.id,
            holder=posting.staff.name,
            unit_id=posting.unit.id,
            unit_name=posting.unit.name,
            unit_path=posting.unit.path,
            rung=rung,
            duty=posting.shifts[0].duty if on_duty else "",
            on_duty=on_duty,
            distance=distance,
            priority=min(shift.priority for shift in posting.shifts) if on_duty else 1,
        )


def _rung(candidate: DutyCandidate, starts_at: datetime) -> LadderRung:
    return LadderRung(
        rung=RungName(candidate.rung.value),
        posting_id=candidate.posting_id,
        holder=candidate.holder,
        unit_id=candidate.unit_id,
        unit_name=candidate.unit_name,
        unit_path=candidate.unit_path,
        starts_at=starts_at,
    )
