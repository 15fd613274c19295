"""The main job: a resident hands in a self-test → scored → rules → warning with owner and clock.

Two transactions, on purpose. The first keeps the answers; the second raises the alarm. A fault in a rule must
never lose what a person told us, and a lost alarm must be found again without that person: the outbox row
written with the answers is the promise, the worker and the sweep keep it. A critical sitting is evaluated
here and now, so that the page can say who will call; ordinary ones leave that to the worker, which takes them
in sets.
"""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anxin.domains.assessments import api as assessments
from anxin.domains.residents import api as residents
from anxin.domains.residents.contracts import Purpose
from anxin.flows.evaluate_sitting import evaluate_sitting
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.assessments.models import Sitting
    from anxin.domains.risk.models import Warning

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """The kept sitting, and the warning when one was raised before the answer went out."""

    sitting: "Sitting"
    is_critical: bool
    warning: "Warning | None"


def submit(
    *,
    actor: Actor,
    sitting_uid: str,
    age: int | None = None,
    sex: str = "",
    allow_missing: bool = False,
    under: Purpose | None = None,
) -> SubmitResult:
    """Hand in. Repeating it returns the same sitting and the same warning.

    ``under`` names the agreement it is kept under, asked in the transaction that keeps it. Raises ``ConsentMissing``.
    """
    with unit_of_work(actor):
        if under is not None and actor.resident_id is not None:
            residents.demand_consent(actor=actor, resident_id=actor.resident_id, purpose=under)
        sitting = assessments.submit_sitting(
            actor=actor, sitting_uid=sitting_uid, age=age, sex=sex, allow_missing=allow_missing
        )
        is_critical = bool(sitting.score_sheet.critical)
    warning = raise_alarm_now(sitting_uid) if is_critical else None
    return SubmitResult(sitting=sitting, is_critical=is_critical, warning=warning)


def raise_alarm_now(sitting_uid: str) -> "Warning | None":
    """T2 at once. A fault here is logged and left to the outbox; the person still gets their page, help first."""
    try:
        return evaluate_sitting(sitting_uid=sitting_uid)
    except Exception:
        log.exception("evaluation of sitting %s failed; the outbox keeps the promise", sitting_uid)
        return None
