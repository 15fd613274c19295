"""The work on a case: assessing, moving on, writing down what happened, handing over; and what the clock writes."""

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases.contracts import (
    WRITABLE_KINDS,
    AssessmentDraft,
    CaseChanged,
    CaseNoteMissing,
    CaseStage,
    CaseState,
    ContactIncomplete,
    Draw,
    EntryDraft,
    EntryKind,
    FindingsUnreadable,
    FollowUpState,
    LevelChanged,
    LoweringState,
    LoweringWaits,
    ManagerUnfit,
    Permission,
    SafetyPlanMissing,
    SecondReaderNeeded,
)
from anxin.domains.cases.models import Case, CaseAssessment, CaseEntry, CaseLowering
from anxin.domains.cases.policies import visible_cases
from anxin.domains.cases.rules import guards, levels
from anxin.domains.cases.rules.clocks import is_met_by_contact
from anxin.domains.cases.rules.transitions import TRANSITIONS, enterable_from
from anxin.domains.cases.selectors.plans import has_agreed_plan
from anxin.domains.cases.services.followups import adopt, begin_if_owed, note_contact, plan_followups
from anxin.domains.cases.services.guarding import facts_of, raise_first
from anxin.domains.cases.services.writing import (
    CLOCK_FIELDS,
    LEVEL_FIELDS,
    carry_on_clock,
    last_change,
    locked,
    redraw_clock,
    relock,
    require_reason,
    restart_clock,
    save,
    set_level,
    staff_id_of,
    tighten_clock,
    write_entry,
    write_status,
)
from anxin.domains.deadlines.contracts import Climb, EndedHow
from anxin.domains.network import api as network
from anxin.domains.risk.contracts import HIGH, ContactOutcome, Findings, Level, NotCompetent
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
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
) -> CaseAssessment | CaseLowering:
    """Keep an assessment; the case takes its level. The first one moves the case on from ``opened``.

    A rise counts from whatever page it was written on; a lowering only from the newest (``LevelChanged`` names both
    values), and one from L3 or L4 waits until the second reader has confirmed it. ``competent_staff_ids`` are those of
    the two concerned who may confirm a high risk today. Raises ``NotCompetent``, ``SecondReaderNeeded``.
    """
    case = locked(actor, case_uid, Permission.WRITE)
    by = staff_id_of(actor)
    found = levels.verdict(
        current=case.level, assessed=int(draft.level), seen_version=seen_version, version=case.row_version
    )
    if found is levels.Verdict.STALE:
        raise LevelChanged(yours=int(draft.level), now=case.level, **last_change(case))
    _check_assessment(case, draft, by, competent_staff_ids)
    adopt(case)
    if found is levels.Verdict.WAITS:
        return _propose_lowering(case, draft, by, draw, actor=actor)
    assessment = CaseAssessment.objects.create(
        case=case,
        level=int(draft.level),
        findings=_findings(draft),
        summary=draft.summary.strip(),
        by_id=by,
        second_reader_id=draft.second_reader_id,
        assessed_at=clock.now(),
    )
    before = set_level(case, int(draft.level), actor=actor)
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
    save(case, "state", *LEVEL_FIELDS)
    return assessment


def _findings(draft: AssessmentDraft) -> dict[str, str]:
    return {name: getattr(draft.findings, name) for name in Findings.__slots__}


def _propose_lowering(
    case: Case, draft: AssessmentDraft, by: int, draw: Draw, *, actor: Actor
) -> CaseLowering:
    """Kept, and counting for nothing yet; the assessment itself was done, at the level the case stands at."""
    if case.lowerings.filter(state=LoweringState.WAITING).exists():
        raise LoweringWaits
    proposed = CaseLowering.objects.create(
        case=case,
        before=case.level,
        level=int(draft.level),
        findings=_findings(draft),
        summary=draft.summary.strip(),
        by_id=by,
        asked_id=draft.second_reader_id,
        proposed_at=clock.now(),
    )
    asked = proposed.asked.name if proposed.asked else ""
    write_entry(
        case,
        EntryKind.LOWERING_PROPOSED,
        actor=actor,
        note=proposed.summary,
        level=proposed.level,
        before=proposed.before,
        asked=asked,
    )
    _move_clock_after_assessment(case, case.level, draw, actor=actor)
    save(case, "state", *LEVEL_FIELDS)
    return proposed


def _move_clock_after_assessment(case: Case, before: int, draw: Draw, *, actor: Actor) -> None:
    """Assessing is what was owed, or counts as a contact; a plan or a referral stays owed, at the new level's pace."""
    assert case.deadline is not None
    stage = case.deadline.stage
    covers = note_contact(case, None, was_reached=True)
    if case.state == CaseState.OPENED:
        write_status(case, CaseState.RISK_ASSESSED, actor=actor)
        restart_clock(case, draw, actor=actor)
    elif is_met_by_contact(CaseState(case.state), Level(case.level)) or case.state == CaseState.FOLLOWUP:
        restart_clock(case, draw, actor=actor, how=_how(stage, covers=covers, meets=_CONTACTS_AND_REVIEW))
    elif case.level > before:
        tighten_clock(case, draw, actor=actor)
    elif case.level < before:
        restart_clock(case, draw, actor=actor, how=EndedHow.REPLACED)
    elif covers:
        carry_on_clock(case, draw, actor=actor, how=_how(stage, covers=covers))


_CONTACTS_AND_REVIEW = frozenset({CaseStage.CONTACT, CaseStage.REVIEW})


def _how(
    stage: str, *, covers: bool, meets: frozenset[CaseStage] = frozenset({CaseStage.CONTACT})
) -> EndedHow:
    """Whether the running clock was met by reaching the person, or gives way to another."""
    return EndedHow.MET if stage in meets or (covers and stage == CaseStage.FOLLOWUP) else EndedHow.REPLACED


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
    raise_first(guards.blocks(state, facts_of(case)))
    write_status(case, state, actor=actor, note=note.strip())
    write_entry(
        case, EntryKind.STATE_ENTERED, actor=actor, note=note.strip(), state=state.value, before=before.value
    )
    if state is CaseState.FOLLOWUP and not case.followups.filter(state=FollowUpState.PLANNED).exists():
        plan_followups(case, actor=actor)
    restart_clock(case, draw, actor=actor)
    return save(case, "state", "followups_owed", *CLOCK_FIELDS)


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
    known = _kept_already(actor, case_uid, entry.once_uid)
    if known is not None:
        return known
    case = locked(actor, case_uid, Permission.WRITE)
    staff_id_of(actor)
    # Asked again under the lock: the same words may have been sent twice at the same moment.
    known = _kept_already(actor, case_uid, entry.once_uid)
    if known is not None:
        return known
    if seen_version is not None and seen_version != case.row_version:
        raise CaseChanged(**last_change(case))
    _check_entry(entry)
    was_reached = entry.kind is EntryKind.SESSION or (
        entry.kind is EntryKind.CONTACT and entry.outcome is ContactOutcome.REACHED
    )
    if was_reached and not guards.may_end_contact(
        level=case.level, has_agreed_plan=has_agreed_plan(case), without_plan=entry.without_plan
    ):
        raise SafetyPlanMissing(field="without_plan")
    params: dict[str, object] = {}
    if entry.channel is not None and entry.outcome is not None:
        params = {"channel": entry.channel.value, "outcome": entry.outcome.value}
    words = "\n".join(part.strip() for part in (entry.note, entry.without_plan) if part.strip())
    written = write_entry(case, entry.kind, actor=actor, note=words, once_uid=entry.once_uid, **params)
    _move_clock_after_contact(case, entry, draw, was_reached=was_reached, actor=actor)
    save(case, "followups_owed", *CLOCK_FIELDS)
    return written


def _kept_already(actor: Actor, case_uid: str, once_uid: str) -> CaseEntry | None:
    if not once_uid:
        return None
    seen = visible_cases(actor, Case.objects.filter(uid=case_uid))
    return CaseEntry.objects.filter(once_uid=once_uid, case__in=seen, author_uid=actor.uid).first()


def _move_clock_after_contact(
    case: Case, entry: EntryDraft, draw: Draw, *, was_reached: bool, actor: Actor
) -> None:
    """Reaching the person meets a contact, and every follow-up whose window has opened; an attempt meets nothing."""
    assert case.deadline is not None
    stage = case.deadline.stage
    adopt(case)
    if not was_reached:
        if entry.kind is EntryKind.CONTACT:
            note_contact(case, entry.channel, was_reached=False)
        return
    covers = note_contact(case, entry.channel, was_reached=True)
    begins = begin_if_owed(case, actor=actor)
    if is_met_by_contact(CaseState(case.state), Level(case.level)) or (
        case.state == CaseState.FOLLOWUP and stage == CaseStage.FOLLOWUP
    ):
        restart_clock(case, draw, actor=actor, how=_how(stage, covers=covers))
    elif covers or begins:
        carry_on_clock(case, draw, actor=actor, how=_how(stage, covers=covers))


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
    """Hand the case over, its open tasks with it. What is owed stays owed, by the new manager first."""
    case = locked(actor, case_uid, Permission.ASSIGN, seen_version)
    staff_id_of(actor)
    return _hand_over(case, manager_posting_id, require_reason(reason), draw, actor=actor)


@transaction.atomic
@command("cases:case:succeeded")
def succeed(*, actor: Actor, case_uid: str, manager_posting_id: int, reason: str, draw: Draw) -> Case:
    """Somebody follows a manager whose posting has ended. For the house, and for nothing else."""
    if not actor.is_system:
        raise NotPermitted
    case = locked(actor, case_uid, Permission.ASSIGN)
    if case.manager.ends_on is None or case.manager.ends_on >= clock.today():
        raise NotPermitted
    return _hand_over(case, manager_posting_id, require_reason(reason), draw, actor=actor)


def _hand_over(case: Case, manager_posting_id: int, reason: str, draw: Draw, *, actor: Actor) -> Case:
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
    case.tasks.filter(owner=before, done_at__isnull=True).update(owner=manager)
    redraw_clock(case, draw, actor=actor)
    return save(case, "manager", "deadline")


@transaction.atomic
@command("cases:case:redrawn", silent_on_none=True)
def redraw(*, actor: Actor, case_uid: str, draw: Draw) -> Case | None:
    """The same thing owed at the same time, by whoever answers for the case now. For the house only.

    ``None`` for a case that has ended.
    """
    if not actor.is_system:
        raise NotPermitted
    case = relock(case_uid, actor=actor)
    if case is None or case.closed_at is not None:
        return None
    redraw_clock(case, draw, actor=actor)
    return save(case, "deadline")


@command("cases:case:climbed", silent_on_none=True)
def record_climb(*, actor: Actor, climb: Climb) -> Case | None:
    """What the clock did: a breach, a rung, a page. ``None`` when the case ended meanwhile."""
    case = relock(climb.subject_uid, actor=actor)
    # The learning review is the one thing owed about a case that has ended.
    if case is None or (case.closed_at is not None and climb.stage != CaseStage.LEARNING):
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
