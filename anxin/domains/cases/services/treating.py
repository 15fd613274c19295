"""The work on a case: assessing, moving on, writing down what happened, handing over; and what the clock writes."""

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases.contracts import (
    WRITABLE_KINDS,
    AssessmentDraft,
    CaseNoteMissing,
    CaseStage,
    CaseState,
    ContactIncomplete,
    Draw,
    EntryDraft,
    EntryKind,
    FindingsUnreadable,
    ManagerUnfit,
    Permission,
    SecondReaderNeeded,
)
from anxin.domains.cases.models import Case, CaseAssessment, CaseEntry
from anxin.domains.cases.rules.clocks import MET_BY_CONTACT
from anxin.domains.cases.rules.transitions import TRANSITIONS, enterable_from
from anxin.domains.cases.services.writing import (
    locked,
    redraw_clock,
    relock,
    require_reason,
    restart_clock,
    save,
    staff_id_of,
    tighten_clock,
    write_entry,
    write_status,
)
from anxin.domains.deadlines.contracts import Climb, EndedHow
from anxin.domains.network import api as network
from anxin.domains.risk.contracts import HIGH, ContactOutcome, Findings, NotCompetent
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.transitions import MoveNotAllowed

_ANSWERS = frozenset({"yes", "no", "unknown"})


def _check_assessment(case: Case, draft: AssessmentDraft, by: int, competent: frozenset[int]) -> None:
    if not draft.summary.strip():
        raise CaseNoteMissing(field="summary")
    if not {getattr(draft.findings, name) for name in Findings.__slots__} <= _ANSWERS:
        raise FindingsUnreadable(field="findings")
    if by not in competent:
        raise NotCompetent
    reader = draft.second_reader_id
    lowers_high = case.level >= HIGH and draft.level < case.level
    if lowers_high and (reader is None or reader == by or reader not in competent):
        raise SecondReaderNeeded(field="second_reader")


@transaction.atomic
@command("cases:case:assessed")
def assess_case(
    *,
    actor: Actor,
    case_uid: str,
    draft: AssessmentDraft,
    competent_staff_ids: frozenset[int],
    draw: Draw,
    seen_version: int | None = None,
) -> CaseAssessment:
    """Keep an assessment; the case takes its level. The first one moves the case on from ``opened``.

    ``competent_staff_ids`` are those of the two concerned who may confirm a high risk today. Raises
    ``NotCompetent`` for an assessor who is not among them, ``SecondReaderNeeded`` for lowering L3 or L4 alone.
    """
    case = locked(actor, case_uid, Permission.WRITE, seen_version)
    by = staff_id_of(actor)
    _check_assessment(case, draft, by, competent_staff_ids)
    assessment = CaseAssessment.objects.create(
        case=case,
        level=int(draft.level),
        findings={name: getattr(draft.findings, name) for name in Findings.__slots__},
        summary=draft.summary.strip(),
        by_id=by,
        second_reader_id=draft.second_reader_id,
        assessed_at=clock.now(),
    )
    before, case.level = case.level, int(draft.level)
    second = assessment.second_reader.name if assessment.second_reader else ""
    write_entry(
        case,
        EntryKind.ASSESSED,
        actor=actor,
        note=assessment.summary,
        level=case.level,
        before=before,
        second_reader=second,
    )
    _move_clock_after_assessment(case, before, draw, actor=actor)
    save(case, "level", "state", "deadline")
    return assessment


def _move_clock_after_assessment(case: Case, before: int, draw: Draw, *, actor: Actor) -> None:
    """Assessing is what was owed, or counts as a contact; a plan or a referral stays owed, at the new level's pace."""
    assert case.deadline is not None
    if case.state == CaseState.OPENED:
        write_status(case, CaseState.RISK_ASSESSED, actor=actor)
        restart_clock(case, draw, actor=actor)
    elif case.deadline.stage in (*MET_BY_CONTACT, CaseStage.REVIEW):
        restart_clock(case, draw, actor=actor)
    elif case.level > before:
        tighten_clock(case, draw, actor=actor)
    elif case.level < before:
        restart_clock(case, draw, actor=actor, how=EndedHow.REPLACED)


@transaction.atomic
@command("cases:case:moved")
def enter_state(
    *, actor: Actor, case_uid: str, state: CaseState, note: str, draw: Draw, seen_version: int | None = None
) -> Case:
    """Move on along workflow 4.3. ``risk_assessed`` comes from an assessment, the ends from ``close_case``."""
    case = locked(actor, case_uid, Permission.WRITE, seen_version)
    staff_id_of(actor)
    before = CaseState(case.state)
    TRANSITIONS.check(before, state)
    if state not in enterable_from(before):
        raise MoveNotAllowed(source=before.value, target=state.value)
    if not note.strip():
        raise CaseNoteMissing(field="note")
    write_status(case, state, actor=actor, note=note.strip())
    write_entry(
        case, EntryKind.STATE_ENTERED, actor=actor, note=note.strip(), state=state.value, before=before.value
    )
    restart_clock(case, draw, actor=actor)
    return save(case, "state", "deadline")


def _check_entry(entry: EntryDraft) -> None:
    if entry.kind not in WRITABLE_KINDS:
        raise ValueError(f"{entry.kind} is written by the case itself")
    if entry.kind is EntryKind.CONTACT:
        if entry.channel is None or entry.outcome is None:
            raise ContactIncomplete(field="outcome" if entry.channel else "channel")
    elif not entry.note.strip():
        raise CaseNoteMissing(field="note")


@transaction.atomic
@command("cases:entry:written")
def add_entry(
    *, actor: Actor, case_uid: str, entry: EntryDraft, draw: Draw, seen_version: int | None = None
) -> CaseEntry:
    """Write down a contact, a session, a talk with the family or a note.

    Reaching the person meets a contact or follow-up that is owed; anything else lets the clock run on.
    """
    case = locked(actor, case_uid, Permission.WRITE, seen_version)
    staff_id_of(actor)
    _check_entry(entry)
    params: dict[str, object] = {}
    if entry.channel is not None and entry.outcome is not None:
        params = {"channel": entry.channel.value, "outcome": entry.outcome.value}
    written = write_entry(case, entry.kind, actor=actor, note=entry.note.strip(), **params)
    reached = entry.kind is EntryKind.SESSION or (
        entry.kind is EntryKind.CONTACT and entry.outcome is ContactOutcome.REACHED
    )
    assert case.deadline is not None
    if reached and case.deadline.stage in MET_BY_CONTACT:
        restart_clock(case, draw, actor=actor)
    save(case, "deadline")
    return written


@transaction.atomic
@command("cases:case:assigned")
def assign(
    *,
    actor: Actor,
    case_uid: str,
    manager_posting_id: int,
    reason: str,
    draw: Draw,
    seen_version: int | None = None,
) -> Case:
    """Hand the case over. What is owed stays owed at the same time, by the new manager first."""
    case = locked(actor, case_uid, Permission.ASSIGN, seen_version)
    staff_id_of(actor)
    reason = require_reason(reason)
    today = clock.today()
    manager = network.postings_by_id(posting_ids={manager_posting_id}).get(manager_posting_id)
    if manager is None or manager.id == case.manager_id:
        raise ManagerUnfit(field="manager")
    if manager.starts_on > today or (manager.ends_on is not None and manager.ends_on < today):
        raise ManagerUnfit(field="manager")
    before, case.manager = case.manager, manager
    write_entry(
        case,
        EntryKind.ASSIGNED,
        actor=actor,
        note=reason,
        before=before.staff.name,
        after=manager.staff.name,
        before_staff=before.staff_id,
    )
    redraw_clock(case, draw, actor=actor)
    return save(case, "manager", "deadline")


@command("cases:case:climbed", silent_on_none=True)
def record_climb(*, actor: Actor, climb: Climb) -> Case | None:
    """What the clock did: a breach, a rung, a page. ``None`` when the case ended meanwhile."""
    case = relock(climb.subject_uid, actor=actor)
    if case is None or case.closed_at is not None:
        return None
    rung = climb.rung
    if climb.breached_now:
        write_entry(case, EntryKind.BREACHED, actor=actor, stage=climb.stage)
    if climb.to_index > climb.from_index:
        write_entry(
            case,
            EntryKind.CLIMBED,
            actor=actor,
            rung=rung.rung.value,
            holder=rung.holder,
            unit=rung.unit_name,
        )
    elif climb.paged_now:
        write_entry(case, EntryKind.PAGED, actor=actor, holder=rung.holder, unit=rung.unit_name)
    return case
