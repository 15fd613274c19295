"""The plain safety check-in after a critical answer: are you safe now, shall someone call you. No scale, no score.

"Not safe" makes the open warning L4; a wish for a call is written where the colleague who calls will read it.
"""

from typing import TYPE_CHECKING

from anxin.domains.assessments import api as assessments
from anxin.domains.risk.contracts import Level, Source
from anxin.flows.raise_warning import Alert, raise_from
from anxin.kernel.actor import Actor
from anxin.kernel.ids import new_uid
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.risk.models import Warning

SYSTEM = Actor.system("check-in")
_SAFETY: dict[str, tuple[Level, str]] = {
    "no": (Level.L4, "In the safety check-in the person said they are not safe now."),
    "unsure": (Level.L3, "In the safety check-in the person was not sure to be safe."),
    "yes": (Level.L3, "In the safety check-in the person said they are safe now."),
}


def answer(*, actor: Actor, sitting_uid: str, is_safe_now: str, wants_call: bool) -> "Warning":
    """Keep the two answers with the warning of this sitting; the warning, with owner and due time."""
    with unit_of_work(actor):
        sitting = assessments.own_sitting(actor=actor, uid=sitting_uid)
    level, message = _SAFETY.get(is_safe_now, _SAFETY["unsure"])
    reasons: list[dict[str, object]] = [{"code": f"safe_{is_safe_now}", "message": message, "params": {}}]
    if wants_call:
        reasons.append({"code": "wants_call", "message": "The person would like to be called.", "params": {}})
    with unit_of_work(SYSTEM):
        whole = assessments.sitting_for_evaluation(actor=SYSTEM, uid=sitting.uid)
        person = whole.resident
        alert = Alert(
            source=Source.CHECK_IN,
            source_key=f"{sitting.uid}:check-in:{new_uid()}",
            level=level,
            reasons=tuple(reasons),
            unit_id=person.home_unit_id,
            scope_path=person.scope_path,
            resident_id=person.id,
            sex=person.sex,
        )
        return raise_from(actor=SYSTEM, alert=alert)
