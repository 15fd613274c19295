"""The second reader of a lowering from L3 or L4: confirming lets it count, declining leaves the level where it is."""

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases.contracts import (
    Draw,
    EntryKind,
    LoweringDecided,
    LoweringState,
    Permission,
    SecondReaderNeeded,
)
from anxin.domains.cases.models import Case, CaseAssessment, CaseLowering
from anxin.domains.cases.services.followups import begin_if_owed
from anxin.domains.cases.services.writing import (
    LEVEL_FIELDS,
    locked,
    require_reason,
    restart_clock,
    save,
    set_level,
    staff_id_of,
    write_entry,
)
from anxin.domains.deadlines.contracts import EndedHow
from anxin.domains.risk.contracts import NotCompetent
from anxin.kernel import clock
from anxin.kernel.actor import Actor


def _waiting(actor: Actor, case_uid: str, lowering_uid: str) -> tuple[Case, CaseLowering]:
    case = locked(actor, case_uid, Permission.WRITE)
    found = case.lowerings.select_related("by").filter(uid=lowering_uid).first()
    if found is None or found.state != LoweringState.WAITING or found.before != case.level:
        raise LoweringDecided
    if found.by_id == staff_id_of(actor):
        raise SecondReaderNeeded
    return case, found


def _decide(found: CaseLowering, state: LoweringState, reader: int, reason: str = "") -> None:
    found.state, found.decided_by_id, found.decided_at = state, reader, clock.now()
    found.reason = reason
    found.save(update_fields=["state", "decided_by", "decided_at", "reason"])


@transaction.atomic
@command("cases:lowering:confirmed")
def confirm_lowering(
    *, actor: Actor, case_uid: str, lowering_uid: str, competent_staff_ids: frozenset[int], draw: Draw
) -> CaseAssessment:
    """The second reader agrees: the assessment counts, and the level falls.

    Raises ``LoweringDecided`` when it was decided or the level has risen since, ``SecondReaderNeeded`` for its author,
    ``NotCompetent`` for a reader who may not confirm a high risk today.
    """
    case, found = _waiting(actor, case_uid, lowering_uid)
    reader = staff_id_of(actor)
    if reader not in competent_staff_ids:
        raise NotCompetent
    # Before the level falls: the follow-ups after an L3 or L4 are owed even if nobody wrote a contact down.
    begin_if_owed(case, actor=actor)
    _decide(found, LoweringState.CONFIRMED, reader)
    assessment = CaseAssessment.objects.create(
        case=case,
        level=found.level,
        findings=found.findings,
        summary=found.summary,
        by=found.by,
        second_reader_id=reader,
        assessed_at=found.proposed_at,
    )
    before = set_level(case, found.level, actor=actor)
    write_entry(
        case,
        EntryKind.ASSESSED,
        actor=actor,
        note=found.summary,
        level=case.level,
        before=before,
        by=found.by.name,
        second_reader=actor.label,
    )
    restart_clock(case, draw, actor=actor, how=EndedHow.REPLACED)
    save(case, *LEVEL_FIELDS)
    return assessment


@transaction.atomic
@command("cases:lowering:declined")
def decline_lowering(*, actor: Actor, case_uid: str, lowering_uid: str, reason: str) -> CaseLowering:
    """The second reader does not agree, with the reason: the level stays."""
    case, found = _waiting(actor, case_uid, lowering_uid)
    reason = require_reason(reason)
    _decide(found, LoweringState.DECLINED, staff_id_of(actor), reason)
    write_entry(
        case, EntryKind.LOWERING_DECLINED, actor=actor, note=reason, level=found.level, before=found.before
    )
    save(case)
    return found
