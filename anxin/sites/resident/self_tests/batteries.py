"""Batteries as residents meet them: which there are, what is in one for this person, and how far they have come."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import Part, PartState, RunState
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest
from anxin.sites.resident.person import Person
from anxin.sites.resident.self_tests.offer import ADULT_AGE, language, offers

if TYPE_CHECKING:
    from anxin.domains.assessments.models import BatteryRun


@dataclass(frozen=True, slots=True)
class PlannedForm:
    """One part of a battery on its page. ``is_maybe``: asked only if the part before found something."""

    slug: str
    is_maybe: bool


def named(battery_id: str) -> assessments.Battery | None:
    """The battery called so."""
    return next((one for one in assessments.batteries() if one.id == battery_id), None)


def title_of(battery: assessments.Battery) -> str:
    """Its name in the language of the page."""
    return battery.title[language()]


def title_of_id(battery_id: str) -> str:
    """The same for an id; empty for none."""
    battery = named(battery_id)
    return title_of(battery) if battery else ""


def plan_of(battery: assessments.Battery, *, age: int | None) -> assessments.Plan:
    """What is asked of a person of this age, in the language of the page, and what cannot be."""
    return assessments.plan_battery(battery, offered=_offered(battery, age))


def _offered(battery: assessments.Battery, age: int | None) -> frozenset[str]:
    # Whoever stays unknown says with the choice of the battery that they are old enough for it.
    reckoned = age if age is not None else max(ADULT_AGE, battery.age_min or 0)
    return frozenset(offer.slug for offer in offers(age=reckoned))


def part_number(battery_id: str, slug: str) -> int:
    """Which part of the battery asks this form of somebody unknown; 0 when none does."""
    battery = named(battery_id)
    parts = plan_of(battery, age=None).parts if battery else ()
    return next((number for number, part in enumerate(parts, start=1) if part.instrument == slug), 0)


def joined(
    request: VisitRequest, battery_id: str, slug: str, known: Person, *, age: int | None
) -> "tuple[BatteryRun | None, int | None]":
    """The run this form is answered for and its part, begun if need be; nothing outside a battery."""
    battery = named(battery_id)
    if battery is None or not plan_of(battery, age=age).parts:
        return None, None
    with unit_of_work(request.actor):
        run = assessments.start_battery(
            actor=request.actor,
            battery=battery.id,
            language=language(),
            age=age,
            offered=_offered(battery, age),
            scope_path=known.scope_path,
        )
        parts = assessments.own_parts(actor=request.actor, run=run)
    part = next((one for one in parts if one.instrument == slug), None)
    return (run, part.number) if part else (None, None)


def open_run(request: VisitRequest, battery_id: str) -> "tuple[BatteryRun, tuple[Part, ...]] | None":
    """The run of this battery that the person has begun and not ended, with its parts."""
    if request.actor.resident_id is None:
        return None
    with unit_of_work(request.actor):
        for run in assessments.own_open_runs(actor=request.actor):
            if run.battery == battery_id:
                return run, assessments.own_parts(actor=request.actor, run=run)
    return None


def open_runs(request: VisitRequest) -> "list[tuple[BatteryRun, tuple[Part, ...]]]":
    """Every battery the person has begun and not ended."""
    if request.actor.resident_id is None:
        return []
    with unit_of_work(request.actor):
        runs = assessments.own_open_runs(actor=request.actor)
        return [(run, assessments.own_parts(actor=request.actor, run=run)) for run in runs]


def run_by_uid(request: VisitRequest, uid: str) -> "tuple[BatteryRun, tuple[Part, ...]]":
    """One of the person's own runs. Raises ``BatteryNotFound``."""
    with unit_of_work(request.actor):
        run = assessments.own_run(actor=request.actor, uid=uid)
        return run, assessments.own_parts(actor=request.actor, run=run)


def is_open(run: "BatteryRun") -> bool:
    """Whether it is still gone through."""
    return run.state == RunState.OPEN


def progress(parts: tuple[Part, ...]) -> tuple[int, int]:
    """How many parts are behind, and how many there are."""
    return assessments.counted_parts(parts)


def upcoming(parts: tuple[Part, ...]) -> Part | None:
    """The part to go on with."""
    part = assessments.next_part(parts)
    return part if part is not None and part.state is not PartState.WAITING else None
