"""The door of the cases room."""

from collections.abc import Sequence
from datetime import datetime

from anxin.domains.audit.api import pure
from anxin.domains.cases import library, policies
from anxin.domains.cases.contracts import CaseState, CaseStep
from anxin.domains.cases.persons import support_of
from anxin.domains.cases.rules import clocks, transitions
from anxin.domains.cases.selectors import (
    access_case,
    case_brief,
    cases_queryset,
    closing_standing,
    next_step_of,
    open_case_of,
    timeline_of,
)
from anxin.domains.cases.services.ending import close_case
from anxin.domains.cases.services.moving import follow_moved_node
from anxin.domains.cases.services.opening import attach_if_open, open_case
from anxin.domains.cases.services.treating import add_entry, assess_case, assign, enter_state, record_climb
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
    "add_entry",
    "assess_case",
    "assign",
    "attach_if_open",
    "case_brief",
    "cases_queryset",
    "close_case",
    "closing_standing",
    "endings_from",
    "enter_state",
    "enterable_from",
    "follow_moved_node",
    "may_on_case",
    "next_step_of",
    "open_case",
    "open_case_of",
    "record_climb",
    "step_from",
    "support_of",
    "timeline_of",
]
