"""The door of the cases room."""

from collections.abc import Sequence
from datetime import datetime

from anxin.domains.audit.api import pure
from anxin.domains.cases import library, policies
from anxin.domains.cases.contracts import CaseState, CaseStep
from anxin.domains.cases.persons import support_of
from anxin.domains.cases.rules import clocks, transitions
from anxin.domains.cases.selectors.cases import (
    access_case,
    case_brief,
    cases_queryset,
    closing_standing,
    entry_is_kept,
    followups_of,
    next_step_of,
    open_case_of,
    timeline_of,
)
from anxin.domains.cases.selectors.course import (
    access_review,
    access_seat,
    conferences_of,
    goals_of,
    has_review,
    seats_of,
    tasks_of,
    waiting_lowering_of,
)
from anxin.domains.cases.selectors.plans import own_plan, plans_of
from anxin.domains.cases.selectors.workload import (
    cases_in_hand,
    covered_postings,
    covers_ahead,
    covers_now,
    loads,
    loads_by_place,
    open_tasks_by_posting,
)
from anxin.domains.cases.services.conferences import call_conference, end_conference, speak_in_conference
from anxin.domains.cases.services.covering import arrange_cover, end_cover
from anxin.domains.cases.services.ending import close_case
from anxin.domains.cases.services.followups import move_followup
from anxin.domains.cases.services.lowering import confirm_lowering, decline_lowering
from anxin.domains.cases.services.moving import follow_moved_node
from anxin.domains.cases.services.opening import attach_if_open, open_case
from anxin.domains.cases.services.plans import agree_plan, write_plan
from anxin.domains.cases.services.reviews import write_review
from anxin.domains.cases.services.tasks import finish_task, review_goal, set_goal, set_task
from anxin.domains.cases.services.treating import (
    add_entry,
    assess_case,
    assign,
    enter_state,
    record_climb,
    redraw,
    succeed,
)
from anxin.domains.risk.contracts import Level

may_on_case = pure(policies.may_on_case)
enterable_from = pure(transitions.enterable_from)
endings_from = pure(transitions.endings_from)


@pure
def step_from(
    *,
    state: CaseState,
    level: Level,
    since: datetime,
    followup_from: datetime | None = None,
    contacts: Sequence[datetime] = (),
) -> CaseStep:
    """By the times in force: what a case in ``state`` owes from ``since`` on."""
    return clocks.next_step(
        library.case_times(),
        state=state,
        level=level,
        since=since,
        followup_from=followup_from,
        contacts=contacts,
    )


__all__ = [
    "access_case",
    "access_review",
    "access_seat",
    "add_entry",
    "agree_plan",
    "arrange_cover",
    "assess_case",
    "assign",
    "attach_if_open",
    "call_conference",
    "case_brief",
    "cases_in_hand",
    "cases_queryset",
    "close_case",
    "closing_standing",
    "conferences_of",
    "confirm_lowering",
    "covered_postings",
    "covers_ahead",
    "covers_now",
    "decline_lowering",
    "end_conference",
    "end_cover",
    "endings_from",
    "enter_state",
    "enterable_from",
    "entry_is_kept",
    "finish_task",
    "follow_moved_node",
    "followups_of",
    "goals_of",
    "has_review",
    "loads",
    "loads_by_place",
    "may_on_case",
    "move_followup",
    "next_step_of",
    "open_case",
    "open_case_of",
    "open_tasks_by_posting",
    "own_plan",
    "plans_of",
    "record_climb",
    "redraw",
    "review_goal",
    "seats_of",
    "set_goal",
    "set_task",
    "speak_in_conference",
    "step_from",
    "succeed",
    "support_of",
    "tasks_of",
    "timeline_of",
    "waiting_lowering_of",
    "write_plan",
    "write_review",
]
