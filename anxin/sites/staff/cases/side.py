"""What stands beside the timeline of a case: plan, follow-ups, tasks, goals, the lowering that waits, conferences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.forms import Form
from django.utils.translation import gettext as _

from anxin.domains.cases import api as cases
from anxin.domains.cases.contracts import FollowUpState, GoalState, Permission, PlanPart, PlanView
from anxin.domains.risk.contracts import ContactChannel
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.sites.staff.cases.course_forms import DeclineForm, FollowUpForm, GoalForm, GoalReviewForm, TaskForm
from anxin.sites.staff.cases.words import GOALS, PLAN_PARTS
from anxin.sites.staff.fields import sent_or_new
from anxin.sites.staff.words import CHANNELS, FINDING_VALUES, FINDINGS, Words

if TYPE_CHECKING:
    from anxin.domains.cases.models import Case, CaseConference, CaseFollowUp, CaseGoal, CaseTask


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One part of a plan; ``text`` is empty where nothing was written."""

    key: str
    icon: str
    title: Words
    text: str


@dataclass(frozen=True, slots=True)
class PlanPanel:
    """A plan as it is shown."""

    version: int
    lines: tuple[PlanLine, ...]
    by_person: bool
    author: str
    written_at: datetime
    is_in_force: bool
    person_agreed: bool
    staff_agreed: bool


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One follow-up. ``state`` is planned, done, missed or late."""

    uid: str
    number: int
    planned_at: datetime
    due_at: datetime
    ended_at: datetime | None
    state: str
    is_late: bool
    attempts: int
    channel: Words
    moved_because: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task."""

    uid: str
    text: str
    owner: str
    due_on: date
    is_done: bool
    is_late: bool
    done_by: str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal, and the form it is reviewed with."""

    uid: str
    text: str
    state: Words
    is_open: bool
    note: str
    form: GoalReviewForm


@dataclass(frozen=True, slots=True)
class LoweringPanel:
    """The lowering that waits. ``may_decide``: this reader is not its author and may confirm a high risk."""

    uid: str
    level: int
    before: int
    by: str
    asked: str
    at: datetime
    summary: str
    findings: tuple[tuple[Words, Words], ...]
    may_decide: bool
    decline: DeclineForm


@dataclass(frozen=True, slots=True)
class ConferenceLine:
    """One conference about this case, with what its members said."""

    uid: str
    question: str
    called_by: str
    closes_at: datetime
    is_open: bool
    minutes: str
    views: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """All of it, and the forms of who may write."""

    plan: PlanPanel | None
    followups: tuple[FollowUpLine, ...]
    tasks: tuple[TaskLine, ...]
    goals: tuple[GoalLine, ...]
    lowering: LoweringPanel | None
    conferences: tuple[ConferenceLine, ...]
    has_review: bool
    task_form: TaskForm | None
    goal_form: GoalForm | None
    followup_form: FollowUpForm | None
    may_write: bool


def side_of(
    actor: Actor,
    case: "Case",
    *,
    tried: dict[str, Form],
    colleagues: Sequence[tuple[str, str]],
    is_competent: bool,
) -> Side:
    """Beside the timeline, for a case ``access_case`` has shown."""
    may_write = case.closed_at is None and cases.may_on_case(actor, Permission.WRITE, case)
    lines = tuple(_followup(one) for one in cases.followups_of(actor=actor, case=case))
    ahead = [(one.uid, _followup_label(one)) for one in lines if one.ended_at is None]
    versions = cases.plans_of(actor=actor, case=case)
    return Side(
        plan=plan_panel(versions[0]) if versions else None,
        followups=lines,
        tasks=tuple(_task(one) for one in cases.tasks_of(actor=actor, case=case)),
        goals=tuple(_goal(one) for one in cases.goals_of(actor=actor, case=case)),
        lowering=_lowering(actor, case, tried, may_decide=may_write and is_competent),
        conferences=tuple(_conference(one) for one in cases.conferences_of(actor=actor, case=case)),
        has_review=cases.has_review(actor=actor, case=case),
        task_form=sent_or_new(tried, "task", TaskForm, colleagues=colleagues) if may_write else None,
        goal_form=sent_or_new(tried, "goal", GoalForm) if may_write else None,
        followup_form=sent_or_new(tried, "followup", FollowUpForm, ahead=ahead)
        if may_write and ahead
        else None,
        may_write=may_write,
    )


def plan_panel(view: PlanView) -> PlanPanel:
    """One version of a plan."""
    sides = {side.value for side in view.agreed}
    return PlanPanel(
        version=view.version,
        lines=tuple(
            PlanLine(part.value, icon, title, view.content[part])
            for part, (icon, title, _hint) in PLAN_PARTS.items()
        ),
        by_person=view.by_person,
        author=view.author,
        written_at=view.written_at,
        is_in_force=view.is_in_force,
        person_agreed="person" in sides,
        staff_agreed="staff" in sides,
    )


def plan_initial(view: PlanView | None) -> dict[str, object]:
    """The newest version as the form begins."""
    if view is None:
        return {"base_version": 0}
    return {"base_version": view.version, **{part.value: view.content[part] for part in PlanPart}}


def ahead_of(actor: Actor, case: "Case") -> list[tuple[str, str]]:
    """The follow-ups that can still be moved, to choose from."""
    lines = [_followup(one) for one in cases.followups_of(actor=actor, case=case)]
    return [(one.uid, _followup_label(one)) for one in lines if one.ended_at is None]


def _followup_label(one: FollowUpLine) -> str:
    day = f"{clock.local(one.planned_at):%m-%d %H:%M}"
    return _("No. %(number)s, %(day)s") % {"number": one.number, "day": day}


def _followup(row: "CaseFollowUp") -> FollowUpLine:
    ended = row.ended_at
    return FollowUpLine(
        uid=row.uid,
        number=row.number,
        planned_at=row.planned_at,
        due_at=row.due_at,
        ended_at=ended,
        state=row.state,
        is_late=(row.state == FollowUpState.DONE and ended is not None and ended > row.due_at)
        or (row.state == FollowUpState.PLANNED and clock.now() > row.due_at),
        attempts=row.attempts,
        channel=CHANNELS[ContactChannel(row.last_channel)] if row.last_channel else "",
        moved_because=row.moved_because,
    )


def _task(row: "CaseTask") -> TaskLine:
    return TaskLine(
        uid=row.uid,
        text=row.text,
        owner=row.owner.staff.name,
        due_on=row.due_on,
        is_done=row.done_at is not None,
        is_late=row.done_at is None and row.due_on < clock.today(),
        done_by=row.done_by,
    )


def _goal(row: "CaseGoal") -> GoalLine:
    return GoalLine(
        uid=row.uid,
        text=row.text,
        state=GOALS[GoalState(row.state)],
        is_open=row.state == GoalState.OPEN,
        note=row.review_note,
        form=GoalReviewForm(auto_id=f"id_goal_{row.uid}_%s", initial={"state": row.state}),
    )


def _lowering(
    actor: Actor, case: "Case", tried: dict[str, Form], *, may_decide: bool
) -> LoweringPanel | None:
    row = cases.waiting_lowering_of(actor=actor, case=case)
    if row is None:
        return None
    return LoweringPanel(
        uid=row.uid,
        level=row.level,
        before=row.before,
        by=row.by.name,
        asked=row.asked.name if row.asked else "",
        at=row.proposed_at,
        summary=row.summary,
        findings=tuple(
            (FINDINGS[name], FINDING_VALUES[row.findings.get(name, "unknown")]) for name in FINDINGS
        ),
        may_decide=may_decide and row.by_id != actor.staff_id,
        decline=sent_or_new(tried, "decline", DeclineForm),
    )


def _conference(row: "CaseConference") -> ConferenceLine:
    return ConferenceLine(
        uid=row.uid,
        question=row.question,
        called_by=row.called_by,
        closes_at=row.closes_at,
        is_open=row.ended_at is None,
        minutes=row.minutes,
        views=tuple(
            (f"{one.posting.staff.name}·{one.posting.unit.name}", one.view) for one in row.seats.all()
        ),
    )
