"""The door of the risk room."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from anxin.domains.audit.api import pure
from anxin.domains.risk import library, policies
from anxin.domains.risk.contracts import (
    ContactChannel,
    Decision,
    Ending,
    Facts,
    Level,
    Permission,
    Stage,
    WarningState,
)
from anxin.domains.risk.models import Warning
from anxin.domains.risk.persons import calls_about, sittings_behind_warnings
from anxin.domains.risk.rules import engine, lifecycle, response
from anxin.domains.risk.rules.response import AddWorkingTime
from anxin.domains.risk.selectors import (
    BoardCounts,
    WarningFacts,
    access_warning,
    board_counts,
    board_queryset,
    contact_request_of,
    open_warnings_of_resident,
    twins_of,
    unowned_now,
    warning_brief,
    warning_events,
    warning_facts,
    warnings_queryset,
)
from anxin.domains.risk.services.ending import decline_ending, merge, propose_ending, sign_ending
from anxin.domains.risk.services.handling import acknowledge, assess, join, log_contact, record_climb
from anxin.domains.risk.services.moving import follow_moved_node, redraw_clock
from anxin.domains.risk.services.raising import (
    Alarm,
    find_open,
    fold_in,
    leave_contact_request,
    lock_person,
    note_changed_answer,
    raise_warning,
    reasons_of,
    record_evaluation,
)
from anxin.domains.risk.services.sets import Pass, record_evaluations
from anxin.domains.risk.services.writing import lock_warnings
from anxin.kernel.actor import Actor


@pure
def evaluate(facts: Facts) -> Decision:
    """What the rule set in force says of ``facts``."""
    return engine.evaluate(library.rule_set(), facts)


@pure
def schedule_step(
    *, level: Level, stage: Stage, start: datetime, add_working_time: AddWorkingTime
) -> tuple[datetime, tuple[datetime, ...], timedelta]:
    """By the times in force: when the step is due, when each further rung is called, how often the last is paged."""
    times = library.response_times()
    due_at, climbs = response.schedule(
        times, level=level, stage=stage, start=start, add_working_time=add_working_time
    )
    return due_at, climbs, times.page_every


@pure
def stage_of(state: WarningState) -> Stage:
    """What the clock of a warning in ``state`` waits for."""
    return lifecycle.STAGE_OF[state]


@pure
def endings_from(state: WarningState) -> tuple[Ending, ...]:
    """Which endings can be proposed in ``state``."""
    return lifecycle.endings_from(state)


@pure
def attempts_left(*, level: Level, channels: Sequence[ContactChannel]) -> lifecycle.AttemptsLeft:
    """What is still missing before a person may be called not reachable."""
    return lifecycle.attempts_left(level=level, channels=channels)


@pure
def reopens(state: WarningState, *, rises: bool, is_news: bool) -> bool:
    """Whether an alarm on an open warning asks for somebody to take it over anew."""
    return lifecycle.reopens(state, rises=rises, is_news=is_news)


@pure
def needs_signature(level: Level) -> bool:
    """Whether an ending at this level needs a second person."""
    return lifecycle.needs_signature(level)


@pure
def may_on_warning(actor: Actor, permission: Permission, warning: Warning) -> bool:
    """Whether the actor holds ``permission`` for this warning, as it stands now."""
    return policies.may_on_warning(actor, permission, warning)


__all__ = [
    "Alarm",
    "BoardCounts",
    "Pass",
    "WarningFacts",
    "access_warning",
    "acknowledge",
    "assess",
    "attempts_left",
    "board_counts",
    "board_queryset",
    "calls_about",
    "contact_request_of",
    "decline_ending",
    "endings_from",
    "evaluate",
    "find_open",
    "fold_in",
    "follow_moved_node",
    "join",
    "leave_contact_request",
    "lock_person",
    "lock_warnings",
    "log_contact",
    "may_on_warning",
    "merge",
    "needs_signature",
    "note_changed_answer",
    "open_warnings_of_resident",
    "propose_ending",
    "raise_warning",
    "reasons_of",
    "record_climb",
    "record_evaluation",
    "record_evaluations",
    "redraw_clock",
    "reopens",
    "schedule_step",
    "sign_ending",
    "sittings_behind_warnings",
    "stage_of",
    "twins_of",
    "unowned_now",
    "warning_brief",
    "warning_events",
    "warning_facts",
    "warnings_queryset",
]
