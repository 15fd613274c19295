"""Going through a battery: begin, leave a part out, stop; and noticing that nothing is left to ask."""

from collections.abc import Set as AbstractSet

from anxin.domains.assessments.contracts import BatteryNotFound, RunState, SittingClosed
from anxin.domains.assessments.library import batteries
from anxin.domains.assessments.models import BatteryRun, Sitting
from anxin.domains.assessments.rules import batteries as rules
from anxin.domains.assessments.selectors import parts_of_run
from anxin.domains.audit.api import command
from anxin.kernel import clock
from anxin.kernel.actor import Actor


@command("assessments:battery:started")
def start_battery(
    *,
    actor: Actor,
    battery: str,
    language: str,
    age: int | None,
    offered: AbstractSet[str],
    scope_path: str,
) -> BatteryRun:
    """The resident's open run of this battery, or a new one over the forms ``offered`` to them.

    Raises ``BatteryNotFound`` when none of its forms is.
    """
    found = next((one for one in batteries() if one.id == battery), None)
    if actor.resident_id is None or found is None or not found.is_for(age):
        raise BatteryNotFound
    planned = rules.plan(found, offered=offered)
    if not planned.parts:
        raise BatteryNotFound
    run, _ = BatteryRun.objects.get_or_create(
        resident_id=actor.resident_id,
        battery=battery,
        state=RunState.OPEN,
        defaults={
            "scope_path": scope_path,
            "language": language,
            "parts": [{"instrument": part.instrument, "only_if": part.only_if} for part in planned.parts],
            "started_at": clock.now(),
        },
    )
    return run


@command("assessments:battery-part:left-out")
def leave_part_out(*, actor: Actor, run_uid: str, part: int) -> BatteryRun:
    """The person does not want to answer this part. It can be answered by itself at any time."""
    run = _own_locked(actor, run_uid)
    if 1 <= part <= len(run.parts) and part not in run.left_out:
        run.left_out = sorted([*run.left_out, part])
        run.save(update_fields=["left_out"])
        _end_if_over(run)
    return run


@command("assessments:battery:stopped")
def stop_battery(*, actor: Actor, run_uid: str) -> BatteryRun:
    """The person goes no further. What was handed in stays."""
    run = _own_locked(actor, run_uid)
    run.state, run.ended_at = RunState.STOPPED, clock.now()
    run.save(update_fields=["state", "ended_at"])
    return run


def end_if_over(sitting: Sitting) -> None:
    """After a part was handed in: nothing left to ask ends the run."""
    if sitting.battery_run_id is not None:
        run = BatteryRun.objects.select_for_update().get(id=sitting.battery_run_id)
        if run.state == RunState.OPEN:
            _end_if_over(run)


def _end_if_over(run: BatteryRun) -> None:
    if rules.next_part(parts_of_run(run)) is None:
        run.state, run.ended_at = RunState.FINISHED, clock.now()
        run.save(update_fields=["state", "ended_at"])


def _own_locked(actor: Actor, uid: str) -> BatteryRun:
    if actor.resident_id is None:
        raise BatteryNotFound
    run = (
        BatteryRun.objects.select_for_update(of=("self",))
        .select_related("resident")
        .filter(uid=uid, resident_id=actor.resident_id)
        .first()
    )
    if run is None:
        raise BatteryNotFound
    if run.state != RunState.OPEN:
        raise SittingClosed
    return run
