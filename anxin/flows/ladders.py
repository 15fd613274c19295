"""Drawing the ladder of one step of one warning: who is called first, who next, and when.

Every rung is resolved for the moment its turn begins, so that a warning raised at 17:50 already knows the night shift.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from anxin.domains.access import api as access
from anxin.domains.cases.contracts import CaseStep, Draw
from anxin.domains.deadlines.contracts import ClockOrder, Ladder, LadderRung, RungName
from anxin.domains.network import api as network
from anxin.domains.network.contracts import DutyCandidate, Route, Rung
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import HIGH, Level, Permission, Stage
from anxin.domains.workforce import api as workforce
from anxin.domains.workforce.contracts import Act
from anxin.kernel import clock
from anxin.kernel.working_days import reckoner

SUBJECT = "warning"
_ORDER = (Rung.STATION, Rung.COUNTY, Rung.CITY)


@dataclass(frozen=True, slots=True)
class DrawnClock:
    """A clock to start, and why its first rung is the one it is."""

    order: ClockOrder
    route: Route

    @property
    def reach(self) -> str:
        """The node that has to see the warning for the first rung to act on it."""
        return reach_of(self.route.candidate)


def reach_of(rung: LadderRung | DutyCandidate) -> str:
    """The node whose people see a warning at this rung: the station itself, or the area its centre serves."""
    if rung.rung.value == Rung.STATION.value:
        return rung.unit_path
    return rung.unit_path[: rung.unit_path.rstrip("/").rindex("/") + 1]


def draw_clock(
    *,
    unit_id: int,
    level: Level,
    stage: Stage,
    subject_uid: str,
    first: DutyCandidate | None = None,
    without_staff: Collection[int] = (),
) -> DrawnClock:
    """The clock of a warning's ``stage`` from now on. ``first`` keeps the present holder on the lowest rung."""
    due_at, climbs, page_every = risk.schedule_step(
        level=level, stage=stage, start=clock.now(), add_working_time=reckoner()
    )
    ladder, route = draw_ladder(
        unit_id=unit_id,
        level=level,
        climbs=climbs,
        page_every=page_every,
        first=first,
        without_staff=without_staff,
        needs=Permission.SIGN if stage is Stage.SIGN else Permission.ACT,
    )
    order = ClockOrder(
        subject_kind=SUBJECT, subject_uid=subject_uid, stage=stage.value, due_at=due_at, ladder=ladder
    )
    return DrawnClock(order=order, route=route)


def draw_ladder(
    *,
    unit_id: int,
    level: Level,
    climbs: Sequence[datetime],
    page_every: timedelta,
    first: DutyCandidate | None = None,
    without_staff: Collection[int] = (),
    needs: StrEnum = Permission.ACT,
) -> tuple[Ladder, Route]:
    """Who is called now, and who at each of the moments ``climbs``; and why the first is the first."""
    start = clock.now()
    turns = [start, *climbs]
    called_at = _routes(unit_id, level, moments=turns, without_staff=without_staff, needs=needs)
    route = Route(candidate=first, reason="holder") if first else called_at(0)
    rungs = [_rung(route.candidate, start)]
    higher = _ORDER[_ORDER.index(route.candidate.rung) + 1 :]
    for turn, rung in enumerate(higher[: len(climbs)], start=1):
        called = called_at(turn, rung)
        if _ORDER.index(called.candidate.rung) < _ORDER.index(rung):
            continue  # nobody answers on this rung or above it; the lower one keeps being called
        if called.candidate.posting_id != rungs[-1].posting_id:
            rungs.append(_rung(called.candidate, turns[turn]))
    return Ladder(rungs=tuple(rungs), page_every=page_every), route


def draw_for_case(*, unit_id: int, level: Level, manager: DutyCandidate | None) -> Draw:
    """How a case finds the people of its next step: its manager first, then upward."""

    def draw(step: CaseStep) -> Ladder:
        ladder, _ = draw_ladder(
            unit_id=unit_id,
            level=level,
            climbs=step.climbs_at,
            page_every=step.page_every,
            first=manager,
        )
        return ladder

    return draw


def _routes(
    unit_id: int,
    level: Level,
    *,
    moments: Sequence[datetime],
    without_staff: Collection[int],
    needs: StrEnum,
) -> Callable[..., Route]:
    """Who answers at each of ``moments``, from ``rung`` upward; everybody is asked for once, whatever the moments."""
    found = network.candidates_at(unit_id=unit_id, moments=moments)
    asked = [[one for one in all_ if one.staff_id not in without_staff] or all_ for all_ in found]
    staff = {one.staff_id for candidates in asked for one in candidates}
    days = [clock.local(at).date() for at in moments]
    act = Act.CONFIRM_HIGH_RISK if level >= HIGH else Act.ANSWER_WARNING
    able = workforce.competent_on(staff_ids=staff, act=act, days=days)
    # Being on the roster and qualified is not enough: whoever may not act on it would not even see it.
    may = access.staff_who_may(permission=needs.value, at=network.path_of(unit_id=unit_id), staff_ids=staff)

    def called_at(turn: int, rung: Rung | None = None) -> Route:
        candidates, competent = asked[turn], able[days[turn]] & may
        postings = frozenset(one.posting_id for one in candidates if one.staff_id in competent)
        return network.choose_route(candidates=candidates, competent_posting_ids=postings, rung=rung)

    return called_at


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


def duty_team_at(*, unit_id: int, rung: Rung, at: datetime) -> list[DutyCandidate]:
    """Everybody on duty at one rung, to be called beside the owner: at the city, the clinician and the hotline."""
    return [
        one for one in network.candidates_upward(unit_id=unit_id, at=at) if one.rung is rung and one.on_duty
    ]
