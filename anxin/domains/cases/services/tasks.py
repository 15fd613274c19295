"""Goals and tasks of a case."""

from datetime import date

from django.db import transaction

from anxin.domains.audit.api import command
from anxin.domains.cases.contracts import (
    CaseEnded,
    CaseNoteMissing,
    EntryKind,
    GoalState,
    Permission,
    TaskNotFound,
    TaskUnreadable,
)
from anxin.domains.cases.models import Case, CaseGoal, CaseTask
from anxin.domains.cases.policies import may_on_case
from anxin.domains.cases.selectors.cases import find_case
from anxin.domains.cases.services.writing import staff_id_of, write_entry
from anxin.domains.network import api as network
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.errors import NotPermitted


def open_case_to_write(actor: Actor, case_uid: str) -> Case:
    """The open case, for staff who may write on it. Tasks and goals move no clock, so nothing is locked."""
    case = find_case(actor=actor, uid=case_uid)
    staff_id_of(actor)
    if not may_on_case(actor, Permission.WRITE, case):
        raise NotPermitted
    if case.closed_at is not None:
        raise CaseEnded
    return case


@transaction.atomic
@command("cases:goal:set")
def set_goal(*, actor: Actor, case_uid: str, text: str) -> CaseGoal:
    """Write down what the person wants to reach."""
    case = open_case_to_write(actor, case_uid)
    if not text.strip():
        raise CaseNoteMissing(field="text")
    goal = CaseGoal.objects.create(case=case, text=text.strip(), set_at=clock.now())
    write_entry(case, EntryKind.GOAL_SET, actor=actor, note=goal.text)
    return goal


@transaction.atomic
@command("cases:goal:reviewed")
def review_goal(*, actor: Actor, case_uid: str, goal_uid: str, state: GoalState, note: str = "") -> CaseGoal:
    """Look at a goal together: still open, reached, or let go (which needs words)."""
    case = open_case_to_write(actor, case_uid)
    goal = case.goals.select_for_update().filter(uid=goal_uid).first()
    if goal is None:
        raise TaskNotFound
    if state is GoalState.DROPPED and not note.strip():
        raise CaseNoteMissing(field="note")
    goal.state, goal.review_note = state.value, note.strip()
    goal.reviewed_at, goal.reviewed_by = clock.now(), actor.label
    goal.save(update_fields=["state", "review_note", "reviewed_at", "reviewed_by"])
    write_entry(case, EntryKind.GOAL_REVIEWED, actor=actor, note=note.strip(), state=state.value)
    return goal


@transaction.atomic
@command("cases:task:set")
def set_task(*, actor: Actor, case_uid: str, text: str, owner_posting_id: int, due_on: date) -> CaseTask:
    """Give somebody in post something to do, by a day that has not passed. Raises ``TaskUnreadable``."""
    case = open_case_to_write(actor, case_uid)
    owner = network.postings_by_id(posting_ids={owner_posting_id}).get(owner_posting_id)
    today = clock.today()
    if not text.strip() or due_on < today:
        raise TaskUnreadable(field="due_on" if text.strip() else "text")
    if owner is None or owner.starts_on > today or (owner.ends_on is not None and owner.ends_on < today):
        raise TaskUnreadable(field="owner")
    task = CaseTask.objects.create(
        case=case, text=text.strip(), owner=owner, due_on=due_on, set_at=clock.now(), set_by=actor.label
    )
    write_entry(case, EntryKind.TASK_SET, actor=actor, note=task.text, owner=owner.staff.name)
    return task


@transaction.atomic
@command("cases:task:done")
def finish_task(*, actor: Actor, case_uid: str, task_uid: str) -> CaseTask:
    """It is done. Doing it twice is doing it once."""
    case = open_case_to_write(actor, case_uid)
    task = case.tasks.select_for_update().filter(uid=task_uid).first()
    if task is None:
        raise TaskNotFound
    if task.done_at is None:
        task.done_at, task.done_by = clock.now(), actor.label
        task.save(update_fields=["done_at", "done_by"])
        write_entry(case, EntryKind.TASK_DONE, actor=actor, note=task.text)
    return task
