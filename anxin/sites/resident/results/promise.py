"""Who will call and by when: read from the open warning and its clock at this very moment, nothing added."""

from dataclasses import dataclass
from datetime import datetime

from anxin.domains.deadlines import api as deadlines
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import WarningState
from anxin.kernel import clock
from anxin.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class CallPromise:
    """What is owed to the person.

    ``step``: ``take`` (somebody has to take it over), ``call`` (somebody has to call), ``touched`` (somebody has
    reached them) or ``held`` (somebody is in charge, and no call is owed).
    """

    step: str
    unit: str
    holder: str
    due_at: datetime
    is_late: bool
    next_unit: str


_STEPS = {WarningState.NEW: "take", WarningState.ACKNOWLEDGED: "call"}


def promise_to(*, actor: Actor) -> CallPromise | None:
    """The most urgent open promise to the resident who asks. Call inside their unit of work."""
    if actor.resident_id is None:
        return None
    warning = risk.open_warnings_of_resident(actor=actor, resident_id=actor.resident_id).first()
    if warning is None or warning.deadline is None:
        return None
    standing = deadlines.standing_of(warning.deadline, clock.now())
    ahead = [rung for rung in standing.ahead if rung.unit_id != standing.rung.unit_id]
    return CallPromise(
        step=_STEPS.get(WarningState(warning.state)) or ("touched" if warning.contacted_at else "held"),
        unit=standing.rung.unit_name,
        holder=standing.rung.holder,
        due_at=clock.local(warning.deadline.due_at),
        is_late=standing.is_overdue,
        next_unit=ahead[0].unit_name if ahead else "",
    )
