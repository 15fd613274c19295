"""Reading task forces: the roster on a day, and which towns have theirs."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from anxin.domains.audit.api import query
from anxin.domains.network.contracts import TaskForceKind, UnitKind
from anxin.domains.network.library import load_presets
from anxin.domains.network.models import TaskForce, TaskForcePost, Unit
from anxin.domains.network.selectors.people import in_force


@dataclass(frozen=True, slots=True)
class TownProgress:
    """Whether a town has its group and its team (R-135)."""

    town: Unit
    has_group: bool
    has_team: bool


@query()
def task_forces_queryset(*, path: str, on: date) -> QuerySet[TaskForce]:
    """Task forces in office on a day, at ``path`` and below."""
    forces = TaskForce.objects.filter(in_force(on), area__path__startswith=path)
    return (
        forces.select_related("area", "office_seat").prefetch_related("groups").order_by("area__path", "id")
    )


@query()
def force_roster(*, force: TaskForce, on: date) -> list[TaskForcePost]:
    """The seats as they were held on a day: those of the force first, then group by group (R-131)."""
    seats = force.posts.filter(in_force(on)).select_related("body", "group")
    return sorted(seats, key=lambda seat: (seat.group_id or 0, seat.order, seat.id))


@query()
def town_progress(*, area: Unit, on: date) -> list[TownProgress]:
    """For every town of an area, whether its group and team are in office on a day."""
    name = load_presets()[TaskForceKind.TOWN].name
    groups = TaskForce.objects.filter(in_force(on), area__path__startswith=area.path, name=name)
    with_group = set(groups.values_list("area_id", flat=True))
    with_team = set(groups.filter(Q(groups__code="team")).values_list("area_id", flat=True))
    towns = Unit.objects.filter(path__startswith=area.path, kind=UnitKind.TOWN).order_by("number")
    return [TownProgress(town, town.id in with_group, town.id in with_team) for town in towns]
