"""What people decide about those a campaign found. Above level 0 each has an owner and a clock until it is settled."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.campaigns import library
from anxin.domains.campaigns.contracts import (
    TRIAGE_SUBJECT,
    CampaignChanged,
    Draw,
    FindingsMissing,
    InterviewerUnfit,
    InterviewOutcome,
    LevelNotLower,
    OtherReaderNeeded,
    Owed,
    PlanDraft,
    PlanIncomplete,
    Proposed,
    TalkNeeded,
    TriageLevel,
    TriageNotFound,
    TriageSettled,
    TriageStage,
    Worksheet,
)
from anxin.domains.campaigns.models import (
    Campaign,
    CriticalSignal,
    Interview,
    Participant,
    SecondReading,
    SupportPlan,
    Triage,
    WorksheetDraft,
)
from anxin.domains.campaigns.policies import visible_triages
from anxin.domains.campaigns.rules.figures import owed_at, owed_by_triage
from anxin.domains.campaigns.rules.triage import needs_second_reader
from anxin.domains.campaigns.selectors.triage import access_called, find_triage
from anxin.domains.campaigns.services.writing import staff_id_of
from anxin.domains.deadlines import api as deadlines
from anxin.domains.deadlines.contracts import ClockOrder, EndedHow
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted
from anxin.kernel.ids import new_uid

L, T = TriageLevel, TriageStage
_TALKED_IN = frozenset({T.CONFIRM, T.INTERVIEW, T.PLAN, T.FOLLOW_UP})


@transaction.atomic
@command("campaigns:triage:proposed")
def propose_levels(
    *, actor: Actor, campaign: Campaign, found: Sequence[Proposed], draw: Draw
) -> list[Triage]:
    """Write down what the rule says of each; a row that is there already only rises, and one a human confirmed stays.

    For the house only. Everybody above level 0 gets a clock at once: level 3 waits for no batch.
    """
    if not actor.is_system:
        raise NotPermitted
    people = Participant.objects.select_for_update(of=("self",), no_key=True).in_bulk(
        [one.participant_id for one in found]
    )
    known = {
        one.participant_id: one
        for one in Triage.objects.select_related("deadline").filter(participant_id__in=people)
    }
    # One moment for all of them, so that those at the same level have the same ladder, drawn once.
    owed = {level: _owed(T.CONFIRM, level) for level in TriageLevel if level > L.NORMAL}
    ladder = lru_cache(maxsize=len(owed))(draw)
    written = []
    for one in found:
        row = known.get(one.participant_id)
        if row is None:
            written.append(_first_look(actor, people[one.participant_id], one, owed, ladder))
        elif not row.confirmed:
            written.append(_look_again(actor, row, one, owed, ladder))
    return written


def _first_look(
    actor: Actor, person: Participant, one: Proposed, owed: Mapping[TriageLevel, Owed], draw: Draw
) -> Triage:
    row = Triage(
        uid=new_uid(),
        participant=person,
        scope_path=person.scope_path,
        proposed=one.proposal.level.value,
        reasons=[reason.value for reason in one.proposal.reasons],
        credible=one.proposal.credible,
        triaged_at=clock.now(),
    )
    if one.proposal.level > L.NORMAL:
        _start_clock(row, owed[one.proposal.level], draw, actor=actor)
    row.save(force_insert=True)
    return row


def _look_again(
    actor: Actor, row: Triage, one: Proposed, owed: Mapping[TriageLevel, Owed], draw: Draw
) -> Triage:
    level = max(one.proposal.level, L(row.proposed))
    if level > L(row.proposed):
        row.proposed = level.value
        _start_clock(row, owed[level], draw, actor=actor)
    row.reasons = sorted({*row.reasons, *(reason.value for reason in one.proposal.reasons)})
    row.credible, row.triaged_at = row.credible and one.proposal.credible, clock.now()
    return _save(row, "proposed", "reasons", "credible", "triaged_at", "deadline", "clock_running")


@transaction.atomic
@command("campaigns:triage:confirmed")
def confirm_level(
    *, actor: Actor, triage_uid: str, level: TriageLevel, draw: Draw, seen_version: int | None = None
) -> Triage:
    """A human confirms the proposal, or raises it. From now on a talk is owed, by level.

    Raises ``LevelNotLower``: lowering needs a talk.
    """
    row = _locked(actor, triage_uid, seen_version)
    if row.settled_at is not None or (row.deadline is not None and _stage(row) is not T.CONFIRM):
        raise TriageSettled
    if level < L(row.proposed):
        raise LevelNotLower(field="level")
    row.confirmed, row.confirmed_by_id, row.confirmed_at = level.value, staff_id_of(actor), clock.now()
    if level is L.NORMAL:
        _settle(row, actor=actor)
    else:
        owed = _owed(T.INTERVIEW, level)
        row.interview_due_at = owed.due_at
        _start_clock(row, owed, draw, actor=actor)
    return _save(row, *_COURSE, "confirmed_by", "confirmed_at", "interview_due_at")


@transaction.atomic
@command("campaigns:triage:assigned")
def assign_interviewer(*, actor: Actor, triage_uid: str, staff_id: int, draw: Draw) -> Triage:
    """Somebody takes the talk over, oneself or a colleague; what is owed stays owed at the same time."""
    row = _locked(actor, triage_uid, None)
    if row.settled_at is not None or row.deadline is None or _stage(row) not in (T.CONFIRM, T.INTERVIEW):
        raise TriageSettled
    row.interviewer_id = staff_id
    owed = owed_at(library.figures(), _stage(row).value, _level(row), row.deadline.due_at)
    _start_clock(row, owed, draw, actor=actor, how=EndedHow.REPLACED)
    return _save(row, "interviewer", "deadline", "clock_running")


@transaction.atomic
@command("campaigns:worksheet:kept")
def keep_draft(*, actor: Actor, triage_uid: str, content: Mapping[str, str]) -> WorksheetDraft:
    """What was typed so far, for its author alone."""
    row = find_triage(actor=actor, uid=triage_uid)
    draft, _ = WorksheetDraft.objects.update_or_create(
        triage=row,
        staff_id=staff_id_of(actor),
        defaults={"content": json.dumps(dict(content), ensure_ascii=False), "saved_at": clock.now()},
    )
    return draft


@transaction.atomic
@command("campaigns:interview:recorded")
def record_interview(
    *,
    actor: Actor,
    triage_uid: str,
    worksheet: Worksheet,
    is_competent: bool,
    draw: Draw,
    seen_version: int | None = None,
) -> Triage:
    """The talk, or what came of asking for one; its level counts at once, unless it lowers level 3.

    ``is_competent``: the actor may confirm a high risk today. Raises ``InterviewerUnfit``, ``TalkNeeded``,
    ``FindingsMissing``, ``TriageSettled``.
    """
    row = _locked(actor, triage_uid, seen_version)
    by, before = staff_id_of(actor), _level(row)
    if row.settled_at is not None or (row.deadline is not None and _stage(row) not in _TALKED_IN):
        raise TriageSettled
    if not worksheet.summary.strip():
        raise FindingsMissing(field="summary")
    if worksheet.outcome is InterviewOutcome.DECLINED and before is L.URGENT:
        raise TalkNeeded(field="outcome")
    is_held = worksheet.outcome is InterviewOutcome.HELD
    level = worksheet.level if is_held else before
    if L.URGENT in (before, level) and is_held and not is_competent:
        raise InterviewerUnfit
    Interview.objects.create(
        triage=row,
        staff_id=by,
        at=clock.now(),
        outcome=worksheet.outcome.value,
        findings=json.dumps(_content(worksheet), ensure_ascii=False),
        level=level.value,
    )
    WorksheetDraft.objects.filter(triage=row, staff_id=by).delete()
    if worksheet.outcome is InterviewOutcome.NOT_REACHED:
        return _save(row)
    if not row.confirmed:
        row.confirmed_by_id, row.confirmed_at, row.confirmed = by, clock.now(), before.value
    row.interviewed_at = clock.now()
    if needs_second_reader(before, level):
        row.interviewer_id, row.second_reader_id = by, None
        row.confirmed = before.value
        _start_clock(row, _owed(T.SECOND_READING, before), draw, actor=actor)
    else:
        _take_level(row, level, worksheet.outcome, by, draw, actor=actor)
    return _save(
        row, *_COURSE, "confirmed_by", "confirmed_at", "interviewer", "interviewed_at", "second_reader"
    )


def _take_level(
    row: Triage, level: TriageLevel, outcome: InterviewOutcome, by: int, draw: Draw, *, actor: Actor
) -> None:
    if row.second_reader_id is None or level is L.URGENT:
        row.interviewer_id, row.second_reader_id = by, None
    row.confirmed = level.value
    if level is L.NORMAL or outcome is InterviewOutcome.DECLINED:
        _settle(row, actor=actor)
    else:
        _start_clock(row, _owed(T.PLAN, level), draw, actor=actor)


def _content(worksheet: Worksheet) -> dict[str, object]:
    return {
        "findings": dict(worksheet.findings),
        "summary": worksheet.summary.strip(),
        "guardian_told": worksheet.guardian_told,
        "feedback": worksheet.feedback.strip(),
    }


@transaction.atomic
@command("campaigns:interview:read_again")
def read_as_second(
    *,
    actor: Actor,
    triage_uid: str,
    agrees: bool,
    note: str,
    is_competent: bool,
    draw: Draw,
    seen_version: int | None = None,
) -> Triage:
    """A second person, signed in as themselves, agrees to lowering level 3, or sends it back for another talk.

    Raises ``OtherReaderNeeded`` for the interviewer, ``InterviewerUnfit`` without the qualification.
    """
    row = _locked(actor, triage_uid, seen_version)
    if row.settled_at is not None or row.deadline is None or _stage(row) is not T.SECOND_READING:
        raise TriageSettled
    by = staff_id_of(actor)
    interview = row.interviews.order_by("-id").first()
    assert interview is not None
    if by == interview.staff_id:
        raise OtherReaderNeeded
    if not is_competent:
        raise InterviewerUnfit
    if not agrees and not note.strip():
        raise FindingsMissing(field="note")
    SecondReading.objects.create(
        interview=interview, triage=row, staff_id=by, agrees=agrees, note=note.strip(), at=clock.now()
    )
    if agrees:
        row.second_reader_id, row.interviewer_id = by, interview.staff_id
        row.confirmed = interview.level
        if L(interview.level) is L.NORMAL:
            _settle(row, actor=actor)
        else:
            _start_clock(row, _owed(T.PLAN, L(interview.level)), draw, actor=actor)
    else:
        owed = _owed(T.INTERVIEW, L.URGENT)
        row.interview_due_at = owed.due_at
        _start_clock(row, owed, draw, actor=actor)
    return _save(row, *_COURSE, "interviewer", "second_reader", "interview_due_at")


@transaction.atomic
@command("campaigns:plan:written")
def write_plan(
    *, actor: Actor, triage_uid: str, plan: PlanDraft, draw: Draw, seen_version: int | None = None
) -> SupportPlan:
    """一生一策: a further version of the plan; what is owed next is to look at it again on its day.

    Raises ``PlanIncomplete``, ``TriageSettled``.
    """
    row = _locked(actor, triage_uid, seen_version)
    by = staff_id_of(actor)
    if row.settled_at is not None or row.deadline is None or _stage(row) not in (T.PLAN, T.FOLLOW_UP):
        raise TriageSettled
    for field in ("goals", "measures"):
        if not getattr(plan, field).strip():
            raise PlanIncomplete(field=field)
    if plan.review_on <= clock.today():
        raise PlanIncomplete(field="review_on")
    latest = row.plans.order_by("-version").values_list("version", flat=True).first() or 0
    written = SupportPlan.objects.create(
        triage=row,
        version=latest + 1,
        goals=plan.goals.strip(),
        measures=plan.measures.strip(),
        responsible_id=plan.responsible_id,
        review_on=plan.review_on,
        written_by_id=by,
        written_at=clock.now(),
    )
    end_of_day = datetime.combine(plan.review_on, time(0), clock.LOCAL) + timedelta(days=1)
    owed = owed_at(library.figures(), T.FOLLOW_UP.value, _level(row), end_of_day)
    _start_clock(row, owed, draw, actor=actor)
    _save(row, "deadline", "clock_running")
    return written


@transaction.atomic
@command("campaigns:signal:attended")
def attend_signal(*, actor: Actor, campaign: Campaign, participant_uid: str) -> Participant:
    """Whoever stands by says: I am with them. Saying it twice changes nothing."""
    person = access_called(actor=actor, campaign=campaign, participant_uid=participant_uid)
    waiting = CriticalSignal.objects.filter(participant=person, attended_at__isnull=True)
    waiting.update(attended_at=clock.now(), attended_by_id=staff_id_of(actor))
    return person


_COURSE = ("confirmed", "deadline", "clock_running", "settled_at")


def _locked(actor: Actor, uid: str, seen_version: int | None) -> Triage:
    """The row, locked after its clock, as the sweep takes them. ``TriageNotFound`` outside the scope."""
    find_triage(actor=actor, uid=uid)
    deadlines.lock_clock(actor=actor, subject_kind=TRIAGE_SUBJECT, subject_uid=uid)
    rows = visible_triages(actor, Triage.objects.select_related("deadline"))
    row = rows.select_for_update(of=("self",), no_key=True).filter(uid=uid).first()
    if row is None:
        raise TriageNotFound
    if seen_version is not None and seen_version != row.row_version:
        raise CampaignChanged
    return row


def _level(row: Triage) -> TriageLevel:
    return L(row.confirmed or row.proposed)


def _stage(row: Triage) -> TriageStage:
    assert row.deadline is not None
    return T(row.deadline.stage)


def _owed(stage: TriageStage, level: TriageLevel) -> Owed:
    return owed_by_triage(library.figures(), stage, level, clock.now())


def _start_clock(row: Triage, owed: Owed, draw: Draw, *, actor: Actor, how: EndedHow = EndedHow.MET) -> None:
    """What is owed next, with its people; what was owed before ends. Saves nothing of the row."""
    order = ClockOrder(TRIAGE_SUBJECT, row.uid, owed.stage, owed.due_at, draw(owed))
    if row.deadline_id is None:
        row.deadline = deadlines.start(actor=actor, order=order)
    else:
        row.deadline = deadlines.replace(actor=actor, deadline_id=row.deadline_id, order=order, how=how)
    row.clock_running = True


def _settle(row: Triage, *, actor: Actor) -> None:
    if row.deadline_id is not None:
        deadlines.meet(actor=actor, deadline_id=row.deadline_id)
    row.deadline, row.clock_running, row.settled_at = None, None, clock.now()


def _save(row: Triage, *fields: str) -> Triage:
    row.row_version += 1
    row.save(update_fields=[*fields, "row_version"])
    return row
