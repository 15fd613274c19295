"""The smallest valid case: a small city, a person, an assessed warning, and the people who may work on it."""

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from anxin.domains.cases import api
from anxin.domains.cases.contracts import (
    AgreedHow,
    AssessmentDraft,
    CaseStep,
    LegalBasis,
    Permission,
    PlanPart,
)
from anxin.domains.cases.models import Case
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder, Holder, Ladder, RungName
from anxin.domains.network.contracts import UnitKind
from anxin.domains.network.models import Posting, Unit
from anxin.domains.network.tests.factories import SmallCity, a_person, a_posting, a_small_city, a_unit
from anxin.domains.residents.models import Resident
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Findings, Level, Source
from anxin.domains.risk.models import Warning
from anxin.kernel import clock
from anxin.kernel.actor import Actor, ActorKind, NodeGrant
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SYSTEM = Actor.system("test")
WORKS = frozenset({Permission.VIEW, Permission.OPEN, Permission.WRITE, Permission.ASSIGN})
_serial = itertools.count(1)


def staff_actor(posting: Posting, path: str, permissions: frozenset[Permission] = WORKS) -> Actor:
    """Whoever holds ``posting``, with ``permissions`` at ``path``."""
    grant = NodeGrant(path=path, role="test", permissions=frozenset(permissions), sees_identified=True)
    return Actor(
        ActorKind.STAFF,
        uid=f"account-{posting.staff_id}",
        label=posting.staff.name,
        grants=(grant,),
        staff_id=posting.staff_id,
        posting_ids=(posting.id,),
    )


@dataclass(frozen=True)
class Stage:
    """The city, and the people of the story."""

    city: SmallCity
    counsellor: Actor
    colleague: Actor
    colleague_posting: Posting
    supervisor: Actor
    stranger: Actor

    @property
    def competent(self) -> frozenset[int]:
        """Everybody here may confirm a high risk."""
        actors = (self.counsellor, self.colleague, self.supervisor, self.stranger)
        return frozenset(actor.staff_id for actor in actors if actor.staff_id)

    def draw(self, step: CaseStep) -> Ladder:
        """The station first, then county and city."""
        return ladder_of(step, self.city.station_lead, self.city.county_clinician, self.city.city_clinician)


def ladder_of(step: CaseStep, *postings: Posting) -> Ladder:
    """``postings`` called in turn for ``step``."""
    holders = [
        Holder(rung, one.id, one.staff.name, one.unit_id, one.unit.name, one.unit.path)
        for one, rung in zip(postings, RungName, strict=False)
    ]
    turns = (clock.now(), *step.climbs_at)[: len(holders)]
    return deadlines.build_ladder(holders, turns, step.page_every)


def a_stage() -> Stage:
    """One station with two colleagues, a supervisor at the county, and a stranger at another station."""
    city = a_small_city()
    other_station = a_unit(UnitKind.STATION, city.town)
    colleague = a_posting(city.station, a_person("同事"))
    closes = WORKS | {Permission.CLOSE}
    return Stage(
        city=city,
        counsellor=staff_actor(city.station_lead, city.station.path),
        colleague=staff_actor(colleague, city.station.path),
        colleague_posting=colleague,
        supervisor=staff_actor(city.county_clinician, city.county.path, closes),
        stranger=staff_actor(a_posting(other_station, a_person("外站")), other_station.path, closes),
    )


def a_resident(unit: Unit) -> Resident:
    """Somebody who belongs to ``unit``."""
    return Resident.objects.create(number=f"R-T{next(_serial)}", home_unit=unit, scope_path=unit.path)


def a_warning(
    stage: Stage, resident: Resident, *, level: Level = Level.L3, is_assessed: bool = True
) -> Warning:
    """A warning about ``resident``, assessed unless told."""
    uid, station = new_uid(), stage.city.station
    alarm = risk.Alarm(
        source=Source.STAFF,
        source_key=uid,
        level=level,
        reasons=(),
        unit_id=station.id,
        scope_path=station.path,
        resident_id=resident.id,
    )
    holder = stage.city.station_lead
    ladder = deadlines.build_ladder(
        [Holder(RungName.STATION, holder.id, holder.staff.name, station.id, station.name, station.path)],
        [clock.now()],
        HOUR,
    )
    order = ClockOrder("warning", uid, "acknowledge", clock.now() + HOUR, ladder)
    warning = risk.raise_warning(
        actor=SYSTEM, alarm=alarm, order=order, reach=station.path, route_reason="test"
    )
    if is_assessed:
        warning.assessed_at = clock.now()
        warning.save(update_fields=["assessed_at"])
    return warning


def an_open_case(stage: Stage, *, level: Level = Level.L3, resident: Resident | None = None) -> Case:
    """A case in the hands of the counsellor."""
    with unit_of_work(SYSTEM):
        warning = a_warning(stage, resident or a_resident(stage.city.station), level=level)
    with unit_of_work(stage.counsellor):
        return api.open_case(
            actor=stage.counsellor,
            warning=warning,
            manager_posting_id=stage.city.station_lead.id,
            legal_basis=LegalBasis.CONSENT,
            reason="评估为高风险，需要持续陪伴",
            draw=stage.draw,
        )


PLAN = {
    PlanPart.SIGNS: "一个人待着，睡不着",
    PlanPart.OWN_WAYS: "出门走一圈",
    PlanPart.WHO_TO_ASK: "姐姐",
    PlanPart.PROFESSIONALS: "柳岸驿站，12356",
}


def a_plan(stage: Stage, case: Case, *, person_agrees: AgreedHow | None = AgreedHow.FACE_TO_FACE) -> None:
    """A safety plan written with the person, on top of whatever there is."""
    with unit_of_work(stage.counsellor):
        written = api.plans_of(actor=stage.counsellor, case=case)
        api.write_plan(
            actor=stage.counsellor,
            case_uid=case.uid,
            content=PLAN,
            base_version=written[0].version if written else 0,
            person_agrees=person_agrees,
        )


def a_draft(level: Level, *, second_reader_id: int | None = None) -> AssessmentDraft:
    """An assessment that says enough."""
    return AssessmentDraft(level, Findings(ideation="yes", plan="no"), "当面谈过。", second_reader_id)


def without(actor: Actor, *permissions: Permission) -> Actor:
    """The same person without some rights."""
    grants = tuple(replace(one, permissions=one.permissions - set(permissions)) for one in actor.grants)
    return replace(actor, grants=grants)
