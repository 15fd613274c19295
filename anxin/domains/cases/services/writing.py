"""What every write of the room shares: the locked case, its timeline, its status rows and its clock."""

from datetime import datetime

from anxin.domains.cases import library
from anxin.domains.cases.contracts import (
    SUBJECT,
    CaseChanged,
    CaseEnded,
    CaseNotFound,
    CaseReasonMissing,
    CaseState,
    CaseStep,
    Draw,
    EntryKind,
    LoweringState,
    Permission,
)
from anxin.domains.cases.models import Case, CaseEntry, CaseStatus
from anxin.domains.cases.policies import may_on_case
from anxin.domains.cases.rules import levels
from anxin.domains.cases.rules.clocks import moved, own_due_at, retimed
from anxin.domains.cases.selectors.cases import find_case, ladder_of, step_of
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder, EndedHow, Ladder
from anxin.domains.risk.contracts import Level
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


def staff_id_of(actor: Actor) -> int:
    """The member of staff who acts; a program decides nothing about a case."""
    if actor.staff_id is None:
        raise NotPermitted
    return actor.staff_id


def locked(actor: Actor, uid: str, permission: Permission, seen_version: int | None = None) -> Case:
    """The open case, locked for this transaction.

    ``CaseNotFound`` outside the scope, ``NotPermitted`` inside it, ``CaseChanged`` when somebody wrote in between.
    """
    if not may_on_case(actor, permission, find_case(actor=actor, uid=uid)):
        raise NotPermitted
    case = relock(uid, actor=actor)
    if case is None:
        raise CaseNotFound
    if case.closed_at is not None:
        raise CaseEnded
    if seen_version is not None and seen_version != case.row_version:
        raise CaseChanged(**last_change(case))
    return case


def last_change(case: Case) -> dict[str, str]:
    """Who wrote on the case last, and when, for those who read it before."""
    latest = case.entries.order_by("-id").first()
    assert latest is not None
    return {"who": latest.author_label, "at": f"{clock.local(latest.happened_at):%m-%d %H:%M}"}


def relock(uid: str, *, actor: Actor) -> Case | None:
    """The case under lock; its clock first, as the sweep takes them."""
    deadlines.lock_clock(actor=actor, subject_kind=SUBJECT, subject_uid=uid)
    cases = Case.objects.select_related("deadline", "manager__staff")
    return cases.select_for_update(of=("self",), no_key=True).filter(uid=uid).first()


def require_reason(reason: str) -> str:
    """The reason, trimmed. Raises ``CaseReasonMissing``."""
    if not reason.strip():
        raise CaseReasonMissing(field="reason")
    return reason.strip()


def write_entry(
    case: Case, kind: EntryKind, *, actor: Actor, note: str = "", once_uid: str = "", **params: object
) -> CaseEntry:
    """One line of the timeline, with its author as they were."""
    return CaseEntry.objects.create(
        case=case,
        happened_at=clock.now(),
        kind=kind.value,
        author_kind=actor.kind.value,
        author_uid=actor.uid,
        author_label=actor.label,
        params=params,
        note=note,
        once_uid=once_uid or None,
    )


def write_status(case: Case, state: CaseState, *, actor: Actor, note: str = "") -> None:
    """The case enters ``state``: one immutable row, and the state repeated on the case for lists."""
    CaseStatus.objects.create(
        case=case,
        state=state.value,
        entered_at=clock.now(),
        author_uid=actor.uid,
        author_label=actor.label,
        note=note,
    )
    case.state = state.value


def order_for(case: Case, step: CaseStep, ladder: Ladder) -> ClockOrder:
    """The clock of ``step``."""
    return ClockOrder(SUBJECT, case.uid, step.stage.value, step.due_at, ladder)


CLOCK_FIELDS = ("deadline", "stage_due_at")
LEVEL_FIELDS = ("level", "pace", "followups_owed", *CLOCK_FIELDS)


def set_level(case: Case, level: int, *, actor: Actor) -> int:
    """The case stands at ``level`` from now on; what it was before. Saves nothing. A waiting lowering lapses."""
    before = case.level
    case.pace = levels.pace_after(before if case.pace is None else case.pace, level)
    if levels.begins_ladder_anew(before=before, after=level):
        case.followups_owed = True
    case.level = level
    lapse_lowering(case, actor=actor)
    return before


def lapse_lowering(case: Case, *, actor: Actor) -> None:
    """A newer word on the level: what waited for its second reader was about an older one."""
    waiting = case.lowerings.filter(state=LoweringState.WAITING).first()
    if waiting is not None:
        waiting.state, waiting.decided_at = LoweringState.LAPSED, clock.now()
        waiting.save(update_fields=["state", "decided_at"])
        write_entry(case, EntryKind.LOWERING_LAPSED, actor=actor, level=waiting.level, before=waiting.before)


def restart_clock(case: Case, draw: Draw, *, actor: Actor, how: EndedHow = EndedHow.MET) -> None:
    """What the state asks for begins anew now; the clock runs on that or on the next follow-up. Saves nothing."""
    case.stage_due_at = _own_due_at(case)
    carry_on_clock(case, draw, actor=actor, how=how)


def carry_on_clock(case: Case, draw: Draw, *, actor: Actor, how: EndedHow = EndedHow.REPLACED) -> None:
    """What the state asks for is due when it was; the clock runs on that or on the next follow-up."""
    step = _step_now(case)
    _replace(case, order_for(case, step, draw(step)), actor=actor, how=how)


def redraw_clock(case: Case, draw: Draw, *, actor: Actor) -> None:
    """The same thing owed at the same time, by other people."""
    deadline = case.deadline
    assert deadline is not None
    step = moved(_step_now(case), deadline.due_at)
    order = ClockOrder(SUBJECT, case.uid, deadline.stage, deadline.due_at, draw(step))
    _replace(case, order, actor=actor, how=EndedHow.REPLACED)


def tighten_clock(case: Case, draw: Draw | None, *, actor: Actor) -> None:
    """The level has risen: what is owed is due by the faster times, and never later than it was.

    Without ``draw`` the people on the present ladder are called, from whoever holds the clock now upward.
    """
    deadline = case.deadline
    assert deadline is not None
    moment = clock.now()
    faster = _own_due_at(case)
    if faster is not None and (case.stage_due_at is None or faster < case.stage_due_at):
        case.stage_due_at = faster
    step = _step_now(case)
    step = moved(step, min(step.due_at, deadline.due_at))
    if draw is not None:
        ladder = draw(step)
    else:
        index = deadlines.standing_of(deadline, moment).index
        ladder = retimed(deadlines.load_ladder(deadline.ladder), index, step, moment)
    _replace(case, order_for(case, step, ladder), actor=actor, how=EndedHow.REPLACED)


def _own_due_at(case: Case) -> datetime | None:
    ladder = ladder_of(case)
    return own_due_at(
        library.case_times(),
        state=CaseState(case.state),
        level=Level(case.level),
        pace=levels.pace_of(case.pace, case.level),
        since=clock.now(),
        has_followups=ladder is not None and ladder.owed is not None,
    )


def _step_now(case: Case) -> CaseStep:
    """What the case owes this moment."""
    return step_of(case, since=clock.now())


def _replace(case: Case, order: ClockOrder, *, actor: Actor, how: EndedHow) -> None:
    assert case.deadline_id is not None
    case.deadline = deadlines.replace(actor=actor, deadline_id=case.deadline_id, order=order, how=how)


def save(case: Case, *fields: str) -> Case:
    """Write the named fields and count the version up."""
    case.row_version += 1
    case.save(update_fields=[*fields, "row_version"])
    return case
