"""What the site needs to know about the person who is signed in: age and place, nothing else."""

from dataclasses import dataclass

from anxin.domains.residents import api as residents
from anxin.kernel import clock
from anxin.kernel.unit_of_work import unit_of_work
from anxin.sites.marks import VisitRequest


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in resident. ``age`` is None when the archive does not know it."""

    resident_id: int
    scope_path: str
    sex: str
    age: int | None


def known(request: VisitRequest) -> Person | None:
    """Who is signed in as a resident, or nobody."""
    if request.actor.resident_id is None:
        return None
    with unit_of_work(request.actor):
        found = residents.resident_of(account=request.user, actor=request.actor)
    if found is None:
        return None
    age = residents.age_on(found.born_on, clock.today()) if found.born_on else None
    return Person(resident_id=found.id, scope_path=found.scope_path, sex=found.sex, age=age)
