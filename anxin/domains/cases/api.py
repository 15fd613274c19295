"""The door of the cases room."""

from anxin.domains.audit.api import pure
from anxin.domains.cases import policies
from anxin.domains.cases.rules import transitions
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
from anxin.domains.cases.services.opening import attach_if_open, open_case
from anxin.domains.cases.services.treating import add_entry, assess_case, assign, enter_state, record_climb

may_on_case = pure(policies.may_on_case)
enterable_from = pure(transitions.enterable_from)
endings_from = pure(transitions.endings_from)

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
    "may_on_case",
    "next_step_of",
    "open_case",
    "open_case_of",
    "record_climb",
    "timeline_of",
]
