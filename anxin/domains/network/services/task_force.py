"""Setting up a task force from its preset, and changing who holds a seat without losing who held it before."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.network.contracts import (
    PeriodNotPossible,
    TaskForceAlreadyThere,
    TaskForceKind,
    UnitDraft,
    UnitKind,
)
from anxin.domains.network.library import load_presets
from anxin.domains.network.models import TaskForce, TaskForcePost, Unit, WorkingGroup
from anxin.domains.network.policies import can_manage_unit, require
from anxin.domains.network.rules.task_force import THE_TOWN, TOWNS, Preset, Seat
from anxin.domains.network.services.units import create_units
from anxin.kernel.actor import Actor


def _bodies(actor: Actor, area: Unit, preset: Preset) -> dict[str, list[Unit]]:
    """The departments of the area by code, entered when missing, and its towns."""
    there = {unit.name: unit for unit in Unit.objects.filter(parent=area, kind=UnitKind.DEPARTMENT)}
    missing = [
        UnitDraft(
            number=f"{area.number}-D{order:02d}",
            name=body.name,
            kind=UnitKind.DEPARTMENT,
            parent=area.number,
            line=body.line,
            division=area.division.code if area.division else "",
        )
        for order, body in enumerate(preset.bodies, start=1)
        if body.name not in there
    ]
    there |= {unit.name: unit for unit in create_units(actor=actor, drafts=missing)} if missing else {}
    bodies = {body.code: [there[body.name]] for body in preset.bodies}
    towns = Unit.objects.filter(parent=area, kind=UnitKind.TOWN).order_by("number")
    return {**bodies, TOWNS: list(towns), THE_TOWN: [area]}


def _take_seats(
    force: TaskForce, group: WorkingGroup | None, seats: Sequence[Seat], bodies: dict[str, list[Unit]]
) -> list[TaskForcePost]:
    holders: list[tuple[Seat, Unit | None]] = [
        (seat, body) for seat in seats for body in (bodies[seat.body] if seat.body else [None])
    ]
    return [
        TaskForcePost(
            task_force=force,
            group=group,
            post=seat.post.value,
            body=body,
            body_post=seat.body_post,
            order=order,
            starts_on=force.starts_on,
        )
        for order, (seat, body) in enumerate(holders)
    ]


@transaction.atomic
@command("network:task_force:established")
def establish_task_force(
    *,
    actor: Actor,
    area: Unit,
    starts_on: date,
    kind: TaskForceKind = TaskForceKind.AREA,
    office_seat: Unit | None = None,
) -> TaskForce:
    """Set up the task force of an area with its departments, posts and groups (R-131…R-135, R-158).

    Raises ``TaskForceAlreadyThere`` while one of the same kind is in force.
    """
    require(can_manage_unit(actor, area))
    preset = load_presets()[kind]
    held = Unit.objects.select_for_update().get(id=area.id)
    if TaskForce.objects.filter(area=held, name=preset.name, ends_on__isnull=True).exists():
        raise TaskForceAlreadyThere(field="area")
    bodies = _bodies(actor, held, preset)
    force = TaskForce.objects.create(
        name=preset.name,
        area=held,
        office_seat=office_seat or bodies[preset.office_seat][0],
        duties=preset.duties,
        starts_on=starts_on,
    )
    seats = _take_seats(force, None, preset.seats, bodies)
    for group in preset.groups:
        made = WorkingGroup.objects.create(
            task_force=force, code=group.code, name=group.name, duties=group.duties
        )
        seats += _take_seats(force, made, group.seats, bodies)
    TaskForcePost.objects.bulk_create(seats)
    return force


@transaction.atomic
@command("network:task_force:seat_changed")
def change_force_post(
    *, actor: Actor, seat: TaskForcePost, body: Unit, body_post: str, from_day: date
) -> TaskForcePost:
    """Another office holds this seat from ``from_day`` on; the row of the former holder stays, with its end.

    Raises ``PeriodNotPossible`` when the seat began that day or later, or has ended.
    """
    found = (
        TaskForcePost.objects.select_for_update(of=("self",))
        .select_related("task_force__area")
        .get(id=seat.id)
    )
    require(can_manage_unit(actor, found.task_force.area))
    if from_day <= found.starts_on or found.ends_on is not None:
        raise PeriodNotPossible(field="from_day")
    found.ends_on = from_day - timedelta(days=1)
    found.save(update_fields=["ends_on"])
    return TaskForcePost.objects.create(
        task_force=found.task_force,
        group_id=found.group_id,
        post=found.post,
        body=body,
        body_post=body_post,
        order=found.order,
        starts_on=from_day,
    )


@transaction.atomic
@command("network:task_force:ended")
def end_task_force(*, actor: Actor, force: TaskForce, last_day: date) -> TaskForce:
    """The term of the task force ends, and with it every seat. Raises ``PeriodNotPossible``."""
    found = TaskForce.objects.select_for_update(of=("self",)).select_related("area").get(id=force.id)
    require(can_manage_unit(actor, found.area))
    if last_day < found.starts_on:
        raise PeriodNotPossible(field="last_day")
    found.ends_on = last_day
    found.save(update_fields=["ends_on"])
    found.posts.filter(starts_on__gt=last_day).delete()
    found.posts.filter(ends_on__isnull=True).update(ends_on=last_day)
    return found
