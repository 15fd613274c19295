"""One answer of a signed-in person: kept first; a critical one raises the warning before anything is handed in.

The page has said so beforehand. A changed answer is recorded beside the first and never takes a warning back.
"""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import SavedAnswer
from anxin.domains.risk import api as risk
from anxin.flows.evaluate_sitting import SYSTEM, evaluate_answer
from anxin.kernel.actor import Actor
from anxin.kernel.outbox import CRITICAL, enqueue
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning

log = logging.getLogger(__name__)
TOPIC_CRITICAL_ANSWER = "assessments.critical_answer"


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What was kept, and the warning it raised."""

    saved: SavedAnswer
    warning: "Warning | None"


def save(*, actor: Actor, sitting_uid: str, item: int, value: int) -> SaveResult:
    """Keep the answer (T1); if it is critical, raise the alarm (T2)."""
    with unit_of_work(actor):
        saved = assessments.save_answer(actor=actor, sitting_uid=sitting_uid, item=item, value=value)
        if saved.critical and saved.entry_id is not None:
            enqueue(
                topic=TOPIC_CRITICAL_ANSWER,
                key=f"{TOPIC_CRITICAL_ANSWER}:{sitting_uid}:{saved.entry_id}",
                payload={"sitting": sitting_uid, "entry": saved.entry_id},
                priority=CRITICAL,
            )
    warning = None
    if saved.critical and saved.entry_id is not None:
        try:
            warning = evaluate_answer(sitting_uid=sitting_uid, entry_id=saved.entry_id)
        except Exception:
            log.exception("alarm for an answer in %s failed; the outbox keeps the promise", sitting_uid)
    elif saved.previous is not None and saved.previous != saved.value and actor.resident_id is not None:
        with unit_of_work(SYSTEM):
            risk.note_changed_answer(actor=SYSTEM, resident_id=actor.resident_id, saved=saved)
    return SaveResult(saved=saved, warning=warning)
