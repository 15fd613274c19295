"""开个案: a human act from an assessed warning. The case begins, and the warning is on its way to its end, or neither.

One open case per person: when there is one already, the warning joins it and ends the same way.
"""

from typing import TYPE_CHECKING

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import LegalBasis
from anxin.domains.risk import api as risk
from anxin.domains.risk.contracts import Ending, Level
from anxin.flows import end_warning
from anxin.flows.ladders import draw_for_case
from anxin.flows.staff_side import standing_of
from anxin.kernel.actor import Actor
from anxin.kernel.unit_of_work import unit_of_work

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case


def open_case(*, actor: Actor, warning_uid: str, reason: str, legal_basis: LegalBasis) -> "Case":
    """The case, managed by whoever opens it. Raises ``AssessmentMissing``. L3 and L4 still wait for a signature."""
    with unit_of_work(actor):
        (warning,) = risk.lock_warnings(actor=actor, uids=[warning_uid])
        case = None
        if warning.resident_id is not None:
            case = cases.attach_if_open(
                actor=actor, resident_id=warning.resident_id, warning_id=warning.id, level=warning.level
            )
        if case is None:
            me = standing_of(actor, warning)
            case = cases.open_case(
                actor=actor,
                warning=warning,
                manager_posting_id=me.posting_id,
                legal_basis=legal_basis,
                reason=reason,
                draw=draw_for_case(unit_id=warning.unit_id, level=Level(warning.level), manager=me),
            )
        end_warning.propose(actor=actor, warning_uid=warning_uid, ending=Ending.CASE_OPENED, reason=reason)
        return case
