"""Ending a case: by the closing rule, or as the person went elsewhere, was lost or died; always by two people."""

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases.contracts import (
    CaseState,
    ClosingRuleUnmet,
    EntryKind,
    GoalsNotReviewed,
    Permission,
    SupervisorNeeded,
)
from anxin.domains.cases.models import Case
from anxin.domains.cases.rules.transitions import ENDED, TRANSITIONS
from anxin.domains.cases.selectors import closing_standing
from anxin.domains.cases.services.writing import (
    locked,
    require_reason,
    save,
    staff_id_of,
    write_entry,
    write_status,
)
from anxin.domains.deadlines import api as deadlines
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.transitions import MoveNotAllowed


def _had_it_in_hand(case: Case) -> set[int]:
    """Its manager, its former managers and whoever wrote the last assessment: none of them approves its end."""
    handed_over = case.entries.filter(kind=EntryKind.ASSIGNED).values_list("params__before_staff", flat=True)
    last = case.assessments.order_by("-id").values_list("by_id", flat=True)[:1]
    return {case.manager.staff_id, *(one for one in handed_over if one is not None), *last}


@transaction.atomic
@command("cases:case:ended")
def close_case(
    *,
    actor: Actor,
    case_uid: str,
    reason: str,
    ending: CaseState = CaseState.CLOSED,
    goals_are_reviewed: bool = False,
    seen_version: int | None = None,
) -> Case:
    """End a case, as a supervisor who is not its manager.

    ``closed`` needs the closing rule and the goals reviewed; the other ends need their reason. Raises
    ``SupervisorNeeded``, ``ClosingRuleUnmet``, ``GoalsNotReviewed``.
    """
    case = locked(actor, case_uid, Permission.CLOSE, seen_version)
    if staff_id_of(actor) in _had_it_in_hand(case):
        raise SupervisorNeeded
    if ending not in ENDED:
        raise MoveNotAllowed(source=case.state, target=ending.value)
    TRANSITIONS.check(CaseState(case.state), ending)
    reason = require_reason(reason)
    if ending is CaseState.CLOSED:
        if not closing_standing(actor=actor, case=case).is_met:
            raise ClosingRuleUnmet
        if not goals_are_reviewed:
            raise GoalsNotReviewed(field="goals")
    write_status(case, ending, actor=actor, note=reason)
    write_entry(case, EntryKind.ENDED, actor=actor, note=reason, state=ending.value)
    assert case.deadline_id is not None
    deadlines.meet(actor=actor, deadline_id=case.deadline_id)
    case.deadline, case.clock_running, case.closed_at = None, None, clock.now()
    return save(case, "state", "deadline", "clock_running", "closed_at")
