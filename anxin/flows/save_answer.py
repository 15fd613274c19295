"""One answer of a known person: kept first; a critical one raises the warning before anything is handed in.

The page has said so beforehand, and so has whoever asks. A changed answer is recorded beside the first and never takes
a warning back.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anxin.domains.assessments import api as assessments
from anxin.domains.assessments.contracts import SavedAnswer
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
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


def save(
    *,
    actor: Actor,
    sitting_uid: str,
    item: int,
    value: int,
    millis: int | None = None,
    under: Purpose | None = None,
) -> SaveResult:
    """Keep the answer the person gave (T1); if it is critical, raise the alarm (T2).

    ``under`` names the agreement it is kept under, asked in the transaction that keeps it. Raises ``ConsentMissing``.
    """
    result = _keep(
        actor,
        lambda: assessments.save_answer(
            actor=actor, sitting_uid=sitting_uid, item=item, value=value, millis=millis
        ),
        under,
    )
    saved = result.saved
    is_changed = saved.previous is not None and saved.previous != saved.value
    if not (saved.critical and saved.entry_id is not None) and is_changed and actor.resident_id is not None:
        with unit_of_work(SYSTEM):
            risk.note_changed_answer(actor=SYSTEM, resident_id=actor.resident_id, saved=saved)
    return result


def take_down(
    *, actor: Actor, sitting_uid: str, item: int, value: int | None, millis: int | None = None
) -> SaveResult:
    """Keep the answer a member of staff was told or copies from paper, and raise the alarm the same way."""
    return _keep(
        actor,
        lambda: assessments.take_down_answer(
            actor=actor, sitting_uid=sitting_uid, item=item, value=value, millis=millis
        ),
    )


def _keep(actor: Actor, write: Callable[[], SavedAnswer], under: Purpose | None = None) -> SaveResult:
    with unit_of_work(actor):
        if under is not None and actor.resident_id is not None:
            residents.demand_consent(actor=actor, resident_id=actor.resident_id, purpose=under)
        saved = write()
        if saved.critical and saved.entry_id is not None:
            enqueue(
                topic=TOPIC_CRITICAL_ANSWER,
                key=f"{TOPIC_CRITICAL_ANSWER}:{saved.sitting_uid}:{saved.entry_id}",
                payload={"sitting": saved.sitting_uid, "entry": saved.entry_id},
                priority=CRITICAL,
            )
    warning = None
    if saved.critical and saved.entry_id is not None:
        try:
            warning = evaluate_answer(sitting_uid=saved.sitting_uid, entry_id=saved.entry_id)
        except Exception:
            log.exception("alarm for an answer in %s failed; the outbox keeps the promise", saved.sitting_uid)
    return SaveResult(saved=saved, warning=warning)
