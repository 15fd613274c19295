"""Who will call and by when: read from the open warning and its clock at this very moment, nothing added."""

from dataclasses import dataclass
from datetime import datetime

from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import LadderRung
from anxin.domains.network import api as network
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import WarningState
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.resident.stations.presenters import name_of
from anxin.sites.resident.tongues import is_untranslated


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
        unit=unit_of(standing.rung),
        holder=standing.rung.holder,
        due_at=clock.local(warning.deadline.due_at),
        is_late=standing.is_overdue,
        next_unit=unit_of(ahead[0]) if ahead else "",
    )


def unit_of(rung: LadderRung) -> str:
    """The unit of a rung in the language of the page. The ladder keeps the Chinese name it had when it was drawn."""
    if not is_untranslated(rung.unit_name):
        return rung.unit_name
    return name_of(network.unit_by_id(unit_id=rung.unit_id))
