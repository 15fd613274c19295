"""Ending a case: by the closing rule, or as the person went elsewhere, was lost or died; always by two people."""

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases.contracts import CaseState, Draw, EntryKind, Permission, SupervisorNeeded
from anxin.domains.cases.models import Case
from anxin.domains.cases.rules import guards
from anxin.domains.cases.rules.transitions import ENDED, TRANSITIONS
from anxin.domains.cases.services.followups import supersede
from anxin.domains.cases.services.guarding import facts_of, raise_first
from anxin.domains.cases.services.reviews import begin_review
from anxin.domains.cases.services.writing import (
    CLOCK_FIELDS,
    lapse_lowering,
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
    draw: Draw | None = None,
) -> Case:
    """End a case, as a supervisor who is not its manager.

    ``closed`` needs the closing rule and the goals reviewed, ``lost`` the attempts; a death begins a learning review,
    whose people ``draw`` finds. Raises ``SupervisorNeeded``, ``ClosingRuleUnmet``, ``GoalsOpen``, ``GoalsNotReviewed``,
    ``LostRuleUnmet``.
    """
    case = locked(actor, case_uid, Permission.CLOSE, seen_version)
    is_free = staff_id_of(actor) not in _had_it_in_hand(case)
    if not is_free:
        raise SupervisorNeeded
    if ending not in ENDED:
        raise MoveNotAllowed(source=case.state, target=ending.value)
    TRANSITIONS.check(CaseState(case.state), ending)
    reason = require_reason(reason)
    facts = facts_of(case, approver_is_free=is_free, goals_are_reviewed=goals_are_reviewed)
    raise_first(guards.blocks(ending, facts))
    is_death = ending is CaseState.DECEASED_REVIEW
    if is_death:
        if draw is None:
            raise ValueError("a learning review has a clock")
        begin_review(case, told=reason, draw=draw, actor=actor)
    # What was told about a death is read by those who review it, not by everybody who sees the case.
    words = "" if is_death else reason
    lapse_lowering(case, actor=actor)
    supersede(case)
    write_status(case, ending, actor=actor, note=words)
    write_entry(case, EntryKind.ENDED, actor=actor, note=words, state=ending.value)
    assert case.deadline_id is not None
    deadlines.meet(actor=actor, deadline_id=case.deadline_id)
    case.deadline, case.clock_running, case.closed_at = None, None, clock.now()
    case.stage_due_at = None
    return save(case, "state", "clock_running", "closed_at", *CLOCK_FIELDS)
